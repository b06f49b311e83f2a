//! Going through an archive of strangers, member by member.

use super::member::Content;
use super::names::is_hidden;
use super::read::admit;
use super::tape::{Gauge, Packed, Tape};
use super::{Error, HEAD, Kind, Limits, clean_name, kind_of};
use flate2::bufread::MultiGzDecoder;
use std::collections::HashSet;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::rc::Rc;
use tar::EntryType;
use zip::ZipArchive;

/// A file within an archive. Folders are none, nor is what begins with a dot or lies below `__MACOSX`.
pub struct Member<'a> {
    /// Its place among the members, from 0.
    pub index: u64,
    /// Its cleaned name.
    pub name: &'a str,
    /// How long it is.
    pub bytes: u64,
    /// What is in it. Whatever is not read of it is read and checked after the visit.
    pub content: &'a mut dyn Read,
}

/// How much an archive holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Members, as [`Member`] counts them.
    pub members: u64,
    /// Their bytes, unpacked.
    pub bytes: u64,
}

/// An archive to go through, as often as one likes.
///
/// It is refused where a name leaves it or stands twice, where anything is a link, a device or encrypted, where content is
/// not as long as promised or its checksum is wrong, and where it is larger than its [`Limits`]. Of a ZIP all but the content
/// is known before the first visit. To know a whole archive before anything of it is used, go through it once for that.
pub struct Walk<R> {
    reader: R,
    kind: Kind,
    limits: Limits,
}

/// Names that have been seen, and sums.
struct Census<'l> {
    limits: &'l Limits,
    names: HashSet<String>,
    entries: usize,
    sum: Sum,
}

impl<'l> Census<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self { limits, names: HashSet::new(), entries: 0, sum: Sum::default() }
    }

    /// Counts a file, and gives its place; `None` where it is to be passed over.
    fn file(&mut self, name: &str, bytes: u64) -> Result<Option<u64>, Error> {
        self.limits.size(name, bytes)?;
        self.sum.bytes = self.sum.bytes.saturating_add(bytes);
        self.limits.total(self.sum.bytes)?;
        if !self.names.insert(name.to_owned()) {
            return Err(Error::Duplicate { name: name.to_owned() });
        }
        if is_hidden(name) {
            return Ok(None);
        }
        self.sum.members += 1;
        Ok(Some(self.sum.members - 1))
    }
}

