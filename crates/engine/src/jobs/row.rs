//! Jobs as rows and as messages.

use crate::Event;
use crate::fault::{Fault, status};
use crate::ops::exports;
use crate::tx::{App, LANGUAGE, Tx};
use labelscope_api::extensions::{Import, ImportFile, ImportResult, Job, JobError, JobKind, JobState};
use labelscope_api::messages::{Status, StatusCode};
use labelscope_api::wire::{Int64, Timestamp};
use rusqlite::Row;

#[derive(Debug, Clone)]
pub(crate) struct JobRow {
    pub key: i64,
    pub id: String,
    pub app: i64,
    pub kind: JobKind,
    pub state: JobState,
    pub phase: u32,
    pub done: i64,
    pub total: i64,
    pub cursor: i64,
    pub dataset_id: String,
    pub version_id: String,
    pub export: Option<i64>,
    /// What it is to do, as JSON of the job's own kind.
    pub spec: String,
    pub import: Option<Import>,
    pub result: ImportResult,
    /// What the user should know of the outcome, in a sentence or two.
    pub notes: String,
    pub error: Option<JobError>,
    pub base_url: String,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
}

const COLUMNS: &str = "key, id, app, kind, state, phase, done, total, cursor, dataset_id, version_id, export, spec, result, error, base_url, created_at, started_at, finished_at, notes";

fn row(r: &Row<'_>) -> rusqlite::Result<JobRow> {
    let kind = JobKind(r.get(3)?);
    Ok(JobRow {
        key: r.get(0)?,
        id: r.get(1)?,
        app: r.get(2)?,
        kind,
        state: JobState(r.get(4)?),
        phase: r.get(5)?,
        done: r.get(6)?,
        total: r.get(7)?,
        cursor: r.get(8)?,
        dataset_id: r.get(9)?,
        version_id: r.get(10)?,
        export: r.get(11)?,
        import: serde_json::from_str(&r.get::<_, String>(12)?).ok().filter(|_| kind == JobKind::IMPORT),
        spec: r.get(12)?,
        result: serde_json::from_str(&r.get::<_, String>(13)?).unwrap_or_default(),
        error: r.get::<_, Option<String>>(14)?.and_then(|t| serde_json::from_str(&t).ok()),
        base_url: r.get(15)?,
        created_at: r.get(16)?,
        started_at: r.get(17)?,
        finished_at: r.get(18)?,
        notes: r.get(19)?,
    })
}

/// Is this an import of predictions? A dataset whose predictions follow it is one of `coco`.
pub(crate) fn is_of_predictions(import: &Import) -> bool {
    !import.model_version_id.is_empty() && import.format != "coco"
}

/// What a new job is made of.
#[derive(Default)]
pub(crate) struct NewJob<'a> {
    pub kind: JobKind,
    pub waiting: bool,
    pub dataset_id: &'a str,
    pub version_id: &'a str,
    /// For exports and counting: the version's key.
    pub cursor: i64,
    pub export: Option<i64>,
    pub import: Option<&'a Import>,
    /// For other kinds than imports: what is to be done, as JSON.
    pub spec: Option<String>,
}

/// Adds a job and gives its id.
pub(crate) fn add(tx: &Tx<'_>, app: &App, new: &NewJob<'_>) -> Result<String, Fault> {
    let id = tx.new_id();
    let spec = match &new.spec {
        Some(spec) => spec.clone(),
        None => serde_json::to_string(&new.import)?,
    };
    let state = if new.waiting { JobState::WAITING } else { JobState::QUEUED };
    tx.exec(
        "INSERT INTO job (id, app, kind, state, phase, done, total, cursor, dataset_id, version_id, export, spec, result, base_url, created_at)
         VALUES (?1, ?2, ?3, ?4, 0, 0, 0, ?5, ?6, ?7, ?8, ?9, '{}', ?10, ?11)",
        (&id, app.key, new.kind.0, state.0, new.cursor, new.dataset_id, new.version_id, new.export, spec, tx.base_url, tx.now),
    )?;
    tx.wake.set(true);
    if let Some(job) = by_id(tx, &id)? {
        announce(tx, &job)?;
    }
    Ok(id)
}

