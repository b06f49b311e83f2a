//! The one thing that differs between a browser and a program: how bytes travel.

#[cfg(target_family = "wasm")]
mod browser;
#[cfg(all(feature = "native", not(target_family = "wasm")))]
mod hyper;

#[cfg(target_family = "wasm")]
pub use browser::{fetch, fetch_with};
#[cfg(all(feature = "native", not(target_family = "wasm")))]
pub use hyper::native;

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use std::fmt;
use std::rc::Rc;

/// An answer: status, the headers that policies look at, and the body.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` in milliseconds, where it was given in seconds.
    pub retry_after_ms: Option<u64>,
    /// The app's revision, from a server that tells it.
    pub revision: Option<i64>,
    /// The body.
    pub body: Bytes,
}

/// No answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// The request provably never left.
    pub not_sent: bool,
    reason: String,
}

impl TransportError {
    /// It never left.
    pub fn not_sent(reason: impl Into<String>) -> Self {
        Self { not_sent: true, reason: reason.into() }
    }

    /// It may have arrived.
    pub fn lost(reason: impl Into<String>) -> Self {
        Self { not_sent: false, reason: reason.into() }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server cannot be reached: {}", self.reason)
    }
}

impl std::error::Error for TransportError {}

/// Sends bytes. Dropping the future aborts the request.
pub trait Transport {
    /// Sends one request and reads the whole answer.
    fn send(&self, request: http::Request<Bytes>) -> LocalBoxFuture<'_, Result<Reply, TransportError>>;
}

/// A transport as clients hold it.
pub type Shared = Rc<dyn Transport>;

/// `Retry-After` as milliseconds; only the form in seconds, since dates would need a calendar.
pub(crate) fn retry_after(text: Option<&str>) -> Option<u64> {
    text?.trim().parse::<u64>().ok().map(|s| s.saturating_mul(1000))
}
