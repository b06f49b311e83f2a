//! Archives as strangers send them. Each that is hostile or broken is refused, with its reason.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use flate2::Compression;
use flate2::write::GzEncoder;
use labelscope_formats::archive::{Error, Kind, Limits, Sum, Walk, kind_of};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use tar::{EntryType, Header};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method)
}

fn zip_with(method: CompressionMethod, entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut w = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        w.start_file(*name, options(method)).unwrap();
        w.write_all(bytes).unwrap();
    }
    w.finish().unwrap().into_inner()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(CompressionMethod::Deflated, entries)
}

/// A header with a name that a well-meaning writer would refuse.
fn header(name: &str, kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

fn tar_of(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut b = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        b.append(&header(name, *kind, bytes.len() as u64), *bytes).unwrap();
    }
    b.into_inner().unwrap()
}

fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
    tar_of(&entries.iter().map(|(name, bytes)| (*name, EntryType::Regular, *bytes)).collect::<Vec<_>>())
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut e = GzEncoder::new(Vec::new(), Compression::default());
    e.write_all(bytes).unwrap();
    e.finish().unwrap()
}

/// Every archive of the three kinds with these entries.
fn all(entries: &[(&str, &[u8])]) -> [Vec<u8>; 3] {
    let tar = tar(entries);
    [zip(entries), gz(&tar), tar]
}

fn open(bytes: &[u8], limits: Limits) -> Result<Walk<Cursor<&[u8]>>, Error> {
    Walk::open(Cursor::new(bytes), limits)
}

/// Names and contents from a place on.
fn read_from(bytes: &[u8], from: u64) -> (Vec<(u64, String, Vec<u8>)>, Sum) {
    let mut out = Vec::new();
    let walked = open(bytes, Limits::default()).unwrap().members::<()>(from, &mut |m| {
        let mut content = Vec::new();
        m.content.read_to_end(&mut content).unwrap();
        assert_eq!(content.len() as u64, m.bytes);
        out.push((m.index, m.name.to_owned(), content));
        ControlFlow::Continue(())
    });
    let ControlFlow::Continue(sum) = walked.unwrap() else { panic!("nobody broke off") };
    (out, sum)
}

/// Goes through all of it without reading anything; the error that comes of it.
fn refused(bytes: &[u8], limits: Limits) -> Error {
    let walked =
        open(bytes, limits).and_then(|mut w| w.members::<()>(0, &mut |_| ControlFlow::Continue(())).map(|_| ()));
    let Err(error) = walked else { panic!("it was taken") };
    error
}

#[test]
fn members_are_read_in_order_and_from_any_place() {
    let entries: &[(&str, &[u8])] =
        &[("a/ü.txt", b"one"), (".b", b"x"), ("__MACOSX/a", b"x"), ("./c", b""), ("d\\e", b"three")];
    for (archive, kind) in all(entries).iter().zip([Kind::Zip, Kind::TarGz, Kind::Tar]) {
        assert_eq!((kind_of(archive), open(archive, Limits::default()).unwrap().kind()), (Some(kind), kind));
        let (members, sum) = read_from(archive, 0);
        let want = [(0, "a/ü.txt", &b"one"[..]), (1, "c", b""), (2, "d/e", b"three")];
        assert_eq!(members, want.map(|(at, name, bytes)| (at, name.to_owned(), bytes.to_vec())));
        assert_eq!((sum.members, sum.bytes), (3, 10));
        assert_eq!(read_from(archive, 2).0, members[2..]);
        assert!(read_from(archive, 3).0.is_empty());
        let mut walk = open(archive, Limits::default()).unwrap();
        let stopped = walk
            .members(0, &mut |m| if m.index == 1 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) });
        assert!(matches!(stopped, Ok(ControlFlow::Break("enough"))));
    }
}