pub(crate) fn by_id(tx: &Tx<'_>, id: &str) -> Result<Option<JobRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM job WHERE id = ?1"), [id], row)
}

pub(crate) fn app_of(tx: &Tx<'_>, job: &JobRow) -> Result<Option<App>, Fault> {
    tx.one(&format!("SELECT key, user_id, id, {LANGUAGE} FROM app WHERE key = ?1"), [job.app], |r| {
        Ok(App { key: r.get(0)?, user_id: r.get(1)?, id: r.get(2)?, language: r.get(3)? })
    })
}

impl JobRow {
    pub fn save(&self, tx: &Tx<'_>) -> Result<(), Fault> {
        let spec = if self.import.is_some() { serde_json::to_string(&self.import)? } else { self.spec.clone() };
        tx.exec(
            "UPDATE job SET state = ?2, phase = ?3, done = ?4, total = ?5, cursor = ?6, spec = ?7, result = ?8, error = ?9, started_at = ?10, finished_at = ?11, dataset_id = ?12, notes = ?13 WHERE key = ?1",
            (
                self.key, self.state.0, self.phase, self.done, self.total, self.cursor, spec,
                serde_json::to_string(&self.result)?, self.error.as_ref().map(serde_json::to_string).transpose()?, self.started_at, self.finished_at,
                &self.dataset_id, &self.notes,
            ),
        )?;
        Ok(())
    }

    /// The job's phases in words, with what they count.
    fn phases(&self) -> &'static [(&'static str, &'static str)] {
        match self.kind {
            JobKind::IMPORT if self.import.as_ref().is_some_and(is_of_predictions) => &[
                ("reading the file", "bytes"),
                ("finding inputs and concepts", "inputs"),
                ("writing predictions", "predictions"),
            ],
            JobKind::IMPORT => {
                &[("reading the file", "annotations"), ("taking in pictures", "files"), ("writing inputs", "images")]
            }
            JobKind::EXPORT => &[
                ("looking through the version", "inputs"),
                ("writing inputs", "inputs"),
                ("writing annotations", "inputs"),
                ("closing the archive", "inputs"),
            ],
            JobKind::EVALUATION => {
                &[("reading labels and predictions", "inputs"), ("matching and counting", ""), ("writing figures", "")]
            }
            JobKind::FETCH => &[("fetching files", "files")],
            JobKind::MAPPING => &[("finding counterparts", "concepts")],
            JobKind::EXTRACTION => &[("looking through the files", "files"), ("taking out inputs", "files")],
            JobKind::BULK_OPERATION => &[("changing inputs", "inputs")],
            JobKind::DUPLICATION => &[
                ("copying concepts", "concepts"),
                ("copying relations", "relations"),
                ("copying datasets", "datasets"),
                ("copying inputs", "inputs"),
                ("copying models", "models"),
            ],
            _ => &[("counting", "inputs")],
        }
    }
}

/// Jobs of an app, newest first.
pub(crate) fn messages(tx: &Tx<'_>, app: &App, dataset_id: &str, offset: i64, limit: i64) -> Result<Vec<Job>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE app = ?1 AND (?2 = '' OR dataset_id = ?2) ORDER BY key DESC LIMIT ?3 OFFSET ?4"
    );
    let rows = tx.all(&sql, (app.key, dataset_id, limit, offset), row)?;
    rows.iter().map(|job| message(tx, app, job)).collect()
}

/// An import that is done has its result; one that failed for want of inputs and concepts tells which.
fn tells_result(job: &JobRow) -> bool {
    let unknown = job.result.unknown_inputs_count.0 + job.result.unknown_concepts_count.0;
    job.state == JobState::DONE || (job.state == JobState::FAILED && unknown > 0)
}

