use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::messages::{MultiInputsAddJobResponse, SingleInputsAddJobResponse};
use labelscope_api::operations::{CancelInputsAddJob, GetInputsAddJob, ListInputsAddJobs};

pub(crate) fn list(_tx: &Tx<'_>, _op: ListInputsAddJobs) -> Result<MultiInputsAddJobResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetInputsAddJob) -> Result<SingleInputsAddJobResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn cancel(_tx: &Tx<'_>, _op: CancelInputsAddJob) -> Result<SingleInputsAddJobResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