#[test]
fn folders_long_names_and_several_streams_are_no_trouble() {
    let long = format!("{}/x.txt", "folder".repeat(60));
    let mut b = tar::Builder::new(Vec::new());
    b.append(&header("./", EntryType::Directory, 0), &b""[..]).unwrap();
    b.append(&header("./in/", EntryType::Directory, 0), &b""[..]).unwrap();
    b.append_pax_extensions([("comment", b"of the next".as_slice())]).unwrap();
    let mut plain = Header::new_gnu();
    plain.set_size(2);
    plain.set_mode(0o644);
    b.append_data(&mut plain, &long, &b"ok"[..]).unwrap();
    let tar = b.into_inner().unwrap();
    // What packs in parallel makes several streams, one after the other.
    let (one, two) = tar.split_at(700);
    for archive in [gz(&tar), [gz(one), gz(two)].concat(), tar] {
        assert_eq!(read_from(&archive, 0).0, [(0, long.clone(), b"ok".to_vec())]);
    }
    let mut w = ZipWriter::new(Cursor::new(Vec::new()));
    w.add_directory("in", SimpleFileOptions::default()).unwrap();
    w.start_file("in/x", SimpleFileOptions::default()).unwrap();
    assert_eq!(read_from(&w.finish().unwrap().into_inner(), 0).0, [(0, "in/x".to_owned(), Vec::new())]);
    assert_eq!(read_from(&zip(&[]), 0).1, Sum::default());
}

#[test]
fn an_archive_within_an_archive_is_a_file_like_others() {
    let inner = zip(&[("../../evil", b"x")]);
    for archive in all(&[("inner.zip", &inner)]) {
        let members = read_from(&archive, 0).0;
        assert_eq!((members.len(), members[0].2 == inner), (1, true));
        assert_eq!(kind_of(&members[0].2), Some(Kind::Zip));
    }
}

#[test]
fn names_that_leave_the_archive_are_refused() {
    for name in ["/etc/passwd", "../x", "a/../../x", "C:\\x", "..\\x", ".hidden/../../x"] {
        for archive in all(&[("fine", b"x"), (name, b"x")]) {
            let error = refused(&archive, Limits::default());
            assert!(matches!(&error, Error::Name { index: 1, name: n } if n == name), "{name}: {error}");
            assert_eq!(error.entry(), Some(name));
        }
    }
    let folder = tar_of(&[("../out/", EntryType::Directory, b"")]);
    assert!(matches!(refused(&folder, Limits::default()), Error::Name { .. }));
    let mut w = ZipWriter::new(Cursor::new(Vec::new()));
    w.add_directory("../out", SimpleFileOptions::default()).unwrap();
    assert!(matches!(refused(&w.finish().unwrap().into_inner(), Limits::default()), Error::Name { .. }));
}

