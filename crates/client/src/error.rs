//! One error for all calls, asked by predicates.

use crate::TransportError;
use labelscope_api::messages::{Status, StatusCode};
use labelscope_api::{ApiError, BuildError};
use std::fmt;

/// A call that failed. Ask it by its predicates; [`Error::advice`] says what a person can do.
pub struct Error(Box<Kind>);

enum Kind {
    Build(BuildError),
    Api(ApiError),
    Transport(TransportError),
    Timeout { after_ms: u64 },
    Cancelled,
}

impl Error {
    pub(crate) fn timeout(after_ms: u64) -> Self {
        Self(Box::new(Kind::Timeout { after_ms }))
    }

    /// A call that its caller gave up.
    #[must_use]
    pub fn cancelled() -> Self {
        Self(Box::new(Kind::Cancelled))
    }

    /// A reply of success that lacks what it was asked for.
    pub(crate) fn incomplete(what: &str) -> Self {
        ApiError::unreadable(200, b"", &format_args!("the reply has no {what}")).into()
    }

    /// May the same call succeed when it is made again later? Network, time-outs, throttling and failures on the server's
    /// side; never what is wrong in the call itself. A write may have worked though its answer was lost.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.is_network()
            || self.is_timeout()
            || self.is_throttled()
            || matches!(self.http_status(), 500 | 502 | 503 | 504)
    }

    /// The API's status, where it answered.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        match self.0.as_ref() {
            Kind::Api(e) => Some(&e.status),
            _ => None,
        }
    }

    /// The API's code; 0 where it did not answer.
    #[must_use]
    pub fn code(&self) -> StatusCode {
        self.status().map_or(StatusCode(0), |s| s.code)
    }

    /// What the API says exactly; empty where it did not answer.
    #[must_use]
    pub fn details(&self) -> &str {
        self.status().map_or("", |s| &s.details)
    }

    /// The id under which the server has logged the call; empty where there is none.
    #[must_use]
    pub fn req_id(&self) -> &str {
        self.status().map_or("", |s| &s.req_id)
    }

    /// The HTTP status; 0 where there was no answer.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self.0.as_ref() {
            Kind::Api(e) => e.http_status,
            _ => 0,
        }
    }

    /// The thing does not exist, or not any more.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code() == StatusCode::CONN_DOES_NOT_EXIST
    }

    /// Too many calls. The API says so with a code of its own, in any HTTP status.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.http_status() == 429 || (11003..=11006).contains(&self.code().0)
    }

    /// No token, a wrong one, or one that may not do this.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.http_status(), 401 | 403) || (11007..=11009).contains(&self.code().0)
    }

    /// The request itself is wrong: sending it again will not help.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        matches!(self.0.as_ref(), Kind::Build(_)) || (self.http_status() == 400 && !self.is_throttled())
    }

    /// The caller gave it up.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0.as_ref(), Kind::Cancelled)
    }

    /// It took longer than it was given.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.as_ref(), Kind::Timeout { .. })
    }

    /// The server could not be reached, or the connection broke.
    #[must_use]
    pub fn is_network(&self) -> bool {
        matches!(self.0.as_ref(), Kind::Transport(_))
    }

    /// It provably never left.
    pub(crate) fn was_not_sent(&self) -> bool {
        matches!(self.0.as_ref(), Kind::Transport(e) if e.not_sent)
    }

    /// What to do about it, in a sentence.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        if self.is_cancelled() {
            "Start it again when you need it."
        } else if self.is_network() {
            "Check that the server is running and that this computer can reach it, then try again."
        } else if self.is_timeout() {
            "Try again; if it happens often, ask for less at a time."
        } else if self.is_unauthorized() {
            "Sign in again, or check the token."
        } else if self.is_throttled() {
            "Wait a moment, then try again."
        } else if self.is_not_found() {
            "It may have been deleted or renamed. Go back and choose again."
        } else if self.is_invalid() {
            "Change what the message names and send it again."
        } else {
            "Try again. If it stays, look into the server's log for the request id."
        }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        Self(Box::new(Kind::Api(error)))
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self(Box::new(Kind::Build(error)))
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        Self(Box::new(Kind::Transport(error)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_ref() {
            Kind::Build(e) => e.fmt(f),
            Kind::Api(e) => e.fmt(f),
            Kind::Transport(e) => e.fmt(f),
            Kind::Timeout { after_ms } => write!(f, "no answer within {} s", after_ms / 1000),
            Kind::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(http_status: u16, code: i32) -> Error {
        ApiError::from_status(http_status, Status { code: StatusCode(code), ..Status::default() }).into()
    }

    #[test]
    fn predicates_tell_failures_apart() {
        assert!(api(404, 11101).is_not_found() && !api(404, 11101).is_invalid());
        // Throttling hides in many statuses.
        for (http, code) in [(429, 11005), (200, 11005), (400, 11003), (429, 0)] {
            assert!(api(http, code).is_throttled(), "{http} {code}");
        }
        assert!(api(401, 11009).is_unauthorized() && api(403, 11007).is_unauthorized());
        assert!(api(400, 40003).is_invalid());
        assert!(Error::cancelled().is_cancelled() && Error::timeout(5).is_timeout());
        assert!(Error::from(TransportError::not_sent("refused")).is_network());
        assert!(api(503, 98).is_retryable() && api(400, 11005).is_retryable() && Error::timeout(5).is_retryable());
        assert!(
            !api(404, 11101).is_retryable() && !api(401, 11009).is_retryable() && !Error::cancelled().is_retryable()
        );
    }
}
