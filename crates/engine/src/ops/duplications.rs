use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::messages::{MultiAppDuplicationsResponse, SingleAppDuplicationResponse};
use labelscope_api::operations::{GetAppDuplication, ListAppDuplications, PostAppDuplications};

pub(crate) fn post(_tx: &Tx<'_>, _op: PostAppDuplications) -> Result<MultiAppDuplicationsResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn list(_tx: &Tx<'_>, _op: ListAppDuplications) -> Result<MultiAppDuplicationsResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetAppDuplication) -> Result<SingleAppDuplicationResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
