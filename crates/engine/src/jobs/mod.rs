//! What takes time: imports, exports, counting versions. A job is a row; its host calls [`run`] with a thread of its own.
//!
//! A job writes in short steps, each one transaction that also notes how far it has come, and reads between them. It can
//! be killed at any point: at the next start it goes on from its last step, or begins again where nothing shows yet.

pub(crate) mod bulk;
mod call_back;
mod count;
pub(crate) mod duplicate;
pub(crate) mod evaluate;
mod export;
mod extract;
mod fetch;
mod import;
pub(crate) mod mapping;
mod media;
mod row;
mod stage;

pub(crate) use extract::give_up as give_up_extraction;
pub(crate) use fetch::{give_up as give_up_fetch, want as want_fetch};
pub(crate) use row::{JobRow, NewJob, add, announce, by_id, is_of_predictions, message, messages, version_status};

use crate::fault::Fault;
use crate::tx::{App, Tx};
use crate::{Caller, Engine, Event, Reader, Writer};
use labelscope_api::extensions::{JobError, JobKind, JobState};
use labelscope_api::messages::StatusCode;
use parking_lot::FairMutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Jobs of different lanes run beside each other, those of one lane one after the other: a long import keeps nobody
/// waiting, nor does a slow server from which files are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Imports.
    Import,
    /// Fetching files.
    Fetch,
    /// Taking inputs out of archives and data sources.
    Extract,
    /// Changing many inputs, copying apps.
    Bulk,
    /// All others.
    Other,
}

impl Lane {
    /// All lanes. A host gives each a thread.
    pub const ALL: [Self; 5] = [Self::Import, Self::Fetch, Self::Extract, Self::Bulk, Self::Other];

    /// The lane of a kind of job.
    fn of(kind: JobKind) -> Self {
        match kind {
            JobKind::IMPORT => Self::Import,
            JobKind::FETCH => Self::Fetch,
            JobKind::EXTRACTION => Self::Extract,
            JobKind::BULK_OPERATION | JobKind::DUPLICATION => Self::Bulk,
            _ => Self::Other,
        }
    }
}

/// What a job says while it rests for want of room.
const RESTS: &str = "It rests until there is more room on the disk: free some space, and it goes on by itself.";

/// How a run of a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is over: done, failed or cancelled.
    Finished,
    /// The host wants to stop; the job goes on at the next start.
    Stopped,
}

/// Why a job's work ended early.
pub(crate) enum Halt {
    /// The host stops.
    Stop,
    /// The user has cancelled it.
    Cancelled,
    /// It cannot be done.
    Failed(JobError),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        let advice = match &fault {
            full if full.is_full() => "Free some space on the disk, then try again.",
            Fault::Database(_) | Fault::Io(_) => {
                "Look whether the disk is full or the data folder cannot be written, then try again."
            }
            _ => "",
        };
        Self::Failed(JobError {
            code: fault.code().0,
            message: fault.status("").details,
            place: String::new(),
            advice: advice.to_owned(),
        })
    }
}

impl From<std::io::Error> for Halt {
    fn from(error: std::io::Error) -> Self {
        Fault::from(error).into()
    }
}

impl From<rusqlite::Error> for Halt {
    fn from(error: rusqlite::Error) -> Self {
        Fault::from(error).into()
    }
}

impl From<serde_json::Error> for Halt {
    fn from(error: serde_json::Error) -> Self {
        Fault::from(error).into()
    }
}

/// A job at work.
pub(crate) struct Work<'a> {
    pub engine: &'a Engine,
    pub reader: &'a mut Reader,
    pub writer: &'a FairMutex<Writer>,
    pub stop: &'a AtomicBool,
    pub job: JobRow,
    pub app: App,
    /// On whose behalf it works.
    pub caller: Caller,
    noted: i64,
}

