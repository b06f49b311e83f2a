//! Jobs that take inputs out of an archive or a data source.

use super::{add_job, upload};
use crate::fault::{Fault, describe, status};
use crate::jobs;
use crate::tx::{App, Tx};
use labelscope_api::extensions::JobKind;
use labelscope_api::messages::{
    Input, InputIdConflictResolution, InputsExtractionJob, InputsExtractionJobProgress, Status, StatusCode,
};
use labelscope_api::wire::Timestamp;
use rusqlite::Row;

/// Of so many files that became no inputs it is told why.
const TOLD: usize = 20;

#[derive(Debug, Clone)]
pub(crate) struct ExtractionRow {
    pub key: i64,
    pub id: String,
    pub add_job: i64,
    pub upload: Option<i64>,
    /// Without what may be secret.
    pub url: String,
    /// It needs more than the address to be opened, and that is in memory or lost.
    pub secret: bool,
    pub template: Option<String>,
    pub conflict: i32,
    /// The id of the job that does the work.
    pub job: String,
    pub state: StatusCode,
    pub details: String,
    pub progress: InputsExtractionJobProgress,
    pub cursor: String,
    pub member: i64,
    pub pending: i64,
    pub left_out: i64,
    /// Names and why.
    pub reasons: Vec<(String, String)>,
    pub created_at: i64,
    pub modified_at: i64,
}

const COLUMNS: &str = "key, id, add_job, upload, url, secret, template, conflict, job, state, details, progress, cursor, member, pending, left_out, reasons, created_at, modified_at";

fn row(r: &Row<'_>) -> rusqlite::Result<ExtractionRow> {
    Ok(ExtractionRow {
        key: r.get(0)?,
        id: r.get(1)?,
        add_job: r.get(2)?,
        upload: r.get(3)?,
        url: r.get(4)?,
        secret: r.get(5)?,
        template: r.get(6)?,
        conflict: r.get(7)?,
        job: r.get(8)?,
        state: StatusCode(r.get(9)?),
        details: r.get(10)?,
        progress: serde_json::from_str(&r.get::<_, String>(11)?).unwrap_or_default(),
        cursor: r.get(12)?,
        member: r.get(13)?,
        pending: r.get(14)?,
        left_out: r.get(15)?,
        reasons: serde_json::from_str(&r.get::<_, String>(16)?).unwrap_or_default(),
        created_at: r.get(17)?,
        modified_at: r.get(18)?,
    })
}

/// What a new one is made of.
#[derive(Default)]
pub(crate) struct New {
    pub add_job: i64,
    pub upload: Option<i64>,
    pub url: String,
    pub secret: bool,
    pub template: Option<String>,
    pub conflict: i32,
}

/// Adds a job, which begins as soon as a thread is free. Gives its id.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, new: &New) -> Result<String, Fault> {
    let id = tx.new_id();
    let spec = Some(serde_json::to_string(&id)?);
    let template = template(new.template.as_deref());
    // Where all goes to one dataset, it is that dataset's job.
    let dataset_id = match template.as_ref().map(|t| t.dataset_ids.as_slice()) {
        Some([one]) => one.as_str(),
        _ => "",
    };
    let work = jobs::NewJob { kind: JobKind::EXTRACTION, dataset_id, spec, ..jobs::NewJob::default() };
    let job = jobs::add(tx, app, &work)?;
    let mut progress = InputsExtractionJobProgress::default();
    progress.pending_archives_count.0 = u64::from(new.upload.is_some());
    tx.exec(
        "INSERT INTO extraction_job (app, id, add_job, upload, url, secret, template, conflict, job, state, progress, created_at, modified_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
        (
            app.key, &id, new.add_job, new.upload, &new.url, new.secret, &new.template, new.conflict, job,
            StatusCode::JOB_QUEUED.0, serde_json::to_string(&progress)?, tx.now,
        ),
    )?;
    add_job::touch(tx, new.add_job)?;
    Ok(id)
}

pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<ExtractionRow, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM extraction_job WHERE app = ?1 AND id = ?2"), (app.key, id), row)?
        .ok_or_else(|| Fault::not_found("extraction job", id))
}

/// The one that a job works on.
pub(crate) fn of_job(tx: &Tx<'_>, job: &str) -> Result<Option<ExtractionRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM extraction_job WHERE job = ?1"), [job], row)
}

/// Those of an app, newest first.
pub(crate) fn list(tx: &Tx<'_>, app: &App, offset: i64, limit: i64) -> Result<Vec<ExtractionRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM extraction_job WHERE app = ?1 ORDER BY key DESC LIMIT ?2 OFFSET ?3");
    tx.all(&sql, (app.key, limit, offset), row)
}

/// Those of a job that adds inputs, in the order in which they were made.
pub(crate) fn of_add_job(tx: &Tx<'_>, add_job: i64) -> Result<Vec<ExtractionRow>, Fault> {
    tx.all(&format!("SELECT {COLUMNS} FROM extraction_job WHERE add_job = ?1 ORDER BY key"), [add_job], row)
}

