use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::messages::MultiInputsAddJobResponse;
use labelscope_api::operations::PostInputsDataSources;

pub(crate) fn post(_tx: &Tx<'_>, _op: PostInputsDataSources) -> Result<MultiInputsAddJobResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
