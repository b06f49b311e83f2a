use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{DeleteConceptRelations, ListConceptRelations, PostConceptRelations};

pub(crate) fn list(
    _tx: &Tx<'_>,
    _op: ListConceptRelations,
) -> Result<<ListConceptRelations as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(
    _tx: &Tx<'_>,
    _op: PostConceptRelations,
) -> Result<<PostConceptRelations as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn delete(
    _tx: &Tx<'_>,
    _op: DeleteConceptRelations,
) -> Result<<DeleteConceptRelations as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
