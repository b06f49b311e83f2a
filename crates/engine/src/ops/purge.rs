use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::extensions::PurgeInputs;
use labelscope_api::messages::BaseResponse;

pub(crate) fn post(_tx: &Tx<'_>, _op: PurgeInputs) -> Result<BaseResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
