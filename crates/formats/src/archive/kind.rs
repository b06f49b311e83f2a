//! What kind of archive a file is, by its first bytes.

/// So many bytes tell.
pub const HEAD: usize = 512;

/// A kind of archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// ZIP.
    Zip,
    /// TAR, not packed.
    Tar,
    /// TAR within gzip.
    TarGz,
}

/// The kind of a file, from its first [`HEAD`] bytes. Names do not matter.
#[must_use]
pub fn kind_of(head: &[u8]) -> Option<Kind> {
    match head {
        // A file first, or an archive without any.
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        [0x1f, 0x8b, 8, ..] => Some(Kind::TarGz),
        _ if head.get(257..262) == Some(b"ustar") => Some(Kind::Tar),
        _ => None,
    }
}
