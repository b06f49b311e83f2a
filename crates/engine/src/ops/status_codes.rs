use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{GetStatusCode, ListStatusCodes};

pub(crate) fn list(_tx: &Tx<'_>, _op: ListStatusCodes) -> Result<<ListStatusCodes as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetStatusCode) -> Result<<GetStatusCode as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
