use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{ListKnowledgeGraphs, PostKnowledgeGraphs};

pub(crate) fn list(_tx: &Tx<'_>, _op: ListKnowledgeGraphs) -> Result<<ListKnowledgeGraphs as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(_tx: &Tx<'_>, _op: PostKnowledgeGraphs) -> Result<<PostKnowledgeGraphs as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
