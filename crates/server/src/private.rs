//! Files that hold secrets: only their owner may read them, and they are whole or not there.

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Writes a file that only its owner may read.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let part = path.with_extension("part");
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(part, path).with_context(|| format!("{} cannot be written", path.display()))
}

/// Reads a list that was written by [`write_list`]; none where there is no file. A file that cannot be read is an error:
/// to go on without it would be to write over it later.
pub(crate) fn read_list<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            // The place alone: the text around it may be a secret.
            .map_err(|e| anyhow::anyhow!("{} is broken at line {}, column {}", path.display(), e.line(), e.column())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Writes a list as JSON.
pub(crate) fn write_list<T: Serialize>(path: &Path, list: &[T]) -> Result<()> {
    write(path, &serde_json::to_string_pretty(list)?)
}
