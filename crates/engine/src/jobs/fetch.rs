//! Fetching the files of inputs that were sent as addresses. What the job has to do stands in the inputs themselves: those
//! of its app whose file is still to come. So a job that was killed goes on where it was.

use super::row::{JobRow, NewJob, add};
use super::{Halt, Work};
use crate::Draft;
use crate::fault::Fault;
use crate::host::{FetchError, Order};
use crate::store::input::{self, COLUMNS, InputRow, settle};
use crate::store::media;
use crate::tx::{App, Tx};
use labelscope_api::extensions::{JobError, JobKind, JobState};
use labelscope_api::messages::StatusCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Files under way at the same time, at most.
const BATCH: i64 = 16;

/// Sees to it that a job will fetch what waits in this app.
pub(crate) fn want(tx: &Tx<'_>, app: &App) -> Result<(), Fault> {
    // One that runs may just have looked for the last time; one that has not begun will see all.
    let sql = "SELECT count(*) FROM job WHERE app = ?1 AND kind = ?2 AND state = ?3";
    if tx.count(sql, (app.key, JobKind::FETCH.0, JobState::QUEUED.0))? == 0 {
        add(tx, app, &NewJob { kind: JobKind::FETCH, ..NewJob::default() })?;
    }
    Ok(())
}

const WAITS: &str = "i.app = ?1 AND i.died IS NULL AND i.status <> 30000 AND i.status IN (30001, 30003)";

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    let Some(fetch) = work.engine.shared.host.fetch.clone() else {
        // The server was started again without fetching: addresses are kept as they are.
        return work.step(|tx, app, _| {
            for row in waiting(tx, app, -1)? {
                settle(tx, row.key, StatusCode::INPUT_SUCCESS, "")?;
            }
            Ok(())
        });
    };
    loop {
        let batch = work.step(|tx, app, job| {
            job.phase = 1;
            job.total = job.done + tx.count(&format!("SELECT count(*) FROM input i WHERE {WAITS}"), [app.key])?;
            let rows = waiting(tx, app, BATCH)?;
            for row in &rows {
                settle(tx, row.key, StatusCode::INPUT_IN_PROGRESS, "")?;
            }
            Ok(rows)
        })?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut orders = Vec::with_capacity(batch.len());
        for row in &batch {
            let into = work.engine.blobs().begin()?;
            orders.push(Order { url: row.url.clone(), limit: media::limit(row.kind), into });
        }
        let (stop, engine, id) = (work.stop, work.engine, work.job.id.clone());
        let (trouble, before) = (AtomicBool::new(false), work.job.done);
        let ends =
            || stop.load(Ordering::Relaxed) || engine.shared.is_cancelled(&id) || trouble.load(Ordering::Relaxed);
        let mut outcome = Ok(());
        fetch.fetch(orders, &ends, &mut |index, result| {
            let Some(row) = batch.get(index).filter(|_| outcome.is_ok()) else { return };
            outcome = arrived(work, row, result);
            trouble.store(outcome.is_err(), Ordering::Relaxed);
        });
        outcome?;
        work.check()?;
        if work.job.done == before {
            return Err(Fault::invalid("not one of the files came to an end").into());
        }
    }
}

fn waiting(tx: &Tx<'_>, app: &App, limit: i64) -> Result<Vec<InputRow>, Fault> {
    // What has been tried longest ago comes last: one that is under way was left by an earlier process.
    let sql = format!("SELECT {COLUMNS} FROM input i WHERE {WAITS} ORDER BY i.status, i.key LIMIT ?2");
    tx.all(&sql, (app.key, limit), input::row)
}

/// Takes in one file, or notes why there is none.
fn arrived(work: &mut Work<'_>, row: &InputRow, result: Result<Draft, FetchError>) -> Result<(), Halt> {
    let draft = match result {
        Ok(draft) => draft,
        Err(FetchError::Stopped) => return Ok(()),
        Err(FetchError::Io(error)) => return Err(error.into()),
        Err(error) => {
            return work.step(|tx, _, job| {
                job.done += 1;
                Ok(settle(tx, row.key, media::fetch_status(&error), &error.to_string())?)
            });
        }
    };
    let stored = draft.keep()?;
    let bytes = stored.bytes;
    if row.kind == input::TEXT {
        let path = work.engine.blobs().path(&stored.sha256);
        let text = path.map(std::fs::read).transpose()?.and_then(|b| String::from_utf8(b).ok());
        // A text is kept as a text.
        work.engine.forget_blob_if_unknown(&stored.sha256);
        return work.step(|tx, _, job| {
            job.done += 1;
            match text.filter(|t| !t.contains('\0')) {
                Some(text) => {
                    tx.exec(
                        "UPDATE input SET raw = ?2 WHERE key = ?1 AND url = ?3 AND status = ?4",
                        (row.key, text, &row.url, StatusCode::INPUT_IN_PROGRESS.0),
                    )?;
                    Ok(settle(tx, row.key, StatusCode::INPUT_SUCCESS, "")?)
                }
                None => Ok(settle(
                    tx,
                    row.key,
                    StatusCode::INPUT_UNSUPPORTED_FORMAT,
                    "data.text: the file is no UTF-8 text",
                )?),
            }
        });
    }
    let found = media::inspect(work.engine.blobs(), &stored.sha256).and_then(|m| media::check(m, row.kind));
    let done = work.step(|tx, _, job| {
        job.done += 1;
        match found {
            Err(fault @ (Fault::Io(_) | Fault::Database(_))) => Err(fault.into()),
            Err(fault) => Ok(settle(tx, row.key, fault.code(), &fault.to_string())?),
            Ok(_) => {
                if let Some(media) = media::describe(tx, &stored.sha256, bytes)? {
                    complete(tx, row, media)?;
                }
                Ok(())
            }
        }
    });
    work.engine.forget_blob_if_unknown(&stored.sha256);
    done
}

/// Puts the file into its row: the same revision gets what it was promised, and so have versions that hold it.
fn complete(tx: &Tx<'_>, row: &InputRow, media: media::Media) -> Result<(), Fault> {
    let mut full = row.clone();
    full.hold(tx.blobs(), media)?;
    tx.exec(
        "UPDATE input SET sha256 = ?3, width = ?4, height = ?5, info = ?6 WHERE key = ?1 AND url = ?2 AND status IN (30001, 30003)",
        (row.key, &row.url, &full.sha256, full.width, full.height, &full.info),
    )?;
    settle(tx, row.key, StatusCode::INPUT_SUCCESS, "")
}

/// What was cancelled, or failed here, must not wait for ever.
pub(crate) fn give_up(tx: &Tx<'_>, app: &App, job: &JobRow, error: Option<&JobError>) -> Result<(), Fault> {
    let sql = "SELECT count(*) FROM job WHERE app = ?1 AND kind = ?2 AND state = ?3 AND key <> ?4";
    if tx.count(sql, (app.key, JobKind::FETCH.0, JobState::QUEUED.0, job.key))? > 0 {
        return Ok(());
    }
    let details = error.map_or("fetching was cancelled", |e| e.message.as_str());
    for row in waiting(tx, app, -1)? {
        settle(tx, row.key, StatusCode::INPUT_FAILED, details)?;
    }
    Ok(())
}
