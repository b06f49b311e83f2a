use crate::fault::Fault;
use crate::jobs::{self, JobRow};
use crate::tx::{App, Tx, page};
use labelscope_api::extensions::{CancelJob, GetJob, JobKind, JobReply, JobState, ListJobs, MultiJobReply};
use labelscope_api::messages::StatusCode;

pub(crate) fn reply(tx: &Tx<'_>, app: &App, id: &str) -> Result<JobReply, Fault> {
    let job = jobs::by_id(tx, id)?.filter(|j| j.app == app.key).ok_or_else(|| Fault::not_found("job", id))?;
    Ok(JobReply { job: Some(jobs::message(tx, app, &job)?), ..Default::default() })
}

pub(crate) fn list(tx: &Tx<'_>, op: ListJobs) -> Result<MultiJobReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    Ok(MultiJobReply { jobs: jobs::messages(tx, &app, &op.dataset_id, offset, limit)?, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetJob) -> Result<JobReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    reply(tx, &app, &op.job_id)
}

pub(crate) fn cancel(tx: &Tx<'_>, op: CancelJob) -> Result<JobReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let Some(mut job) = jobs::by_id(tx, &op.job_id)?.filter(|j| j.app == app.key) else {
        return Err(Fault::not_found("job", &op.job_id));
    };
    if matches!((job.kind, job.state), (JobKind::VERSION, JobState::RUNNING | JobState::QUEUED)) {
        return Err(Fault::invalid("counting a version cannot be cancelled; delete the version instead"));
    }
    stop(tx, &app, &mut job)?;
    reply(tx, &app, &job.id)
}

/// Cancels a job. One that is over stays as it ended.
pub(super) fn stop(tx: &Tx<'_>, app: &App, job: &mut JobRow) -> Result<(), Fault> {
    // What it has not taken out yet is given up at once, whether it runs or waits.
    if job.kind == JobKind::EXTRACTION {
        jobs::give_up_extraction(tx, app, job, None)?;
    }
    match job.state {
        JobState::WAITING | JobState::QUEUED => {
            job.state = JobState::CANCELLED;
            job.finished_at = Some(tx.now);
            job.save(tx)?;
            if job.kind == JobKind::EXPORT {
                tx.exec(
                    "UPDATE export SET state = ?2, details = 'it was cancelled' WHERE key = ?1",
                    (job.export, StatusCode::DATASET_VERSION_EXPORT_FAILED.0),
                )?;
            }
            if job.kind == JobKind::EVALUATION {
                jobs::evaluate::fail(tx, job, None)?;
            }
            if job.kind == JobKind::FETCH {
                jobs::give_up_fetch(tx, app, job, None)?;
            }
            if job.kind == JobKind::BULK_OPERATION {
                jobs::bulk::give_up(tx, app, job, None)?;
            }
            if job.kind == JobKind::DUPLICATION {
                jobs::duplicate::give_up(tx, app, job, None)?;
            }
            let _ = std::fs::remove_dir_all(tx.shared.import_folder(&job.id));
            jobs::announce(tx, job)?;
        }
        JobState::RUNNING => {
            // The job sees it at its next step, takes back what it has written, and ends.
            if let Ok(mut cancels) = tx.shared.cancels.lock() {
                cancels.insert(job.id.clone());
            }
        }
        _ => {}
    }
    Ok(())
}
