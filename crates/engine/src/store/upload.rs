//! Files that come in parts: their rows, and their bytes below DIR/uploads until they are whole.

use super::{add_job, media};
use crate::Shared;
use crate::fault::{Fault, describe, status};
use crate::tx::{App, Tx};
use labelscope_api::extensions::MEDIA_PATH;
use labelscope_api::messages::{Status, StatusCode, Upload};
use labelscope_api::wire::{Timestamp, UInt64};
use rusqlite::{Connection, Row};
use std::fs;
use std::io;
use std::path::Path;

/// Microseconds for which the next part is waited for.
pub(crate) const PATIENCE: i64 = 7 * 24 * 3600 * 1_000_000;

#[derive(Debug, Clone)]
pub(crate) struct UploadRow {
    pub key: i64,
    pub id: String,
    pub name: String,
    pub length: i64,
    pub state: StatusCode,
    pub details: String,
    pub sha256: String,
    /// Of an archive whose files become inputs: the job that they belong to.
    pub add_job: Option<i64>,
    pub template: Option<String>,
    pub conflict: i32,
    pub created_at: i64,
    pub modified_at: i64,
    pub expires_at: i64,
    /// So many of its bytes are here.
    pub arrived: i64,
}

const COLUMNS: &str = "u.key, u.id, u.name, u.length, u.state, u.details, u.sha256, u.add_job, u.template, u.conflict, u.created_at, u.modified_at, u.expires_at, (SELECT coalesce(sum(p.length), 0) FROM upload_part p WHERE p.upload = u.key)";

fn row(r: &Row<'_>) -> rusqlite::Result<UploadRow> {
    Ok(UploadRow {
        key: r.get(0)?,
        id: r.get(1)?,
        name: r.get(2)?,
        length: r.get(3)?,
        state: StatusCode(r.get(4)?),
        details: r.get(5)?,
        sha256: r.get(6)?,
        add_job: r.get(7)?,
        template: r.get(8)?,
        conflict: r.get(9)?,
        created_at: r.get(10)?,
        modified_at: r.get(11)?,
        expires_at: r.get(12)?,
        arrived: r.get(13)?,
    })
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<UploadRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM upload u WHERE u.app = ?1 AND u.id = ?2"), (app.key, id), row)
}

pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<UploadRow, Fault> {
    find(tx, app, id)?.ok_or_else(|| Fault::not_found("upload", id))
}

/// Uploads of an app, newest first.
pub(crate) fn list(tx: &Tx<'_>, app: &App, offset: i64, limit: i64) -> Result<Vec<UploadRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM upload u WHERE u.app = ?1 ORDER BY u.key DESC LIMIT ?2 OFFSET ?3");
    tx.all(&sql, (app.key, limit, offset), row)
}

/// The uploads of a job that adds inputs, in the order in which they were announced.
pub(crate) fn of_add_job(tx: &Tx<'_>, add_job: i64) -> Result<Vec<UploadRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM upload u WHERE u.add_job = ?1 ORDER BY u.key");
    tx.all(&sql, [add_job], row)
}

/// Adds a row.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, row: &UploadRow) -> Result<(), Fault> {
    tx.exec(
        "INSERT INTO upload (app, id, name, length, state, add_job, template, conflict, created_at, modified_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)",
        (
            app.key, &row.id, &row.name, row.length, StatusCode::UPLOAD_IN_PROGRESS.0, row.add_job, &row.template,
            row.conflict, tx.now, tx.now + PATIENCE,
        ),
    )?;
    Ok(())
}

impl UploadRow {
    /// How it stands now: what has waited for too long has expired, even where nobody has noted it.
    pub fn state_at(&self, now: i64) -> StatusCode {
        let expired = self.state == StatusCode::UPLOAD_IN_PROGRESS && self.expires_at <= now;
        if expired { StatusCode::UPLOAD_EXPIRED } else { self.state }
    }

