use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{GetModelType, ListModelTypes};

pub(crate) fn list(_tx: &Tx<'_>, _op: ListModelTypes) -> Result<<ListModelTypes as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetModelType) -> Result<<GetModelType as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
