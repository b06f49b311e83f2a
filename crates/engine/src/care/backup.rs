//! A copy of a data folder at one moment, made beside a running server.

use super::{
    CareError, Copied, DATABASE, FORM, MANIFEST, Manifest, Progress, SECRETS, at, blob_path, copy_blob, known_schema,
    look, named, schema, unsound, vacuum_into, write_whole,
};
use labelscope_api::wire::Timestamp;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What a backup is to hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Tokens, sessions and connections too.
    pub secrets: bool,
    /// The present time.
    pub now: Timestamp,
}

/// So often a backup begins anew, because files went while it was made.
const TRIES: usize = 5;

/// Backs a data folder up into another folder. A backup that is there is replaced by the new one: blobs that are there
/// already are not copied again, those that nothing names any more are removed, and until the manifest changes at the end,
/// the earlier backup stands.
///
/// The database comes first, then the blobs it names. A blob goes only after the commit that no longer names it; so one that
/// has gone meanwhile is not in a copy of the database that is made now, and that is what is made then. What a fresh copy
/// still names and is not there was missing before: the backup is made without it, and says so.
pub fn backup(dir: &Path, to: &Path, options: Options, tell: Progress<'_>) -> Result<Manifest, CareError> {
    let source = dir.join(DATABASE);
    if !source.is_file() {
        return Err(unsound(format!("there is no {DATABASE} in {}; name the data folder with --data", dir.display())));
    }
    let earlier = to.join(MANIFEST).is_file();
    if !earlier
        && fs::read_dir(to)
            .is_ok_and(|mut entries| entries.any(|e| e.is_ok_and(|e| !is_ours(&e.file_name().to_string_lossy()))))
    {
        return Err(unsound(format!(
            "{} holds other files: name an empty folder, or that of an earlier backup",
            to.display()
        )));
    }
    let is_new = !to.exists();
    fs::create_dir_all(to).map_err(at(to))?;
    let within = to.canonicalize().map_err(at(to))?.starts_with(dir.canonicalize().map_err(at(dir))?);
    if within {
        if is_new {
            fs::remove_dir(to).map_err(at(to))?;
        }
        return Err(unsound(
            "a backup inside of the data folder is none: name a folder elsewhere, best on another disk",
        ));
    }
    let lock = fs::OpenOptions::new().create(true).truncate(false).write(true).open(to.join("lock")).map_err(at(to))?;
    if lock.try_lock().is_err() {
        return Err(unsound(format!("another backup into {} is being made", to.display())));
    }
    let fresh = to.join("new.db");
    let (mut gone, mut tries) = (BTreeSet::new(), 0);
    let names = loop {
        tell("copying the database", 0, 1);
        take(&source, &fresh, options)?;
        let copy = look(&fresh)?;
        let names = named(&copy)?;
        drop(copy);
        let missing = blobs(dir, to, &names, tell)?;
        tries += 1;
        if missing == gone || tries == TRIES {
            gone = missing;
            break names;
        }
        gone = missing;
    };
    let manifest = seal(to, &fresh, &names, &gone, options)?;
    write_whole(&to.join(MANIFEST), &serde_json::to_vec_pretty(&manifest).unwrap_or_default()).map_err(at(to))?;
    // From here on the new backup stands.
    secrets(dir, to, options)?;
    clear(to, &manifest, &names);
    Ok(manifest)
}

/// Is this the name of something that a backup consists of?
fn is_ours(name: &str) -> bool {
    matches!(name, "lock" | "blobs" | "secrets" | "new.db" | "new.part" | "manifest.part") || is_database(name)
}

/// Is this the name of a copy of a database?
fn is_database(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "db")
}

/// Copies the database as it is at one moment, without what a backup leaves out.
fn take(source: &Path, fresh: &Path, options: Options) -> Result<(), CareError> {
    let conn = look(source)?;
    known_schema(schema(&conn)?)?;
    vacuum_into(&conn, fresh)?;
    drop(conn);
    let copy = look(fresh)?;
    copy.pragma_update(None, "journal_mode", "delete")?;
    copy.pragma_update(None, "secure_delete", true)?;
    let has = |table: &str| -> rusqlite::Result<bool> {
        copy.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)", [table], |r| {
            r.get(0)
        })
    };
    // What has not arrived whole lies in files that change while they are copied; it must be sent again.
    if has("upload")? {
        copy.execute_batch("DELETE FROM upload_part; DELETE FROM upload WHERE length(sha256) <> 64;")?;
    }
    let left_out: &[&str] = if options.secrets { &[] } else { &["token", "session", "connection"] };
    for table in ["import_file", "doomed_blob", "doomed_upload"].iter().chain(left_out) {
        if has(table)? {
            copy.execute_batch(&format!("DELETE FROM {table}"))?;
        }
    }
    drop(copy);
    fs::File::open(fresh).and_then(|f| f.sync_all()).map_err(at(fresh))
}

