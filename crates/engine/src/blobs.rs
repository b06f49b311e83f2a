//! Media and archives as files named by their SHA-256.

use crate::host::hex;
use crate::{Disk, Engine};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A blob that has been stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// In hexadecimal.
    pub sha256: String,
    /// How long it is.
    pub bytes: u64,
}

/// Blobs below a folder: `ab/abcdef…`. A blob is there whole or not at all.
#[derive(Clone)]
pub struct Blobs {
    root: PathBuf,
    disk: Option<Arc<dyn Disk>>,
}

impl Blobs {
    /// Uses a folder, which is made where it is missing. What an earlier process left half-written is removed.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        Self::open_on(root, None)
    }

    /// The same, on a disk that is asked before each write.
    pub(crate) fn open_on(root: impl Into<PathBuf>, disk: Option<Arc<dyn Disk>>) -> io::Result<Self> {
        let root = root.into();
        let part = root.join("part");
        if part.is_dir() {
            fs::remove_dir_all(&part)?;
        }
        fs::create_dir_all(&part)?;
        Ok(Self { root, disk })
    }

    /// Where a blob lies, if it is there. Names that are no SHA-256 are not.
    #[must_use]
    pub fn path(&self, sha256: &str) -> Option<PathBuf> {
        let sound = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        Some(place(&self.root, sha256)).filter(|path| sound && path.is_file())
    }

    /// Begins a blob that is written piece by piece.
    pub fn begin(&self) -> io::Result<Draft> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let path =
            self.root.join("part").join(format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        let file = BlobFile { file: File::create_new(&path)?, disk: self.disk.clone() };
        Ok(Draft { root: self.root.clone(), path, file: Some(BufWriter::with_capacity(1 << 16, file)) })
    }

    /// Stores all that a reader yields.
    pub fn put(&self, reader: &mut dyn Read) -> io::Result<Stored> {
        let mut draft = self.begin()?;
        io::copy(reader, draft.writer()?)?;
        draft.keep()
    }
}

/// The file of a blob in the making.
pub struct BlobFile {
    file: File,
    disk: Option<Arc<dyn Disk>>,
}

impl Write for BlobFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let n = match &self.disk {
            Some(disk) => disk.take(buffer.len())?,
            None => buffer.len(),
        };
        self.file.write(buffer.get(..n).unwrap_or(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for BlobFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// A blob in the making. Dropped, it leaves nothing behind.
pub struct Draft {
    root: PathBuf,
    path: PathBuf,
    file: Option<BufWriter<BlobFile>>,
}

impl Draft {
    /// Where to write.
    pub fn writer(&mut self) -> io::Result<&mut BufWriter<BlobFile>> {
        self.file.as_mut().ok_or_else(|| io::Error::other("the blob is finished"))
    }

    /// Opens what has been written so far for reading.
    pub(crate) fn reopen(&mut self) -> io::Result<File> {
        self.writer()?.flush()?;
        File::open(&self.path)
    }

    /// Makes it durable. It has no name yet.
    pub fn seal(mut self) -> io::Result<Sealed> {
        let Some(mut writer) = self.file.take() else { return Err(io::Error::other("the blob is finished")) };
        writer.flush()?;
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.file.sync_all()?;
        let (sha256, bytes) = hash_file(&self.path)?;
        Ok(Sealed { draft: self, stored: Stored { sha256, bytes } })
    }

    /// Makes it durable and gives it its name.
    pub fn keep(self) -> io::Result<Stored> {
        self.seal()?.keep()
    }
}

/// A blob that is durable and has no name yet. Dropped, it leaves nothing behind.
pub struct Sealed {
    draft: Draft,
    stored: Stored,
}

impl Sealed {
    /// What it will be.
    #[must_use]
    pub fn stored(&self) -> &Stored {
        &self.stored
    }

    /// Gives it its name. That is quick, so it can be done while the writer is locked: nobody sweeps meanwhile.
    pub fn keep(self) -> io::Result<Stored> {
        let Self { draft, stored } = self;
        let path = place(&draft.root, &stored.sha256);
        let folder = path.parent().unwrap_or(&draft.root);
        fs::create_dir_all(folder)?;
        if !path.is_file() {
            fs::rename(&draft.path, &path)?;
            // The name must be on disk before a row speaks of it.
            File::open(folder)?.sync_all()?;
        }
        Ok(stored)
    }
}

/// Does a row speak of a blob?
pub(crate) fn is_named(conn: &Connection, sha256: &str) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM export WHERE sha256 = ?1) OR EXISTS (SELECT 1 FROM media WHERE sha256 = ?1) OR EXISTS (SELECT 1 FROM upload WHERE sha256 = ?1 AND sha256 <> '')",
    )?
    .query_row([sha256], |r| r.get(0))
}

