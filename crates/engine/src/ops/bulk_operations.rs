use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::messages::{MultiBulkOperationsResponse, SingleBulkOperationsResponse};
use labelscope_api::operations::{CancelBulkOperations, GetBulkOperation, ListBulkOperations, PostBulkOperations};

pub(crate) fn post(_tx: &Tx<'_>, _op: PostBulkOperations) -> Result<MultiBulkOperationsResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn list(_tx: &Tx<'_>, _op: ListBulkOperations) -> Result<MultiBulkOperationsResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetBulkOperation) -> Result<SingleBulkOperationsResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn cancel(_tx: &Tx<'_>, _op: CancelBulkOperations) -> Result<MultiBulkOperationsResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
