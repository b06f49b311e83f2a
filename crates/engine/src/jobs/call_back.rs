//! Telling a client that a job that adds inputs is over: once, with the job as `GetInputsAddJob` shows it.

use super::{Halt, Work, extract, fetch};
use crate::fault::{Fault, status};
use crate::secrets::hide_url;
use crate::store::add_job;
use labelscope_api::extensions::{JobError, JobKind, JobState};
use labelscope_api::messages::{SingleInputsAddJobResponse, StatusCode};

/// Makes the calls that are due now that a job's work has ended, before it is noted that it has: so they are made after a
/// restart too. What it has not done is given up first.
pub(super) fn run(work: &mut Work<'_>, state: JobState, error: Option<&JobError>) -> Result<(), Fault> {
    let Some(fetch) = work.engine.shared.host.fetch.clone() else { return Ok(()) };
    let kind = work.job.kind;
    let due = work.commit(|tx, app, job| {
        if state != JobState::DONE && kind == JobKind::FETCH {
            fetch::give_up(tx, app, job, error)?;
        } else if state != JobState::DONE {
            extract::give_up(tx, app, job, error)?;
        }
        let mut due = Vec::new();
        for row in add_job::to_call(tx, app)? {
            // It is noted before the call: one that is killed in between makes no second one.
            tx.exec("UPDATE add_job SET called = 1 WHERE key = ?1", [row.key])?;
            let full = tx.shared.secrets.take_call_back(row.key);
            let url = full.or_else(|| (!row.call_back_secret).then(|| row.call_back_url.clone()));
            let key = row.key;
            let reply = SingleInputsAddJobResponse {
                status: Some(status(StatusCode::SUCCESS, "Ok")),
                inputs_add_job: Some(row.message(tx)?),
            };
            due.push((key, url, serde_json::to_vec(&reply)?));
        }
        Ok(due)
    });
    let due = match due {
        Ok(due) => due,
        Err(Halt::Failed(error)) => return Err(Fault::refused(StatusCode(error.code), error.message)),
        // Its app is gone.
        Err(_) => return Ok(()),
    };
    for (key, url, body) in due {
        let failed = match &url {
            Some(url) => fetch.notify(url, &body).err().map(|e| hide_url(&e.to_string(), url)),
            None => {
                Some("the server was started again, and what the address held beside its path is not stored".into())
            }
        };
        let Some(failed) = failed else { continue };
        let noted = work.commit(|tx, _, _| {
            let details = format!("call_back_url could not be told: {failed}");
            tx.exec("UPDATE add_job SET call_back_details = ?2 WHERE key = ?1", (key, details))?;
            Ok(())
        });
        if let Err(Halt::Failed(error)) = noted {
            return Err(Fault::refused(StatusCode(error.code), error.message));
        }
    }
    Ok(())
}