/// Those that read the file of an upload.
pub(crate) fn of_upload(tx: &Tx<'_>, upload: i64) -> Result<Vec<ExtractionRow>, Fault> {
    tx.all(&format!("SELECT {COLUMNS} FROM extraction_job WHERE upload = ?1 ORDER BY key"), [upload], row)
}

/// Forgets what opens the data sources of an app.
pub(crate) fn forget_all(tx: &Tx<'_>, app: i64) -> Result<(), Fault> {
    for id in tx.all("SELECT id FROM extraction_job WHERE app = ?1", [app], |r| r.get::<_, String>(0))? {
        tx.shared.secrets.forget(&id);
    }
    for key in tx.all("SELECT key FROM add_job WHERE app = ?1 AND call_back_url <> ''", [app], |r| r.get(0))? {
        tx.shared.secrets.take_call_back(key);
    }
    Ok(())
}

impl ExtractionRow {
    /// Has it come to an end?
    pub fn is_over(&self) -> bool {
        !matches!(self.state, StatusCode::JOB_QUEUED | StatusCode::JOB_RUNNING)
    }

    pub fn save(&self, tx: &Tx<'_>) -> Result<(), Fault> {
        tx.exec(
            "UPDATE extraction_job SET state = ?2, details = ?3, progress = ?4, cursor = ?5, member = ?6, pending = ?7, left_out = ?8, reasons = ?9, modified_at = ?10 WHERE key = ?1",
            (
                self.key, self.state.0, &self.details, serde_json::to_string(&self.progress)?, &self.cursor, self.member,
                self.pending, self.left_out, serde_json::to_string(&self.reasons)?, tx.now,
            ),
        )?;
        Ok(())
    }

    /// Says how many files of it are still to come, here and in the job that adds inputs.
    pub fn set_pending(&mut self, tx: &Tx<'_>, pending: i64) -> Result<(), Fault> {
        let pending = pending.max(0);
        add_job::bump(tx, self.add_job, add_job::Stand::Pending, pending - self.pending)?;
        self.pending = pending;
        Ok(())
    }

    /// Notes that a file became no input.
    pub fn leave_out(&mut self, name: &str, reason: String) {
        self.left_out += 1;
        if self.reasons.len() < TOLD {
            self.reasons.push((name.to_owned(), reason));
        }
    }

    /// So many inputs have come of it.
    pub fn added(&self) -> u64 {
        let p = &self.progress;
        p.image_inputs_count.0 + p.video_inputs_count.0 + p.audio_inputs_count.0 + p.text_inputs_count.0
    }

    /// What became no input, and why; empty where all did.
    pub fn told(&self) -> String {
        let files = match self.left_out {
            0 => return String::new(),
            1 => "1 file was left out".to_owned(),
            n => format!("{n} files were left out"),
        };
        let told: Vec<_> = self.reasons.iter().map(|(name, why)| format!("{name}: {why}")).collect();
        let more = if (self.reasons.len() as i64) < self.left_out { "; and more" } else { "" };
        format!("{files}: {}{more}", told.join("; "))
    }

    /// Ends it, if it has not ended.
    pub fn end(&mut self, tx: &Tx<'_>, state: StatusCode, details: &str) -> Result<(), Fault> {
        if self.is_over() {
            return Ok(());
        }
        self.set_pending(tx, 0)?;
        let p = &mut self.progress;
        let open = p.pending_archives_count.0 + p.in_progress_archives_count.0;
        (p.pending_archives_count.0, p.in_progress_archives_count.0) = (0, 0);
        let by = if state == StatusCode::JOB_COMPLETED {
            &mut p.completed_archives_count
        } else {
            &mut p.failed_archives_count
        };
        by.0 += open;
        self.state = state;
        details.clone_into(&mut self.details);
        self.save(tx)?;
        if let Some(upload) = self.upload {
            upload::doom(tx, upload)?;
        }
        tx.shared.secrets.forget(&self.id);
        add_job::touch(tx, self.add_job)
    }

    pub fn message(&self) -> InputsExtractionJob {
        InputsExtractionJob {
            status: Some(Status { details: self.details.clone(), ..status(self.state, describe(self.state)) }),
            id: self.id.clone(),
            url: self.url.clone(),
            progress: Some(self.progress.clone()),
            created_at: Some(Timestamp(self.created_at)),
            modified_at: Some(Timestamp(self.modified_at)),
            input_id_conflict_resolution: InputIdConflictResolution(self.conflict),
            input_template: self.template().map(Box::new),
        }
    }

    /// What every input of it is to have.
    pub fn template(&self) -> Option<Input> {
        template(self.template.as_deref())
    }
}

fn template(stored: Option<&str>) -> Option<Input> {
    stored.and_then(|t| serde_json::from_str(t).ok())
}
