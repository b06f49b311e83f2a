//! Reading, within limits.

use super::{Error, Limits, clean_name};
use std::io::{Read, Seek};
use zip::ZipArchive;
use zip::read::ZipFile;

/// A ZIP opened for reading.
pub struct Reader<R> {
    zip: ZipArchive<R>,
    limits: Limits,
}

impl<R: Read + Seek> Reader<R> {
    /// Opens an archive and checks all names and sizes at once.
    pub fn open(reader: R, limits: Limits) -> Result<Self, Error> {
        let mut zip = ZipArchive::new(reader)?;
        limits.count(zip.len())?;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index)?;
            admit(&entry, index, &limits)?;
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

/// Checks what the directory says of an entry, and gives the cleaned name of a file; `None` for a folder.
pub(super) fn admit<R: Read>(entry: &ZipFile<'_, R>, index: usize, limits: &Limits) -> Result<Option<String>, Error> {
    let name = entry.name()?.into_owned();
    let clean = if entry.is_dir() { clean_name(&format!("{name}x")) } else { clean_name(&name) };
    let Some(clean) = clean else { return Err(Error::Name { index, name }) };
    if entry.is_symlink() {
        return Err(Error::Link { name });
    }
    // The upper bits of a Unix mode: a file, a folder, or nothing said.
    if !matches!(entry.unix_mode().unwrap_or(0) & 0o170_000, 0 | 0o100_000 | 0o040_000) {
        return Err(Error::Special { name, what: "a device or a pipe" });
    }
    if entry.encrypted() {
        return Err(Error::Encrypted { name });
    }
    limits.size(&name, entry.size())?;
    if limits.is_bomb(entry.size(), entry.compressed_size()) {
        return Err(Error::Limit(format!("entry {name:?} unpacks to more than {} times its size", limits.ratio)));
    }
    Ok((!entry.is_dir()).then_some(clean))
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