/// Files that one sweep removes at most: an app may give up very many, and others wait for the writer. The next goes on.
const SWEPT: i64 = 2000;

/// Removes the smaller copies of a picture. They lie beside the blobs, in a folder for each size.
fn remove_smaller(root: &Path, sha256: &str) -> bool {
    let Some(sizes) = root.parent().and_then(|dir| fs::read_dir(dir.join("thumbs")).ok()) else { return true };
    sizes.flatten().all(|size| {
        ["jpg", "png"].iter().all(|ending| match fs::remove_file(size.path().join(format!("{sha256}.{ending}"))) {
            Ok(()) => true,
            Err(error) => error.kind() == io::ErrorKind::NotFound || !size.path().is_dir(),
        })
    })
}

/// Removes the files that committed calls have given up, unless a row speaks of them again. A file whose removal fails is
/// tried again after the next call. Gives how many are dealt with.
pub(crate) fn sweep(conn: &mut Connection, blobs: &Blobs) -> rusqlite::Result<usize> {
    let doomed: Vec<String> = conn
        .prepare_cached("SELECT sha256 FROM doomed_blob LIMIT ?1")?
        .query_map([SWEPT], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    if doomed.is_empty() {
        return Ok(0);
    }
    let mut swept = 0;
    let tx = conn.transaction()?;
    for sha256 in doomed {
        let path = if is_named(&tx, &sha256)? { None } else { blobs.path(&sha256) };
        if path.is_none_or(|path| fs::remove_file(path).is_ok() && remove_smaller(&blobs.root, &sha256)) {
            swept += tx.execute("DELETE FROM doomed_blob WHERE sha256 = ?1", [sha256])?;
        }
    }
    tx.commit()?;
    Ok(swept)
}

impl Engine {
    /// Removes a blob that no row speaks of.
    pub(crate) fn forget_blob_if_unknown(&self, sha256: &str) {
        let known = self.reader().ok().is_none_or(|r| is_named(&r.conn, sha256).unwrap_or(true));
        if !known && let Some(path) = self.blobs().path(sha256) {
            let _ = fs::remove_file(path);
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        drop(self.file.take());
        let _ = fs::remove_file(&self.path);
    }
}

/// Where the blob of a name lies below the folder of all.
pub(crate) fn place(root: &Path, sha256: &str) -> PathBuf {
    root.join(sha256.get(..2).unwrap_or("00")).join(sha256)
}

/// SHA-256 and length of a file.
pub fn hash_file(path: &Path) -> io::Result<(String, u64)> {
    hash(&mut File::open(path)?, &mut io::sink())
}

/// Copies a stream and gives its SHA-256 and length.
pub(crate) fn hash(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<(String, u64)> {
    let (mut hasher, mut buffer, mut total) = (Sha256::new(), vec![0; 1 << 16], 0u64);
    loop {
        let n = from.read(&mut buffer)?;
        let piece = buffer.get(..n).unwrap_or_default();
        if piece.is_empty() {
            return Ok((hex(&hasher.finalize()), total));
        }
        hasher.update(piece);
        to.write_all(piece)?;
        total += n as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_there_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(dir.path()).unwrap();
        let stored = blobs.put(&mut "hello".as_bytes()).unwrap();
        assert_eq!(stored.sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assert_eq!(fs::read(blobs.path(&stored.sha256).unwrap()).unwrap(), b"hello");
        assert_eq!(blobs.put(&mut "hello".as_bytes()).unwrap(), stored);
        let mut draft = blobs.begin().unwrap();
        draft.writer().unwrap().write_all(b"half").unwrap();
        drop(draft);
        assert_eq!(fs::read_dir(dir.path().join("part")).unwrap().count(), 0);
        for name in ["../../etc/passwd", "", "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"] {
            assert_eq!(blobs.path(name), None);
        }
    }
}
