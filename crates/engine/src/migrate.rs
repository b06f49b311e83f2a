//! The database's shape, by `PRAGMA user_version`.

use crate::Disk;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use std::path::Path;
use std::time::Duration;

/// One step a version. Steps that have been released are never changed.
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    // Labels are shown in the order in which they were put.
    "ALTER TABLE label ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;",
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
];

/// The version that this release writes.
pub(crate) const VERSION: usize = STEPS.len();

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It was written by a later release.
    #[error(
        "the database has version {found}, but this release knows versions up to {known}: use the release that wrote it, or a newer one"
    )]
    Newer {
        /// The version in the file.
        found: usize,
        /// The newest that is known.
        known: usize,
    },
    /// There is no room for the copy that is made before the database is brought up to this release.
    #[error(
        "the data folder must be brought up to this release, and a copy of the database is made first: that needs {} MB, and {} MB are free on the disk. Free some space and start again",
        needed >> 20, free >> 20
    )]
    NoRoom {
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// A restore ended before its time.
    #[error(
        "a restore into this data folder was interrupted: run `labelscope restore FROM --data DIR --force` again; what was there before lies in the folders before-restore-… in it"
    )]
    HalfRestored,
    /// SQLite failed.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] rusqlite::Error),
    /// A file failed.
    #[error("the data folder cannot be used: {0}")]
    Io(#[from] std::io::Error),
}

/// So long one connection waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens a connection with the settings that every one of ours has.
pub(crate) fn connect(path: &Path, write: bool) -> Result<Connection, OpenError> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(256);
    if write {
        conn.pragma_update(None, "journal_mode", "wal")?;
        conn.pragma_update(None, "synchronous", "full")?;
        conn.pragma_update(None, "wal_autocheckpoint", 4000)?;
        // What is deleted leaves no bytes in the file. Rows are closed rather than deleted, so this costs next to nothing.
        conn.pragma_update(None, "secure_delete", true)?;
    } else {
        conn.pragma_update(None, "query_only", true)?;
    }
    conn.pragma_update(None, "cache_size", -32_000)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("fold", 1, flags, |context| {
        Ok(crate::fold::fold(context.get_raw(0).as_str().unwrap_or_default()))
    })?;
    crate::search::register(&conn)?;
    Ok(conn)
}

/// Brings the database to the present shape; before anything of an older one is changed, a copy is put beside it.
pub(crate) fn migrate(path: &Path, conn: &mut Connection, disk: Option<&dyn Disk>) -> Result<(), OpenError> {
    let found =
        usize::try_from(conn.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0))?).unwrap_or(usize::MAX);
    if found > STEPS.len() {
        return Err(OpenError::Newer { found, known: STEPS.len() });
    }
    if found > 0 && found < STEPS.len() {
        copy(path, conn, disk)?;
    }
    for (version, step) in STEPS.iter().enumerate().skip(found) {
        let tx = conn.transaction()?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", (version + 1) as i64)?;
        tx.commit()?;
    }
    Ok(())
}

/// Puts a copy of the database beside it, whole or not at all. One of an earlier try is replaced: nothing has been migrated.
fn copy(path: &Path, conn: &Connection, disk: Option<&dyn Disk>) -> Result<(), OpenError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    // Room for the copy, and as much again for what the steps themselves write.
    let needed = 2 * std::fs::metadata(path)?.len();
    if let Some(free) = disk.and_then(|disk| disk.free(folder)).filter(|free| *free < needed) {
        return Err(OpenError::NoRoom { needed, free });
    }
    let copy = path.with_extension(format!("{BEFORE}{}.db", STEPS.len()));
    crate::care::vacuum_into(conn, &copy)?;
    Ok(())
}

/// How the copies are named.
const BEFORE: &str = "before-";

/// Takes what was deleted out of the log and out of the copies of the database that migrations have left. False where a
/// reader still needs the log.
pub(crate) fn wipe(conn: &Connection, dir: &Path) -> Result<bool, OpenError> {
    for entry in std::fs::read_dir(dir)?.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(&format!("labelscope.{BEFORE}")) {
            std::fs::remove_file(entry.path())?;
        }
    }
    // Readers are short; whoever reads for long, as a backup does, must not hold up all that write.
    conn.busy_timeout(Duration::from_millis(200))?;
    let busy = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get::<_, i64>(0));
    conn.busy_timeout(PATIENCE)?;
    Ok(busy? == 0)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_database_is_copied_and_brought_up() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        let mut conn = connect(&path, true).unwrap();
        conn.execute_batch(STEPS[0]).unwrap();
        conn.execute_batch("PRAGMA user_version = 1; INSERT INTO label VALUES (1, 2, 0.5);").unwrap();
        conn.execute_batch("INSERT INTO dataset VALUES (1, 1, 1, 'old', 'Photographs', '', '{\"k\":\"Straße\"}', NULL, 0, 0, 1, NULL), (2, 1, 2, 'dead', '', '', NULL, NULL, 0, 0, 1, 2);").unwrap();
        migrate(&path, &mut conn, None).unwrap();
        let ordinal: i64 = conn.query_row("SELECT ordinal FROM label", [], |r| r.get(0)).unwrap();
        let copy = connect(&dir.path().join(format!("x.before-{}.db", STEPS.len())), false).unwrap();
        let version: i64 = copy.query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap();
        assert_eq!((ordinal, version), (0, 1));
        let found = |table: &str, word: &str| {
            let sql = format!("SELECT group_concat(rowid) FROM {table} WHERE {table} MATCH ?1");
            conn.query_row(&sql, [word], |r| r.get::<_, Option<String>>(0)).unwrap().unwrap_or_default()
        };
        assert_eq!(
            (found("dataset_words", "photographed"), found("dataset_beginnings", "str*")),
            ("1".into(), "1".into())
        );
        assert_eq!(found("dataset_beginnings", "dead"), "");
    }

    #[test]
    fn a_later_release_is_refused_and_nothing_touched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        let mut conn = connect(&path, true).unwrap();
        migrate(&path, &mut conn, None).unwrap();
        migrate(&path, &mut conn, None).unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
        assert!(migrate(&path, &mut conn, None).unwrap_err().to_string().contains("version 99"));
    }
}
