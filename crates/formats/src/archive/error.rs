//! What an archive may hold, and why one was refused.

use std::io;

/// What an archive may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries.
    pub entries: usize,
    /// Bytes of one entry, unpacked.
    pub entry_bytes: u64,
    /// Bytes of all entries, unpacked.
    pub total_bytes: u64,
    /// How many times its packed size an entry may grow to, and all of them together,
    pub ratio: u64,
    /// once it is longer than so many bytes.
    pub ratio_from: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 2_000_000, entry_bytes: 4 << 30, total_bytes: 1 << 40, ratio: 1000, ratio_from: 1 << 20 }
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
    /// Its first bytes are those of no archive.
    #[error("the file is no ZIP, TAR or TGZ archive")]
    NoArchive,
    /// Its frame is broken, or ends too early.
    #[error("the archive is damaged: {0}")]
    Broken(String),
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
    /// Neither a file nor a folder.
    #[error("entry {name:?} is {what} instead of a file")]
    Special {
        /// The name.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// A name that another entry has too.
    #[error("two entries have the name {name:?}")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// An entry that cannot be read without a password.
    #[error("entry {name:?} is encrypted")]
    Encrypted {
        /// The name.
        name: String,
    },
    /// Content that is not what the archive says of it.
    #[error("entry {name:?} is damaged: {reason}")]
    Damaged {
        /// The name.
        name: String,
        /// How that shows.
        reason: String,
    },
    /// More than the limits allow.
    #[error("{0}")]
    Limit(String),
}

impl Error {
    /// The name of the entry at fault, where it is one alone.
    #[must_use]
    pub fn entry(&self) -> Option<&str> {
        match self {
            Self::Name { name, .. }
            | Self::Link { name }
            | Self::Special { name, .. }
            | Self::Duplicate { name }
            | Self::Encrypted { name }
            | Self::Damaged { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Is it our own disk that failed, rather than the archive that is at fault?
    #[must_use]
    pub fn is_io(&self) -> bool {
        let broken = [
            io::ErrorKind::UnexpectedEof,
            io::ErrorKind::InvalidData,
            io::ErrorKind::InvalidInput,
            io::ErrorKind::Other,
        ];
        matches!(self, Self::Io(e) | Self::Zip(zip::result::ZipError::Io(e)) if !broken.contains(&e.kind()))
    }
}

impl Limits {
    pub(super) fn count(&self, entries: usize) -> Result<(), Error> {
        if entries > self.entries {
            return Err(Error::Limit(format!("the archive has {entries} entries; at most {} are read", self.entries)));
        }
        Ok(())
    }

    pub(super) fn size(&self, name: &str, bytes: u64) -> Result<(), Error> {
        if bytes > self.entry_bytes {
            return Err(Error::Limit(format!(
                "entry {name:?} unpacks to {bytes} bytes; at most {} are read",
                self.entry_bytes
            )));
        }
        Ok(())
    }

    pub(super) fn total(&self, bytes: u64) -> Result<(), Error> {
        if bytes > self.total_bytes {
            return Err(Error::Limit(format!(
                "the archive unpacks to {bytes} bytes or more; at most {} are read",
                self.total_bytes
            )));
        }
        Ok(())
    }

    /// The whole has grown further than it may.
    pub(super) fn bomb(&self) -> Error {
        Error::Limit(format!("the archive unpacks to more than {} times its size", self.ratio))
    }

    /// Has something grown further than it may?
    pub(super) fn is_bomb(&self, unpacked: u64, packed: u64) -> bool {
        unpacked > self.ratio_from && unpacked / packed.max(1) > self.ratio
    }
}