/// The message of a job.
pub(crate) fn message(tx: &Tx<'_>, app: &App, job: &JobRow) -> Result<Job, Fault> {
    let phases = job.phases();
    let (phase, unit) = phases.get((job.phase.max(1) - 1) as usize).copied().unwrap_or_default();
    let over = matches!(job.state, JobState::DONE | JobState::FAILED | JobState::CANCELLED);
    let mut import = job.import.clone();
    if let Some(import) = &mut import {
        import.files = tx.all(
            "SELECT name, bytes, received_at FROM import_file WHERE job = ?1 ORDER BY name LIMIT 1000",
            [&job.id],
            |r| Ok(ImportFile { name: r.get(0)?, bytes: Int64(r.get(1)?), received_at: Some(Timestamp(r.get(2)?)) }),
        )?;
    }
    let mut sha256 = String::new();
    let mut export = None;
    if let Some(key) = job.export {
        let base_url = if tx.base_url.is_empty() { &job.base_url } else { tx.base_url };
        let found = tx.one(
            "SELECT format, id, file_name, state, details, percent, size, embeddings, sha256 FROM export WHERE key = ?1",
            [key],
            |r| Ok((exports::row(r)?, r.get::<_, String>(8)?)),
        )?;
        if let Some((row, sha)) = found {
            export = Some(row.message(base_url));
            sha256 = sha;
        }
    }
    Ok(Job {
        id: job.id.clone(),
        kind: job.kind,
        state: job.state,
        user_id: app.user_id.clone(),
        app_id: app.id.clone(),
        phase: if over || job.state == JobState::WAITING { String::new() } else { phase.to_owned() },
        phase_number: if over { 0 } else { job.phase },
        phase_count: phases.len() as u32,
        unit: unit.to_owned(),
        created_at: Some(Timestamp(job.created_at)),
        started_at: job.started_at.map(Timestamp),
        finished_at: job.finished_at.map(Timestamp),
        dataset_id: job.dataset_id.clone(),
        dataset_version_id: job.version_id.clone(),
        error: job.error.clone(),
        import,
        result: (job.kind == JobKind::IMPORT && tells_result(job)).then(|| job.result.clone()),
        export,
        sha256,
        notes: job.notes.clone(),
        cancellable: !over && job.kind != JobKind::VERSION,
        done: Int64(job.done),
        total: Int64(job.total),
    })
}

/// Tells the host that a job has moved.
pub(crate) fn announce(tx: &Tx<'_>, job: &JobRow) -> Result<(), Fault> {
    if let Some(app) = app_of(tx, job)? {
        let message = message(tx, &app, job)?;
        tx.events.borrow_mut().push(Event::Job(Box::new(message)));
    }
    Ok(())
}

/// The state of a version that has not been counted yet, from its job.
pub(crate) fn version_status(tx: &Tx<'_>, version: i64) -> Result<Status, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE kind = ?1 AND cursor = ?2 AND export IS NULL ORDER BY key DESC LIMIT 1"
    );
    let job = tx.one(&sql, (JobKind::VERSION.0, version), row)?;
    Ok(match job {
        Some(job) if job.state == JobState::FAILED => {
            let details = job.error.map(|e| e.message).unwrap_or_default();
            Status { details, ..status(StatusCode::DATASET_VERSION_FAILURE, "Dataset version failed") }
        }
        Some(job) if job.state == JobState::RUNNING => {
            let percent = if job.total > 0 { (job.done * 100 / job.total) as u32 } else { 0 };
            Status {
                percent_completed: percent,
                ..status(StatusCode::DATASET_VERSION_IN_PROGRESS, "Dataset version in progress")
            }
        }
        _ => status(StatusCode::DATASET_VERSION_PENDING, "Dataset version pending"),
    })
}
