use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::messages::{MultiInputsExtractionJobResponse, SingleInputsExtractionJobResponse};
use labelscope_api::operations::{CancelInputsExtractionJobs, GetInputsExtractionJob, ListInputsExtractionJobs};

pub(crate) fn list(_tx: &Tx<'_>, _op: ListInputsExtractionJobs) -> Result<MultiInputsExtractionJobResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetInputsExtractionJob) -> Result<SingleInputsExtractionJobResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn cancel(_tx: &Tx<'_>, _op: CancelInputsExtractionJobs) -> Result<MultiInputsExtractionJobResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