#[test]
fn links_and_devices_are_refused() {
    for (kind, words) in [
        (EntryType::Symlink, "\"l\" is a link"),
        (EntryType::Link, "\"l\" is a link"),
        (EntryType::Char, "\"l\" is a device"),
        (EntryType::Block, "\"l\" is a device"),
        (EntryType::Fifo, "\"l\" is a pipe"),
        (EntryType::new(b'V'), "\"l\" is of an unknown type"),
    ] {
        let tar = tar_of(&[("l", kind, b"")]);
        for archive in [gz(&tar), tar] {
            let error = refused(&archive, Limits::default()).to_string();
            assert!(error.contains(words), "{error}");
        }
    }
    let mut w = ZipWriter::new(Cursor::new(Vec::new()));
    w.add_symlink("l", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let link = w.finish().unwrap().into_inner();
    assert!(matches!(refused(&link, Limits::default()), Error::Link { name } if name == "l"));
    // A pipe, by the Unix mode that the directory gives.
    let mut pipe = zip(&[("p", b"")]);
    let at = find(&pipe, b"PK\x01\x02");
    pipe[at + 5] = 3;
    pipe[at + 38..at + 42].copy_from_slice(&(0o010_644_u32 << 16).to_le_bytes());
    assert!(matches!(refused(&pipe, Limits::default()), Error::Special { name, .. } if name == "p"));
}

fn pass(_: labelscope_formats::archive::Member<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn whole(members: u64, bytes: u64) -> ControlFlow<(), Sum> {
    ControlFlow::Continue(Sum { members, bytes })
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|w| w == what).unwrap()
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    let tar = tar(&[("a", b"1"), ("b", b"2"), ("./a", b"3")]);
    for archive in [gz(&tar), tar] {
        assert!(matches!(refused(&archive, Limits::default()), Error::Duplicate { name } if name == "a"));
    }
    // No writer makes such a ZIP.
    let mut twice = zip_with(CompressionMethod::Stored, &[("same1", b"1"), ("other", b"3"), ("same2", b"2")]);
    while let Some(at) = twice.windows(5).position(|w| w == b"same2") {
        twice[at + 4] = b'1';
    }
    assert!(matches!(refused(&twice, Limits::default()), Error::Duplicate { name } if name == "same1"));
    let cleaned = zip(&[("x/a", b"1"), ("x//a", b"2")]);
    assert!(matches!(refused(&cleaned, Limits::default()), Error::Duplicate { name } if name == "x/a"));
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![0; 8 << 20];
    let tight = Limits { ratio: 100, ..Limits::default() };
    for archive in [zip(&[("zeros", &zeros)]), gz(&tar(&[("zeros", &zeros)]))] {
        let error = refused(&archive, tight);
        assert!(matches!(&error, Error::Limit(words) if words.contains("100 times")), "{error}");
    }
    // Many small ones are one, too; but not before they are long together.
    let parts: Vec<_> = (0..20).map(|n| format!("part{n}")).collect();
    let many = zip(&parts.iter().map(|n| (n.as_str(), &zeros[..1 << 20])).collect::<Vec<_>>());
    assert!(refused(&many, tight).to_string().contains("archive unpacks to more than 100 times"));
    assert_eq!(
        open(&many, Limits { ratio_from: 30 << 20, ..tight }).unwrap().members(0, &mut pass).unwrap(),
        whole(20, 20 << 20)
    );
    for archive in all(&[("a", b"123456"), ("b", b"123456"), ("c", b"123456")]) {
        let limited = |limits| refused(&archive, limits).to_string();
        assert!(limited(Limits { entries: 2, ..Limits::default() }).contains("at most 2"));
        assert!(limited(Limits { entry_bytes: 5, ..Limits::default() }).contains("\"a\" unpacks to 6 bytes"));
        assert!(limited(Limits { total_bytes: 17, ..Limits::default() }).contains("unpacks to 18 bytes or more"));
    }
    // A name of megabytes is no name.
    let long =
        tar_of(&[("././@LongLink", EntryType::GNULongName, &vec![b'a'; 2 << 20]), ("a", EntryType::Regular, b"")]);
    let mut gnu = long.clone();
    gnu[257..265].copy_from_slice(b"ustar  \0");
    let sum: u32 =
        gnu[..512].iter().enumerate().map(|(i, b)| if (148..156).contains(&i) { 32 } else { u32::from(*b) }).sum();
    gnu[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert!(matches!(refused(&gnu, Limits::default()), Error::Broken(words) if words.contains("between two entries")));
    // Entries that share their bytes.
    let mut shared = zip_with(CompressionMethod::Stored, &[("a", b"same"), ("b", b"same")]);
    let second = shared.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x01\x02").nth(1).unwrap().0;
    shared[second + 42..second + 46].copy_from_slice(&0_u32.to_le_bytes());
    assert!(matches!(refused(&shared, Limits::default()), Error::Broken(_) | Error::Damaged { .. } | Error::Zip(_)));
}

#[test]
fn wrong_sums_and_lengths_are_refused() {
    let mut zip = zip_with(CompressionMethod::Stored, &[("a", b"fine"), ("b", b"content")]);
    let at = find(&zip, b"content");
    zip[at] ^= 1;
    assert!(matches!(refused(&zip, Limits::default()), Error::Damaged { name, .. } if name == "b"));
    let mut packed = gz(&tar(&[("a", b"content")]));
    let end = packed.len();
    packed[end - 8] ^= 1;
    assert!(matches!(refused(&packed, Limits::default()), Error::Broken(_)));
    // The same where the visitor reads the content itself, and is told by its reader.
    let mut told = false;
    let walked = open(&zip, Limits::default()).unwrap().members::<()>(0, &mut |m| {
        told |= m.content.read_to_end(&mut Vec::new()).is_err();
        ControlFlow::Continue(())
    });
    assert!(told && matches!(walked, Err(Error::Damaged { .. })));
}

#[test]
fn truncated_archives_are_refused() {
    let content: Vec<u8> = (0..40_000_u32).map(|n| ((n * n) >> 7) as u8).collect();
    for archive in all(&[("a", &content), ("b", &content)]) {
        for keep in [13, archive.len() / 3, archive.len() / 2, archive.len() - 1100, archive.len() - 10] {
            // A TAR may be followed by any number of empty blocks.
            if keep + 512 >= archive.len() && kind_of(&archive) == Some(Kind::Tar) {
                continue;
            }
            let error = refused(&archive[..keep], Limits::default());
            assert!(!error.is_io(), "{keep} of {}: {error}", archive.len());
        }
    }
}

#[test]
fn encrypted_entries_are_refused() {
    let mut bytes = zip(&[("open", b"x"), ("secret", b"x")]);
    let second = bytes.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x01\x02").nth(1).unwrap().0;
    bytes[second + 8] |= 1;
    assert!(matches!(refused(&bytes, Limits::default()), Error::Encrypted { name } if name == "secret"));
}

#[test]
fn what_is_no_archive_is_refused() {
    for bytes in [&b""[..], b"PK", b"no archive at all", &[0; 2048]] {
        assert!(matches!(refused(bytes, Limits::default()), Error::NoArchive));
    }
    assert!(!refused(b"PK\x03\x04 and nothing more", Limits::default()).is_io());
    assert!(matches!(refused(&gz(b"a text"), Limits::default()), Error::Broken(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Bytes of an archive are changed, cut or inserted: it is read or refused, and never is more read than may be.
    #[test]
    fn mutated_archives_stay_within_their_limits(
        which in 0..3_usize,
        content in prop::collection::vec(any::<u8>(), 0..3000),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let zeros = vec![0; 5000];
        let mut bytes = all(&[("a/b", &content), ("c", b"text"), ("zeros", &zeros)])[which].clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        stays_within(&bytes)?;
    }

    #[test]
    fn any_bytes_behind_a_magic_stay_within_their_limits(
        magic in prop::sample::select(vec![&b"PK\x03\x04"[..], b"PK\x05\x06", b"\x1f\x8b\x08", b""]),
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        stays_within(&[magic, bytes.as_slice()].concat())?;
    }
}

fn stays_within(bytes: &[u8]) -> Result<(), TestCaseError> {
    let limits = Limits { entries: 3, entry_bytes: 6000, total_bytes: 9000, ..Limits::default() };
    let (mut seen, mut read) = (0, 0);
    let walked = open(bytes, limits).map(|mut walk| {
        walk.members::<()>(0, &mut |m| {
            seen += 1;
            read += std::io::copy(m.content, &mut std::io::sink()).unwrap_or(0);
            ControlFlow::Continue(())
        })
    });
    prop_assert!(seen <= 3 && read <= 9000, "{seen} members, {read} bytes");
    if let Ok(Ok(ControlFlow::Continue(sum))) = walked {
        prop_assert!(sum.members == seen && sum.bytes >= read);
    }
    Ok(())
}
