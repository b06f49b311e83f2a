//! What the engine takes from its host: the time, randomness, and a place for files.

use crate::Draft;
use labelscope_api::messages::DataSourceCredentials;
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

    /// Sends JSON to a call-back address, with POST. What the other side answers does not matter, beyond its success.
    fn notify(&self, url: &str, body: &[u8]) -> Result<(), FetchError>;
}

/// Something that lies in a data source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Where it lies within the source: unique, and the same at the next listing.
    pub key: String,
    /// How long it is.
    pub bytes: u64,
}

/// Opens the places from which inputs are added. Which places may be read is the host's to decide.
pub trait Sources: Send + Sync {
    /// Opens the place that an address means. Fails with [`FetchError::Address`] where the address or what comes with it
    /// cannot be used; no error text holds a secret.
    fn open(&self, url: &str, credentials: Option<&DataSourceCredentials>) -> Result<Box<dyn Source>, FetchError>;
}

/// A data source, opened: a bucket or a folder below a prefix, or a single file.
pub trait Source: Send + Sync {
    /// Lists what lies there in the order of its keys, from the first that comes after `after`; ends early once `each` says
    /// false.
    fn list(&self, after: &str, each: &mut dyn FnMut(Object) -> bool) -> Result<(), FetchError>;

    /// Reads one object, of at most `limit` bytes. Ends early once `stop` says so.
    fn read(&self, key: &str, limit: u64, into: Draft, stop: &(dyn Fn() -> bool + Sync)) -> Result<Draft, FetchError>;
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