impl<R: Read + Seek> Walk<R> {
    /// Looks at the first bytes.
    pub fn open(mut reader: R, limits: Limits) -> Result<Self, Error> {
        let mut head = Vec::with_capacity(HEAD);
        reader.seek(SeekFrom::Start(0))?;
        reader.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let kind = kind_of(&head).ok_or(Error::NoArchive)?;
        Ok(Self { reader, kind, limits })
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Visits the members from this place on. Ends early with what a visit breaks off with.
    pub fn members<B>(
        &mut self,
        from: u64,
        visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B, Sum>, Error> {
        self.reader.seek(SeekFrom::Start(0))?;
        match self.kind {
            Kind::Zip => self.zip(from, visit),
            Kind::Tar => {
                let gauge = Rc::new(Gauge::default());
                let file = Packed { inner: BufReader::with_capacity(1 << 16, &mut self.reader), gauge: gauge.clone() };
                tar(Tape { inner: Box::new(file), gauge, limits: self.limits }, from, visit)
            }
            Kind::TarGz => {
                let gauge = Rc::new(Gauge::default());
                let file = Packed { inner: &mut self.reader, gauge: gauge.clone() };
                let packed = MultiGzDecoder::new(BufReader::with_capacity(1 << 14, file));
                tar(Tape { inner: Box::new(packed), gauge, limits: self.limits }, from, visit)
            }
        }
    }

    fn zip<B>(
        &mut self,
        from: u64,
        visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B, Sum>, Error> {
        let mut zip = ZipArchive::new(&mut self.reader)?;
        self.limits.count(zip.len())?;
        // The library keeps the last of two entries with one name.
        if zip.has_duplicate_names() {
            let directory = zip.central_directory_start();
            return Err(Error::Duplicate { name: twice(&mut self.reader, directory)? });
        }
        let mut census = Census::new(&self.limits);
        let (mut files, mut packed) = (Vec::new(), 0_u64);
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index)?;
            let bytes = entry.size();
            packed = entry.compressed_size().saturating_add(packed);
            let Some(name) = admit(&entry, index, &self.limits)? else { continue };
            if let Some(place) = census.file(&name, bytes)? {
                files.push((index, place, name, bytes));
            }
        }
        if self.limits.is_bomb(census.sum.bytes, packed) {
            return Err(self.limits.bomb());
        }
        if zip.has_overlapping_entries()? {
            return Err(Error::Broken("its entries share bytes".to_owned()));
        }
        for (index, place, name, bytes) in files.into_iter().filter(|f| f.1 >= from) {
            let mut entry = match zip.by_index(index) {
                Ok(entry) => entry,
                Err(error) => return Err(Error::Damaged { name, reason: error.to_string() }),
            };
            if let ControlFlow::Break(early) = show(&mut entry, &name, place, bytes, visit)? {
                return Ok(ControlFlow::Break(early));
            }
        }
        Ok(ControlFlow::Continue(census.sum))
    }
}

/// The first name that stands twice in the directory of a ZIP.
fn twice<R: Read + Seek>(reader: &mut R, directory: u64) -> Result<String, Error> {
    reader.seek(SeekFrom::Start(directory))?;
    let (mut reader, mut seen) = (BufReader::new(reader), HashSet::new());
    let mut header = [0; 46];
    while reader.read_exact(&mut header).is_ok() && header.starts_with(b"PK\x01\x02") {
        let [.., n0, n1, e0, e1, c0, c1] = *header.first_chunk::<34>().unwrap_or(&[0; 34]);
        let (name, more) = (u16::from_le_bytes([n0, n1]), [[e0, e1], [c0, c1]].map(u16::from_le_bytes));
        let mut bytes = vec![0; usize::from(name)];
        reader.read_exact(&mut bytes)?;
        let name = String::from_utf8_lossy(&bytes).into_owned();
        if !seen.insert(bytes) {
            return Ok(name);
        }
        io::copy(&mut reader.by_ref().take(more.map(u64::from).iter().sum()), &mut io::sink())?;
    }
    Ok(String::new())
}

/// Lets a member be visited, and reads the rest of it.
fn show<B>(
    inner: &mut dyn Read,
    name: &str,
    index: u64,
    bytes: u64,
    visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, Error> {
    let mut content = Content::new(inner, name, bytes);
    let outcome = visit(Member { index, name, bytes, content: &mut content });
    let drained = match outcome {
        ControlFlow::Continue(()) if content.trouble.is_none() => content.drain(),
        _ => Ok(()),
    };
    match content.trouble.take() {
        Some(error) => Err(error),
        None => drained.map(|()| outcome).map_err(Error::from),
    }
}

fn tar<B>(
    tape: Tape<'_>,
    from: u64,
    visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<B>,
) -> Result<ControlFlow<B, Sum>, Error> {
    let (gauge, limits) = (tape.gauge.clone(), tape.limits);
    let outcome = entries(tape, &gauge, &limits, from, visit);
    // What the stream itself was cut off for says more than what followed from it.
    match gauge.trouble.take() {
        Some(error) => Err(error),
        None => outcome,
    }
}

fn entries<B>(
    tape: Tape<'_>,
    gauge: &Gauge,
    limits: &Limits,
    from: u64,
    visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<B>,
) -> Result<ControlFlow<B, Sum>, Error> {
    let mut census = Census::new(limits);
    let mut archive = tar::Archive::new(tape);
    gauge.expect(true);
    for entry in archive.entries()? {
        let mut entry = entry.map_err(broken)?;
        gauge.expect(false);
        let (index, bytes, kind) = (census.entries, entry.size(), entry.header().entry_type());
        census.entries += 1;
        limits.count(census.entries)?;
        let raw = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if kind == EntryType::XGlobalHeader {
            limits.size("(global header)", bytes)?;
            io::copy(&mut entry, &mut io::sink()).map_err(broken)?;
            gauge.expect(true);
            continue;
        }
        // A folder may be the archive itself: `./`.
        let is_dir = kind == EntryType::Directory;
        let name = if is_dir { clean_name(&format!("{raw}/x")) } else { clean_name(&raw) };
        let Some(name) = name else { return Err(Error::Name { index, name: raw }) };
        match kind {
            EntryType::Regular | EntryType::Continuous | EntryType::Directory => {}
            EntryType::Symlink | EntryType::Link => return Err(Error::Link { name: raw }),
            EntryType::Char | EntryType::Block => return Err(Error::Special { name: raw, what: "a device" }),
            EntryType::Fifo => return Err(Error::Special { name: raw, what: "a pipe" }),
            EntryType::GNUSparse => return Err(Error::Special { name: raw, what: "a sparse file" }),
            _ => return Err(Error::Special { name: raw, what: "of an unknown type" }),
        }
        let place = if is_dir { limits.size(&raw, bytes).map(|()| None)? } else { census.file(&name, bytes)? };
        match place.filter(|place| *place >= from) {
            Some(place) => {
                if let ControlFlow::Break(early) = show(&mut entry, &name, place, bytes, visit)? {
                    return Ok(ControlFlow::Break(early));
                }
            }
            None => Content::new(&mut entry, &name, bytes).drain().map_err(broken)?,
        }
        gauge.expect(true);
    }
    if gauge.ended.get() {
        return Err(Error::Broken("it ends without the blocks that close it".to_owned()));
    }
    // A packed stream has its checksum at its end.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(broken)?;
    Ok(ControlFlow::Continue(census.sum))
}

fn broken(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::InvalidData
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::Other => Error::Broken(error.to_string()),
        _ => Error::Io(error),
    }
}