/// Copies the blobs that are not there yet. Gives those that could not be found.
fn blobs(dir: &Path, to: &Path, names: &BTreeSet<String>, tell: Progress<'_>) -> Result<BTreeSet<String>, CareError> {
    let mut gone = BTreeSet::new();
    for (done, sha256) in names.iter().enumerate() {
        tell("copying files", done as u64, names.len() as u64);
        // It got its name when it was whole, and never changes.
        if blob_path(to, sha256).is_file() {
            continue;
        }
        match copy_blob(dir, to, sha256)? {
            Copied::Done => {}
            Copied::Gone => drop(gone.insert(sha256.clone())),
            Copied::Damaged => {
                let path = blob_path(dir, sha256);
                return Err(unsound(format!(
                    "{} is damaged: its bytes are not those that its name says. Put the file of that name from an earlier backup in its place (labelscope check --deep names all such files)",
                    path.display()
                )));
            }
        }
    }
    Ok(gone)
}

/// Gives the copy of the database its name, and says what there is.
fn seal(
    to: &Path,
    fresh: &Path,
    names: &BTreeSet<String>,
    missing: &BTreeSet<String>,
    options: Options,
) -> Result<Manifest, CareError> {
    let (sha256, bytes) = crate::hash_file(fresh).map_err(at(fresh))?;
    let conn = look(fresh)?;
    let mut manifest = Manifest {
        form: FORM,
        release: env!("CARGO_PKG_VERSION").to_owned(),
        schema: schema(&conn)?,
        made_at: options.now,
        bytes,
        missing: missing.iter().cloned().collect(),
        apps: count(&conn, "app")?,
        inputs: count(&conn, "input WHERE died IS NULL")?,
        annotations: count(&conn, "annotation WHERE died IS NULL")?,
        secrets: options.secrets,
        left_out: vec!["files of imports and uploads that are not whole".to_owned()],
        ..Manifest::default()
    };
    if !options.secrets {
        manifest.left_out.push("tokens, sessions and connections".to_owned());
    }
    drop(conn);
    for sha256 in names.difference(missing) {
        let path = blob_path(to, sha256);
        manifest.blobs += 1;
        manifest.blob_bytes += fs::metadata(&path).map_err(at(&path))?.len();
    }
    let named = to.join(format!("{sha256}.db"));
    fs::rename(fresh, &named).map_err(at(&named))?;
    // The names of blobs and database must be on disk before the manifest speaks of them.
    for folder in fs::read_dir(to.join("blobs")).into_iter().flatten().flatten() {
        super::sync(&folder.path()).map_err(at(&folder.path()))?;
    }
    super::sync(to).map_err(at(to))?;
    manifest.sha256 = sha256;
    Ok(manifest)
}

fn count(conn: &Connection, what: &str) -> rusqlite::Result<i64> {
    conn.query_row(&format!("SELECT count(*) FROM {what}"), [], |r| r.get(0))
}

fn secrets(dir: &Path, to: &Path, options: Options) -> Result<(), CareError> {
    let folder = to.join("secrets");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(at(&folder))?;
    }
    if !options.secrets {
        return Ok(());
    }
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    for name in SECRETS {
        let from = dir.join(name);
        if from.is_file() {
            // With the rights of the original: only its owner may read it.
            fs::copy(&from, folder.join(name)).map_err(at(&from))?;
        }
    }
    super::sync(&folder).map_err(at(&folder))
}

/// Removes what the backup before this one had. What cannot be removed does no harm.
fn clear(to: &Path, manifest: &Manifest, names: &BTreeSet<String>) {
    for entry in fs::read_dir(to).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_database(&name) && !name.starts_with(&manifest.sha256) {
            let _ = fs::remove_file(entry.path());
        }
    }
    for folder in fs::read_dir(to.join("blobs")).into_iter().flatten().flatten() {
        for file in fs::read_dir(folder.path()).into_iter().flatten().flatten() {
            if !names.contains(file.file_name().to_string_lossy().as_ref()) {
                let _ = fs::remove_file(file.path());
            }
        }
    }
}
