//! Files below a folder of this machine, where the operator allows it.

use super::address;
use crate::fetch::Arriving;
use labelscope_engine::{Draft, FetchError, Object, Source};
use percent_encoding::percent_decode_str;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// The folders that may be read, and the one below which nothing may: the server's own.
#[derive(Clone)]
pub(super) struct Folders {
    allowed: Vec<PathBuf>,
    data: PathBuf,
}

impl Folders {
    pub fn new(allowed: Vec<PathBuf>, data: PathBuf) -> Self {
        Self { allowed, data }
    }

    /// Opens what stands behind `file://`.
    pub fn open(&self, rest: &str) -> Result<Folder, FetchError> {
        if self.allowed.is_empty() {
            return Err(address(
                "this server reads no files of its machine; `labelscope serve --allow-folder DIR` permits those below a folder",
            ));
        }
        let Some(path) = rest.strip_prefix("localhost").unwrap_or(rest).strip_prefix('/') else {
            return Err(address("the url must be of this machine: file:///path"));
        };
        let path = percent_decode_str(path).decode_utf8().map_err(|_| address("the url is not UTF-8"))?;
        // Windows has its drive first.
        let path = if cfg!(windows) { PathBuf::from(&*path) } else { Path::new("/").join(&*path) };
        if path.components().any(|part| matches!(part, Component::ParentDir)) {
            return Err(address("the path must not hold \"..\""));
        }
        let is_below = path.to_string_lossy().ends_with('/') || path.is_dir();
        let (root, prefix) = match (is_below, path.parent(), path.file_name()) {
            (false, Some(parent), Some(name)) => (parent, name.to_string_lossy().into_owned()),
            _ => (path.as_path(), String::new()),
        };
        // Whether a path that is not allowed exists is nobody's business.
        let root = self.admitted(root).ok_or_else(|| {
            address("the path is not there, or is not below a folder that the server was started with (--allow-folder)")
        })?;
        Ok(Folder { folders: self.clone(), root, prefix })
    }

    /// The true path of something that is there and may be read.
    fn admitted(&self, path: &Path) -> Option<PathBuf> {
        let path = path.canonicalize().ok()?;
        let within = |folder: &PathBuf| folder.canonicalize().is_ok_and(|folder| path.starts_with(folder));
        (self.allowed.iter().any(within) && !within(&self.data)).then_some(path)
    }
}

pub(super) struct Folder {
    folders: Folders,
    root: PathBuf,
    /// What the names begin with.
    prefix: String,
}

impl Folder {
    /// The path within the folder, with slashes. None where it is not UTF-8.
    fn key(&self, path: &Path) -> Option<String> {
        let parts: Option<Vec<&str>> =
            path.strip_prefix(&self.root).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    /// Is there something to list in it, so far as the name tells?
    fn wanted(&self, entry: &DirEntry, after: &str) -> bool {
        if entry.depth() == 0 {
            return true;
        }
        let Some(key) = self.key(entry.path()) else {
            tracing::warn!("a file of a data source is left out, since its name is not UTF-8");
            return false;
        };
        if !entry.file_type().is_dir() {
            return key.starts_with(&self.prefix) && key.as_str() > after;
        }
        let key = key + "/";
        (key.starts_with(&self.prefix) || self.prefix.starts_with(&key))
            && (key.as_str() > after || after.starts_with(&key))
            && self.folders.admitted(entry.path()).is_some()
    }
}

/// By the whole key, in which a folder's name has a slash behind it.
fn order(entry: &DirEntry) -> Vec<u8> {
    let mut name = entry.file_name().to_string_lossy().into_owned().into_bytes();
    if entry.file_type().is_dir() {
        name.push(b'/');
    }
    name
}

impl Source for Folder {
    fn list(&self, after: &str, each: &mut dyn FnMut(Object) -> bool) -> Result<(), FetchError> {
        // Links to folders are not followed: they could lead in a circle.
        let walk = WalkDir::new(&self.root).sort_by_key(order).into_iter();
        for entry in walk.filter_entry(|entry| self.wanted(entry, after)) {
            let entry = entry.map_err(|e| {
                let path = e.path().and_then(|p| self.key(p)).unwrap_or_default();
                let why = e.io_error().map_or_else(|| "a circle of links".to_owned(), ToString::to_string);
                FetchError::Failed(format!("the folder {path:?} cannot be read: {why}"))
            })?;
            let kind = entry.file_type();
            // Where a link leads is looked at when it is read.
            if !(kind.is_file() || kind.is_symlink() && !entry.path().is_dir()) {
                continue;
            }
            let Some(key) = self.key(entry.path()) else { continue };
            if !each(Object { key, bytes: entry.metadata().map_or(0, |m| m.len()) }) {
                break;
            }
        }
        Ok(())
    }

    fn read(&self, key: &str, limit: u64, into: Draft, stop: &(dyn Fn() -> bool + Sync)) -> Result<Draft, FetchError> {
        let sound = Path::new(key).components().all(|part| matches!(part, Component::Normal(_)));
        let path = self.root.join(key);
        let path = if sound { self.folders.admitted(&path) } else { None };
        // A pipe or a device could be read for ever.
        let Some(path) = path.filter(|path| path.is_file()) else {
            return Err(FetchError::Address(format!("{key:?} is no file below the folder that may be read")));
        };
        let failed = |e: std::io::Error| FetchError::Failed(format!("{key:?} cannot be read: {e}"));
        let mut file = File::open(path).map_err(failed)?;
        let mut arriving = Arriving::new(file.metadata().ok().map(|m| m.len()), limit, into)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            if stop() {
                return Err(FetchError::Stopped);
            }
            let n = file.read(&mut buffer).map_err(failed)?;
            if n == 0 {
                return arriving.whole();
            }
            arriving.add(buffer.get(..n).unwrap_or_default())?;
        }
    }
}
