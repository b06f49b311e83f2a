use super::add_jobs::cancel_extraction;
use crate::fault::Fault;
use crate::store::extraction::{self, ExtractionRow};
use crate::tx::{Tx, page};
use labelscope_api::messages::{MultiInputsExtractionJobResponse, SingleInputsExtractionJobResponse};
use labelscope_api::operations::{CancelInputsExtractionJobs, GetInputsExtractionJob, ListInputsExtractionJobs};

pub(crate) fn list(tx: &Tx<'_>, op: ListInputsExtractionJobs) -> Result<MultiInputsExtractionJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let rows = extraction::list(tx, &app, offset, limit)?;
    let inputs_extraction_jobs = rows.iter().map(ExtractionRow::message).collect();
    Ok(MultiInputsExtractionJobResponse { inputs_extraction_jobs, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetInputsExtractionJob) -> Result<SingleInputsExtractionJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = extraction::need(tx, &app, &op.inputs_extraction_job_id)?;
    Ok(SingleInputsExtractionJobResponse { inputs_extraction_job: Some(row.message()), ..Default::default() })
}

pub(crate) fn cancel(tx: &Tx<'_>, op: CancelInputsExtractionJobs) -> Result<MultiInputsExtractionJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.ids.is_empty() {
        return Err(Fault::invalid("ids is empty: name the extraction jobs to cancel"));
    }
    // One that is not there fails the call, which changes nothing then.
    let rows = op.ids.iter().map(|id| extraction::need(tx, &app, id)).collect::<Result<Vec<_>, _>>()?;
    for row in rows {
        cancel_extraction(tx, &app, row)?;
    }
    let rows = op.ids.iter().map(|id| extraction::need(tx, &app, id)).collect::<Result<Vec<_>, _>>()?;
    let inputs_extraction_jobs = rows.iter().map(ExtractionRow::message).collect();
    Ok(MultiInputsExtractionJobResponse { inputs_extraction_jobs, ..Default::default() })
}
