use super::jobs::stop;
use crate::fault::Fault;
use crate::jobs;
use crate::store::{add_job, extraction, input, upload};
use crate::tx::{App, Tx, page};
use labelscope_api::messages::{MultiInputsAddJobResponse, SingleInputsAddJobResponse, StatusCode};
use labelscope_api::operations::{CancelInputsAddJob, GetInputsAddJob, ListInputsAddJobs};

pub(crate) fn list(tx: &Tx<'_>, op: ListInputsAddJobs) -> Result<MultiInputsAddJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let rows = add_job::list(tx, &app, offset, limit)?;
    let inputs_add_jobs = rows.into_iter().map(|row| row.message(tx)).collect::<Result<_, _>>()?;
    Ok(MultiInputsAddJobResponse { inputs_add_jobs, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetInputsAddJob) -> Result<SingleInputsAddJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let job = add_job::need(tx, &app, &op.id)?.message(tx)?;
    Ok(SingleInputsAddJobResponse { inputs_add_job: Some(job), ..Default::default() })
}

pub(crate) fn cancel(tx: &Tx<'_>, op: CancelInputsAddJob) -> Result<SingleInputsAddJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    upload::expire(tx)?;
    let row = add_job::need(tx, &app, &op.id)?;
    let key = row.key;
    let before = row.message(tx)?.status.map(|s| s.code);
    // One that is over stays as it ended.
    if matches!(before, Some(StatusCode::JOB_QUEUED | StatusCode::JOB_RUNNING)) {
        for row in extraction::of_add_job(tx, key)? {
            cancel_extraction(tx, &app, row)?;
        }
        for row in upload::of_add_job(tx, key)?.iter().filter(|u| u.state == StatusCode::UPLOAD_IN_PROGRESS) {
            upload::set_state(tx, row.key, StatusCode::UPLOAD_CANCELED)?;
        }
        for waiting in add_job::waiting(tx, key)? {
            input::settle(tx, waiting, StatusCode::INPUT_FAILED, "its add job was cancelled before the file came")?;
        }
        add_job::cancel(tx, key)?;
    }
    Ok(SingleInputsAddJobResponse { inputs_add_job: add_job::message(tx, key)?, ..Default::default() })
}

/// Cancels an extraction job and the work on it. One that is over stays as it ended.
pub(super) fn cancel_extraction(tx: &Tx<'_>, app: &App, row: extraction::ExtractionRow) -> Result<(), Fault> {
    if row.is_over() {
        return Ok(());
    }
    match jobs::by_id(tx, &row.job)? {
        Some(mut job) => stop(tx, app, &mut job),
        None => Ok(()),
    }
}
