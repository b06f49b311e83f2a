//! Care of a data folder: a copy of it, back from the copy, and whether all is sound.
//!
//! A backup is a folder: `manifest.json`, the database under the name of its SHA-256, and blobs as in the data folder. The
//! manifest is what makes it one, and is put there last, so a backup that was cut short is the one before it, or none.

mod backup;
mod check;
mod restore;

pub use backup::{Options, backup};
pub use check::{Findings, check};
pub use restore::{Restored, restore};

use crate::OpenError;
use labelscope_api::wire::Timestamp;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file that names what a backup holds.
pub const MANIFEST: &str = "manifest.json";
/// The form of backups that this release writes.
const FORM: u32 = 1;
const DATABASE: &str = "labelscope.db";
/// Files of the data folder that let people and programs in.
const SECRETS: &[&str] = &["token", "tokens", "tokens.json", "sessions", "instance", "connections", "connections.json"];
/// Where a restore makes ready what it will put into place, and the mark that it has begun to.
const READY: &str = "restoring";
const MOVING: &str = "moving";

/// What a backup holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the backup.
    pub form: u32,
    /// The release that made it.
    pub release: String,
    /// The version of the database's shape.
    pub schema: i64,
    /// When.
    pub made_at: Timestamp,
    /// SHA-256 of the database, which is the first part of its name.
    pub sha256: String,
    /// How long the database is.
    pub bytes: u64,
    /// Pictures, recordings and archives.
    pub blobs: u64,
    /// How long they are together.
    pub blob_bytes: u64,
    /// Blobs that the database names and that were not there.
    pub missing: Vec<String>,
    /// What is in it.
    pub apps: i64,
    /// Living inputs.
    pub inputs: i64,
    /// Living annotations.
    pub annotations: i64,
    /// Tokens, sessions and connections are in it too.
    pub secrets: bool,
    /// What a backup never holds.
    pub left_out: Vec<String>,
}

/// What is being done, for people who wait: what, how many of how many.
pub type Progress<'a> = &'a mut dyn FnMut(&str, u64, u64);

/// Why a task on a data folder or a backup failed.
#[derive(Debug, thiserror::Error)]
pub enum CareError {
    /// What is there cannot be used, and why.
    #[error("{0}")]
    Unsound(String),
    /// The data folder cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// SQLite failed.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// A file failed.
    #[error("{place}: {error}")]
    File {
        /// Which.
        place: String,
        /// How.
        error: io::Error,
    },
}

fn unsound(text: impl Into<String>) -> CareError {
    CareError::Unsound(text.into())
}

/// An error with the file that it is about.
fn at(path: &Path) -> impl FnOnce(io::Error) -> CareError {
    let place = path.display().to_string();
    move |error| CareError::File { place, error }
}

/// A restore that ended between its first and its last rename must be brought to its end first.
pub(crate) fn refuse_half_restored(dir: &Path) -> Result<(), OpenError> {
    if dir.join(READY).join(MOVING).exists() { Err(OpenError::HalfRestored) } else { Ok(()) }
}

/// Writes a database anew, so that nothing of what was deleted stands in it, whichever release deleted it. No server may run.
pub fn compact(dir: &Path) -> Result<(), CareError> {
    let conn = crate::migrate::connect(&dir.join(DATABASE), true)?;
    // It may be larger than the memory.
    conn.pragma_update(None, "temp_store", "file")?;
    conn.execute_batch("VACUUM")?;
    crate::migrate::wipe(&conn, dir)?;
    Ok(())
}

/// Opens a database to look at it, as it is.
fn look(path: &Path) -> Result<Connection, CareError> {
    // Beside a running server the log is read too, which takes a file that may be written.
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(std::time::Duration::from_secs(30))?;
    conn.pragma_update(None, "temp_store", "memory")?;
    Ok(conn)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Writes a database's present content to a file, in one read transaction; the file is there whole or not at all.
pub(crate) fn vacuum_into(conn: &Connection, to: &Path) -> Result<(), OpenError> {
    let part = to.with_extension("part");
    if part.exists() {
        fs::remove_file(&part)?;
    }
    let made = conn.execute("VACUUM INTO ?1", [part.to_string_lossy()]);
    if let Err(error) = made {
        let _ = fs::remove_file(&part);
        return Err(error.into());
    }
    File::open(&part)?.sync_all()?;
    fs::rename(&part, to)?;
    sync(to.parent().unwrap_or(Path::new(".")))?;
    Ok(())
}

/// Writes a small file whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    sync(path.parent().unwrap_or(Path::new(".")))
}

/// Tables with a column `sha256`: what they name are blobs.
fn naming_tables(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    conn.prepare(
        "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'sha256' WHERE m.type = 'table' AND m.name <> 'doomed_blob'",
    )?
    .query_map([], |r| r.get(0))?
    .collect()
}

/// All blobs that a database names.
fn named(conn: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for table in naming_tables(conn)? {
        let sql = format!("SELECT DISTINCT sha256 FROM \"{table}\" WHERE length(sha256) = 64");
        for sha256 in conn.prepare(&sql)?.query_map([], |r| r.get::<_, String>(0))? {
            all.insert(sha256?);
        }
    }
    Ok(all)
}

fn blob_path(dir: &Path, sha256: &str) -> PathBuf {
    crate::blobs::place(&dir.join("blobs"), sha256)
}

/// How a copy of a blob went.
enum Copied {
    Done,
    /// There is no such file.
    Gone,
    /// The file's bytes are not those of its name.
    Damaged,
}

/// Copies a blob into another folder of blobs, and makes sure on the way that its bytes are those of its name.
fn copy_blob(from: &Path, to: &Path, sha256: &str) -> Result<Copied, CareError> {
    let (source, target) = (blob_path(from, sha256), blob_path(to, sha256));
    let mut file = match File::open(&source) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Copied::Gone),
        Err(error) => return Err(at(&source)(error)),
    };
    let folder = target.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(at(folder))?;
    let part = target.with_extension("part");
    let mut copy = || -> io::Result<(String, u64)> {
        let mut out = File::create(&part)?;
        let hashed = crate::blobs::hash(&mut file, &mut out)?;
        out.sync_all()?;
        Ok(hashed)
    };
    let (found, _) = copy().map_err(|error| {
        let _ = fs::remove_file(&part);
        at(&target)(error)
    })?;
    if found != sha256 {
        let _ = fs::remove_file(&part);
        return Ok(Copied::Damaged);
    }
    fs::rename(&part, &target).map_err(at(&target))?;
    Ok(Copied::Done)
}

/// What SQLite finds wrong with a database, at most ten things.
fn integrity(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut out: Vec<String> =
        conn.prepare("PRAGMA integrity_check(10)")?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    out.retain(|line| line != "ok");
    Ok(out)
}

fn schema(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("PRAGMA user_version", [], |r| r.get(0))
}

/// Refuses a database whose shape this release does not know.
fn known_schema(found: i64) -> Result<(), CareError> {
    let (found, known) = (usize::try_from(found).unwrap_or(usize::MAX), crate::migrate::VERSION);
    if found == 0 {
        return Err(unsound("the database is none of Labelscope's"));
    }
    if found > known { Err(OpenError::Newer { found, known }.into()) } else { Ok(()) }
}
