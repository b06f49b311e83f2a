//! Back from a backup. All of it is checked and made ready inside of the data folder before anything there is moved; then
//! it is put into place by renames, the database last. Inside, since a data folder may be a disk of its own, as it is in
//! a container.

use super::{
    CareError, Copied, DATABASE, FORM, MANIFEST, MOVING, Manifest, Progress, READY, at, copy_blob, integrity,
    known_schema, look, named, schema, sync, unsound, write_whole,
};
use labelscope_api::wire::Timestamp;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// How a restore went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the backup said.
    pub manifest: Manifest,
    /// Where the data that was there before lies now, if there was any.
    pub before: Option<PathBuf>,
}

/// Restores a backup into a data folder. Data that is there is moved aside with `force`, and otherwise refused.
pub fn restore(
    from: &Path,
    dir: &Path,
    force: bool,
    now: Timestamp,
    tell: Progress<'_>,
) -> Result<Restored, CareError> {
    let manifest = manifest(from)?;
    fs::create_dir_all(dir).map_err(at(dir))?;
    // The same lock as a server's.
    let lock =
        fs::OpenOptions::new().create(true).truncate(false).write(true).open(dir.join("lock")).map_err(at(dir))?;
    if lock.try_lock().is_err() {
        return Err(unsound(format!("a labelscope uses this data folder ({}); stop it first", dir.display())));
    }
    let interrupted = dir.join(READY).join(MOVING).exists();
    let there = data(dir)?;
    if !(there.is_empty() || force) {
        return Err(unsound(format!(
            "{} holds data already; with --force it is moved aside into a folder in it, and nothing is overwritten",
            dir.display()
        )));
    }
    let ready = dir.join(READY);
    // The mark of an interrupted restore stays until this one begins to move.
    clear(&ready, interrupted)?;
    fs::create_dir_all(&ready).map_err(at(&ready))?;
    let prepared = prepare(from, &ready, &manifest, tell);
    if let Err(error) = prepared {
        let _ = clear(&ready, interrupted);
        return Err(error);
    }
    tell("putting it into place", 0, 1);
    write_whole(&ready.join(MOVING), b"").map_err(at(&ready))?;
    let before = aside(dir, &there, now)?;
    for name in ["secrets", "blobs", DATABASE] {
        let source = ready.join(name);
        if name == "secrets" {
            for entry in fs::read_dir(&source).into_iter().flatten().flatten() {
                fs::rename(entry.path(), dir.join(entry.file_name())).map_err(at(&entry.path()))?;
            }
        } else if source.exists() {
            fs::rename(&source, dir.join(name)).map_err(at(&source))?;
        }
    }
    sync(dir).map_err(at(dir))?;
    fs::remove_dir_all(&ready).map_err(at(&ready))?;
    sync(dir).map_err(at(dir))?;
    Ok(Restored { manifest, before })
}

/// Reads and checks the manifest.
fn manifest(from: &Path) -> Result<Manifest, CareError> {
    let path = from.join(MANIFEST);
    let bytes = fs::read(&path).map_err(|_| {
        unsound(format!(
            "{} is no backup: it has no {MANIFEST}, which is written last. Was it cut short?",
            from.display()
        ))
    })?;
    let manifest: Manifest =
        serde_json::from_slice(&bytes).map_err(|e| unsound(format!("{} cannot be read: {e}", path.display())))?;
    if manifest.form > FORM {
        return Err(unsound(format!(
            "this backup was made by release {}; restore it with that one, or a newer",
            manifest.release
        )));
    }
    known_schema(manifest.schema)?;
    Ok(manifest)
}

/// What is in a data folder besides the lock, what a restore makes ready, and data that was moved aside before.
fn data(dir: &Path) -> Result<Vec<PathBuf>, CareError> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).map_err(at(dir))? {
        let entry = entry.map_err(at(dir))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "lock" && name != READY && name != "lost+found" && !name.starts_with("before-restore-") {
            out.push(entry.path());
        }
    }
    // The database first: without it there is nothing half to be served.
    out.sort_by_key(|path| path.file_name().is_none_or(|name| name != DATABASE));
    Ok(out)
}

/// Removes what a restore had made ready, but for the mark where that is to stay.
fn clear(ready: &Path, keep_mark: bool) -> Result<(), CareError> {
    for entry in fs::read_dir(ready).into_iter().flatten().flatten() {
        let path = entry.path();
        if keep_mark && entry.file_name() == MOVING {
            continue;
        }
        if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }.map_err(at(&path))?;
    }
    if !keep_mark && ready.exists() {
        fs::remove_dir(ready).map_err(at(ready))?;
    }
    Ok(())
}

/// Copies the backup, and checks on the way that it is whole and sound.
fn prepare(from: &Path, ready: &Path, manifest: &Manifest, tell: Progress<'_>) -> Result<(), CareError> {
    tell("checking the database", 0, 1);
    let source = from.join(format!("{}.db", manifest.sha256));
    let target = ready.join(DATABASE);
    let mut file = File::open(&source).map_err(at(&source))?;
    let mut out = File::create(&target).map_err(at(&target))?;
    let (sha256, _) = crate::blobs::hash(&mut file, &mut out).map_err(at(&target))?;
    out.sync_all().map_err(at(&target))?;
    if sha256 != manifest.sha256 {
        return Err(unsound(format!("{} is damaged: its SHA-256 is not the one of the manifest", source.display())));
    }
    let conn = look(&target)?;
    if schema(&conn)? != manifest.schema {
        return Err(unsound("the database is of another version than the manifest says"));
    }
    if let Some(first) = integrity(&conn)?.first() {
        return Err(unsound(format!("{} is damaged: {first}", source.display())));
    }
    let names = named(&conn)?;
    drop(conn);
    let missing: BTreeSet<&String> = manifest.missing.iter().collect();
    for (done, sha256) in names.iter().enumerate() {
        tell("copying files", done as u64, names.len() as u64);
        match copy_blob(from, ready, sha256)? {
            Copied::Done => {}
            Copied::Gone if missing.contains(sha256) => {}
            Copied::Gone => return Err(unsound(format!("the backup is not whole: the file {sha256} is missing"))),
            Copied::Damaged => {
                return Err(unsound(format!("the backup is damaged: the bytes of {sha256} are not those of its name")));
            }
        }
    }
    let secrets = from.join("secrets");
    if manifest.secrets && secrets.is_dir() {
        let folder = ready.join("secrets");
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        for entry in fs::read_dir(&secrets).map_err(at(&secrets))?.flatten() {
            fs::copy(entry.path(), folder.join(entry.file_name())).map_err(at(&entry.path()))?;
        }
    }
    for folder in fs::read_dir(ready.join("blobs")).into_iter().flatten().flatten() {
        sync(&folder.path()).map_err(at(&folder.path()))?;
    }
    sync(ready).map_err(at(ready))
}

/// Moves what is there into a folder of its own.
fn aside(dir: &Path, there: &[PathBuf], now: Timestamp) -> Result<Option<PathBuf>, CareError> {
    if there.is_empty() {
        return Ok(None);
    }
    let folder = dir.join(format!("before-restore-{}", now.0 / 1_000_000));
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    for path in there {
        if let Some(name) = path.file_name() {
            fs::rename(path, folder.join(name)).map_err(at(path))?;
        }
    }
    sync(&folder).map_err(at(&folder))?;
    Ok(Some(folder))
}