    pub fn message(&self, tx: &Tx<'_>) -> Result<Upload, Fault> {
        let state = self.state_at(tx.now);
        let waits = state == StatusCode::UPLOAD_IN_PROGRESS;
        let percent = match state {
            StatusCode::UPLOAD_DONE => 100,
            StatusCode::UPLOAD_IN_PROGRESS => self.arrived.saturating_mul(100) / self.length.max(1),
            _ => 0,
        };
        // A picture, video or recording can be fetched, and be taken as an input by its address.
        let shown = !self.sha256.is_empty() && media::find(tx, &self.sha256)?.is_some();
        Ok(Upload {
            id: self.id.clone(),
            created_at: Some(Timestamp(self.created_at)),
            modified_at: Some(Timestamp(self.modified_at)),
            expires_at: waits.then_some(Timestamp(self.expires_at)),
            status: Some(Status {
                details: self.details.clone(),
                percent_completed: percent as u32,
                ..status(state, describe(state))
            }),
            content_name: self.name.clone(),
            content_length: UInt64(self.length.unsigned_abs()),
            content_url: if shown {
                format!("{}{MEDIA_PATH}/orig/{}", tx.base_url, self.sha256)
            } else {
                String::new()
            },
        })
    }
}

/// Notes how an upload stands.
pub(crate) fn set_state(tx: &Tx<'_>, key: i64, state: StatusCode) -> Result<(), Fault> {
    tx.exec("UPDATE upload SET state = ?2, modified_at = ?3 WHERE key = ?1", (key, state.0, tx.now))?;
    if state != StatusCode::UPLOAD_DONE {
        tx.exec("DELETE FROM upload_part WHERE upload = ?1", [key])?;
        doom(tx, key)?;
    }
    Ok(())
}

/// The file is removed once the call is committed.
pub(crate) fn doom(tx: &Tx<'_>, key: i64) -> Result<(), Fault> {
    tx.exec("INSERT OR IGNORE INTO doomed_upload (key) VALUES (?1)", [key])?;
    Ok(())
}

/// Removes an upload.
pub(crate) fn delete(tx: &Tx<'_>, row: &UploadRow) -> Result<(), Fault> {
    tx.exec("DELETE FROM upload WHERE key = ?1", [row.key])?;
    tx.exec("DELETE FROM upload_part WHERE upload = ?1", [row.key])?;
    if !row.sha256.is_empty() {
        tx.doom(&row.sha256)?;
    }
    if let Some(job) = row.add_job {
        add_job::touch(tx, job)?;
    }
    doom(tx, row.key)
}

/// Gives up what has waited for too long.
pub(crate) fn expire(tx: &Tx<'_>) -> Result<(), Fault> {
    let sql = "SELECT key FROM upload WHERE state = 68000 AND expires_at <= ?1";
    for key in tx.all(sql, [tx.now], |r| r.get::<_, i64>(0))? {
        set_state(tx, key, StatusCode::UPLOAD_EXPIRED)?;
    }
    Ok(())
}

/// Removes the files that committed calls have given up. One whose removal fails is tried again after the next call.
pub(crate) fn sweep(conn: &mut Connection, shared: &Shared) -> rusqlite::Result<()> {
    let doomed: Vec<i64> =
        conn.prepare_cached("SELECT key FROM doomed_upload")?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    for key in doomed {
        let removed = fs::remove_file(shared.upload_file(key));
        if removed.is_ok() || removed.is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
            conn.execute("DELETE FROM doomed_upload WHERE key = ?1", [key])?;
        }
    }
    Ok(())
}

/// At the start: gives up what has waited for too long, and removes every file that no row waits for.
pub(crate) fn clear(conn: &mut Connection, folder: &Path, now: i64) -> Result<(), crate::OpenError> {
    fs::create_dir_all(folder)?;
    let tx = conn.transaction()?;
    tx.execute(
        "DELETE FROM upload_part WHERE upload IN (SELECT key FROM upload WHERE state = 68000 AND expires_at <= ?1)",
        [now],
    )?;
    tx.execute(
        "UPDATE upload SET state = ?2, modified_at = ?1 WHERE state = 68000 AND expires_at <= ?1",
        (now, StatusCode::UPLOAD_EXPIRED.0),
    )?;
    tx.execute("DELETE FROM doomed_upload", [])?;
    tx.commit()?;
    let sql = "SELECT EXISTS (SELECT 1 FROM upload WHERE key = ?1 AND state = 68000)
        OR EXISTS (SELECT 1 FROM extraction_job WHERE upload = ?1 AND state IN (64000, 64001))";
    let mut named = conn.prepare(sql)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let key = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.parse::<i64>().ok());
        let wanted = match key {
            Some(key) => named.query_row([key], |r| r.get(0))?,
            None => false,
        };
        if !wanted && path.is_file() {
            let _ = fs::remove_file(path);
        }
    }
    Ok(())
}
