//! What the engine takes from its host: the time, randomness, and a place for files.

use crate::Draft;
use std::fmt::Write as _;

/// The time of day.
pub trait Clock: Send + Sync {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64;
}

/// Random bytes for ids.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// A file that is to be fetched.
pub struct Order {
    /// Where it lies.
    pub url: String,
    /// It may have so many bytes.
    pub limit: u64,
    /// Where it goes.
    pub into: Draft,
}

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address cannot or may not be used.
    #[error("{0}")]
    Address(String),
    /// It is longer than it may be.
    #[error("the file is longer than {} MB", .0 >> 20)]
    TooLong(u64),
    /// The other side failed, or the way to it.
    #[error("{0}")]
    Failed(String),
    /// The host stops.
    #[error("the server is stopping")]
    Stopped,
    /// Our own disk failed.
    #[error("a file could not be written: {0}")]
    Io(#[from] std::io::Error),
}

/// Fetches the files of inputs that are sent as addresses. Where they may lie is the host's to decide.
pub trait Fetch: Send + Sync {
    /// Fetches all, some at a time, and hands each over with its place in `orders`, in whatever order they come. Ends early
    /// once `stop` says so.
    fn fetch(
        &self,
        orders: Vec<Order>,
        stop: &(dyn Fn() -> bool + Sync),
        arrived: &mut dyn FnMut(usize, Result<Draft, FetchError>),
    );
}

/// A new id: 32 hexadecimal characters, as the platform makes them.
pub(crate) fn new_id(random: &dyn Random) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    hex(&bytes)
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}
