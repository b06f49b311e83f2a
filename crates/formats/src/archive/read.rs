//! Reading, within limits.

use super::clean_name;
use std::io::{self, Read, Seek};
use zip::ZipArchive;
use zip::read::ZipFile;

/// What an archive may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries.
    pub entries: usize,
    /// Bytes of one entry, unpacked.
    pub entry_bytes: u64,
    /// How many times its packed size an entry may grow to, above a megabyte.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 2_000_000, entry_bytes: 4 << 30, ratio: 1000 }
    }
}

/// Why an archive was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no ZIP, or broken.
    #[error("the archive cannot be read: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// Its content could not be read.
    #[error("the archive cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A name that points outside.
    #[error("entry {index} has the name {name:?}, which leaves the archive")]
    Name {
        /// Which entry, from 0.
        index: usize,
        /// The name as it stands there.
        name: String,
    },
    /// A link instead of a file.
    #[error("entry {name:?} is a link")]
    Link {
        /// The name.
        name: String,
    },
    /// More than the limits allow.
    #[error("{0}")]
    Limit(String),
}

/// A ZIP opened for reading.
pub struct Reader<R> {
    zip: ZipArchive<R>,
    limits: Limits,
}

impl<R: Read + Seek> Reader<R> {
    /// Opens an archive and checks all names and sizes at once.
    pub fn open(reader: R, limits: Limits) -> Result<Self, Error> {
        let mut zip = ZipArchive::new(reader)?;
        if zip.len() > limits.entries {
            return Err(Error::Limit(format!(
                "the archive has {} entries; at most {} are read",
                zip.len(),
                limits.entries
            )));
        }
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index)?;
            let name = entry.name()?.into_owned();
            if clean_name(&name).is_none() {
                return Err(Error::Name { index, name });
            }
            if entry.is_symlink() {
                return Err(Error::Link { name });
            }
            if entry.size() > limits.entry_bytes {
                return Err(Error::Limit(format!(
                    "entry {name:?} unpacks to {} bytes; at most {} are read",
                    entry.size(),
                    limits.entry_bytes
                )));
            }
            if entry.size() > 1 << 20 && entry.size() / entry.compressed_size().max(1) > limits.ratio {
                return Err(Error::Limit(format!(
                    "entry {name:?} unpacks to more than {} times its size",
                    limits.ratio
                )));
            }
        }
        Ok(Self { zip, limits })
    }

    /// Entries, folders included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.zip.len()
    }

    /// Has it no entries?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zip.len() == 0
    }

    /// The cleaned name of a file entry; `None` for a folder.
    pub fn name(&mut self, index: usize) -> Result<Option<String>, Error> {
        let entry = self.zip.by_index_raw(index)?;
        Ok(if entry.is_dir() { None } else { clean_name(&entry.name()?) })
    }

    /// An entry to read. What it yields is cut at the size it claims, so a lie about the size gains nothing.
    pub fn entry(&mut self, index: usize) -> Result<impl Read + '_, Error> {
        let limit = self.limits.entry_bytes;
        let entry: ZipFile<'_, R> = self.zip.by_index(index)?;
        let size = entry.size().min(limit);
        Ok(entry.take(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Writer;
    use std::io::Cursor;

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut w = Writer::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            w.entry(name, true).unwrap().write_all(bytes).unwrap();
        }
        w.finish().unwrap().into_inner()
    }

    #[test]
    fn what_is_written_is_read_and_is_the_same_each_time() {
        let bytes = zip(&[("a/ü.json", b"{}"), ("b", &[7; 5000])]);
        assert_eq!(bytes, zip(&[("a/ü.json", b"{}"), ("b", &[7; 5000])]));
        let mut r = Reader::open(Cursor::new(bytes), Limits::default()).unwrap();
        assert_eq!((r.len(), r.name(0).unwrap().as_deref()), (2, Some("a/ü.json")));
        let mut out = Vec::new();
        r.entry(1).unwrap().read_to_end(&mut out).unwrap();
        assert_eq!(out, [7; 5000]);
    }

    #[test]
    fn escapes_bombs_and_junk_are_refused() {
        let open = |bytes: Vec<u8>, limits| Reader::open(Cursor::new(bytes), limits).err().unwrap().to_string();
        assert!(open(zip(&[("../x", b"")]), Limits::default()).contains("leaves the archive"));
        let bomb = zip(&[("zeros", &vec![0; 8 << 20])]);
        assert!(open(bomb, Limits { ratio: 100, ..Limits::default() }).contains("100 times"));
        assert!(open(zip(&[("a", b""), ("b", b"")]), Limits { entries: 1, ..Limits::default() }).contains("2 entries"));
        assert!(open(b"no archive".to_vec(), Limits::default()).contains("cannot be read"));
    }
}