impl Work<'_> {
    /// Has someone asked to stop or cancel?
    pub fn check(&self) -> Result<(), Halt> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Halt::Stop);
        }
        if self.engine.shared.is_cancelled(&self.job.id) {
            return Err(Halt::Cancelled);
        }
        if self.engine.shared.no_room().is_some() {
            return Err(Halt::Stop);
        }
        Ok(())
    }

    /// One step: a transaction on the writer, in which the job's row is kept too.
    pub fn step<T>(&mut self, f: impl FnOnce(&Tx<'_>, &App, &mut JobRow) -> Result<T, Halt>) -> Result<T, Halt> {
        self.check()?;
        self.commit(f)
    }

    /// A step that is not stopped any more: the last one, which notes how the job ended.
    fn commit<T>(&mut self, f: impl FnOnce(&Tx<'_>, &App, &mut JobRow) -> Result<T, Halt>) -> Result<T, Halt> {
        let what = format!("job:{}", self.job.id);
        let (app, job, caller) = (&self.app, &mut self.job, &self.caller);
        // A fair lock: calls that wait for the writer come before the next step.
        let mut writer = self.writer.lock();
        let done = writer.job_step(caller, &what, |tx| {
            // Its app was deleted, and the job with it.
            if row::by_id(tx, &job.id)?.is_none() {
                return Err(Halt::Cancelled);
            }
            let out = f(tx, app, job)?;
            job.save(tx)?;
            row::announce(tx, job)?;
            Ok(out)
        });
        drop(writer);
        done
    }

    /// Notes progress, at most a few times a second.
    pub fn progress(&mut self, phase: u32, done: u64, total: u64) -> Result<(), Halt> {
        let now = self.engine.shared.host.clock.now();
        let moved = self.job.phase != phase;
        (self.job.phase, self.job.done, self.job.total) = (phase, done as i64, total as i64);
        if moved || now - self.noted > 250_000 {
            self.noted = now;
            return self.step(|_, _, _| Ok(()));
        }
        self.check()
    }
}

impl Writer {
    /// Runs a step of a job in a transaction.
    fn job_step<T>(
        &mut self,
        caller: &Caller,
        what: &str,
        f: impl FnOnce(&Tx<'_>) -> Result<T, Halt>,
    ) -> Result<T, Halt> {
        let inner = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let tx = Tx::new(&inner, &self.engine.shared, caller, "", what);
        let out = f(&tx)?;
        let (written, events) = (tx.written(), tx.events.take());
        drop(tx);
        inner.commit()?;
        self.tidy();
        self.events.extend(written.map(|(revision, app)| Event::Revision { app, revision }));
        self.events.extend(events);
        Ok(out)
    }

    /// The next job of any lane.
    pub fn next_job(&mut self) -> Result<Option<String>, Fault> {
        for lane in Lane::ALL {
            if let Some(id) = self.next_job_in(lane)? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The next job of a lane that waits for a thread, if there is one: the oldest, those of an earlier process included.
    pub fn next_job_in(&mut self, lane: Lane) -> Result<Option<String>, Fault> {
        // Few jobs are queued or run at a time.
        let mut statement =
            self.conn.prepare_cached("SELECT id, kind FROM job WHERE state IN (?1, ?2) ORDER BY state DESC, key")?;
        let mut rows = statement.query((JobState::QUEUED.0, JobState::RUNNING.0))?;
        // Without room on the disk jobs rest, but for what is cancelled: that clears away.
        let rest = self.engine.shared.no_room().is_some();
        self.engine.shared.rested.fetch_or(rest, Ordering::Relaxed);
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            if Lane::of(JobKind(row.get(1)?)) == lane && (!rest || self.engine.shared.is_cancelled(&id)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

/// Runs a job to its end, or until `stop` is set. The writer is locked for one short step at a time.
pub fn run(
    engine: &Engine,
    reader: &mut Reader,
    writer: &FairMutex<Writer>,
    id: &str,
    stop: &AtomicBool,
) -> Result<Outcome, Fault> {
    let found = {
        let mut w = writer.lock();
        let caller = Caller { user_id: String::new() };
        let found = w.job_step(&caller, "job", |tx| {
            let Some(mut job) = row::by_id(tx, id)? else { return Ok(None) };
            let app = row::app_of(tx, &job)?;
            if job.state == JobState::QUEUED {
                job.state = JobState::RUNNING;
                job.started_at = Some(tx.now);
                job.save(tx)?;
                row::announce(tx, &job)?;
            }
            if job.notes == RESTS {
                job.notes.clear();
            }
            Ok(app.filter(|_| job.state == JobState::RUNNING).map(|app| (job, app)))
        });
        match found {
            Ok(found) => found,
            Err(Halt::Failed(error)) => return Err(Fault::invalid(error.message)),
            Err(_) => None,
        }
    };
    let Some((job, app)) = found else { return Ok(Outcome::Finished) };
    let kind = job.kind;
    let caller = Caller { user_id: app.user_id.clone() };
    let mut work = Work { engine, reader, writer, stop, job, app, caller, noted: 0 };
    let outcome = match kind {
        JobKind::IMPORT => import::run(&mut work),
        JobKind::EXPORT => export::run(&mut work),
        JobKind::EVALUATION => evaluate::run(&mut work),
        JobKind::FETCH => fetch::run(&mut work),
        JobKind::MAPPING => mapping::run(&mut work),
        JobKind::EXTRACTION => extract::run(&mut work),
        JobKind::BULK_OPERATION => bulk::run(&mut work),
        JobKind::DUPLICATION => duplicate::run(&mut work),
        _ => count::run(&mut work),
    };
    let (state, error) = match outcome {
        Ok(()) => (JobState::DONE, None),
        Err(Halt::Stop) => {
            if engine.shared.no_room().is_some() {
                // Whoever looks at the job should know why it does not move. If there is no room for that either, so be it.
                let _ = work.commit(|_, _, job| {
                    RESTS.clone_into(&mut job.notes);
                    Ok(())
                });
                engine.shared.rested.store(true, Ordering::Relaxed);
            }
            return Ok(Outcome::Stopped);
        }
        Err(Halt::Cancelled) => (JobState::CANCELLED, None),
        Err(Halt::Failed(error)) => (JobState::FAILED, Some(error)),
    };
    // What was cancelled must not stop its own clearing away.
    if let Ok(mut cancels) = engine.shared.cancels.lock() {
        cancels.remove(id);
    }
    if matches!(kind, JobKind::FETCH | JobKind::EXTRACTION) {
        call_back::run(&mut work, state, error.as_ref())?;
    }
    let ended = work.commit(|tx, app, job| {
        if state != JobState::DONE {
            match kind {
                JobKind::IMPORT => import::undo(tx, app, job)?,
                JobKind::EXPORT => export::fail(tx, job, error.as_ref())?,
                JobKind::EVALUATION => evaluate::fail(tx, job, error.as_ref())?,
                JobKind::FETCH => fetch::give_up(tx, app, job, error.as_ref())?,
                JobKind::EXTRACTION => extract::give_up(tx, app, job, error.as_ref())?,
                JobKind::BULK_OPERATION => bulk::give_up(tx, app, job, error.as_ref())?,
                JobKind::DUPLICATION => duplicate::give_up(tx, app, job, error.as_ref())?,
                _ => {}
            }
        }
        job.state = state;
        job.error.clone_from(&error);
        job.finished_at = Some(tx.now);
        Ok(())
    });
    if kind == JobKind::IMPORT && matches!(ended, Ok(()) | Err(Halt::Cancelled)) {
        import::clear(engine, id);
    }
    match ended {
        Err(Halt::Failed(error)) => Err(Fault::refused(StatusCode(error.code), error.message)),
        Err(Halt::Stop) => Ok(Outcome::Stopped),
        Ok(()) | Err(Halt::Cancelled) => Ok(Outcome::Finished),
    }
}
