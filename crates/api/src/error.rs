//! What can go wrong between a typed operation and its bytes.

use crate::messages::{BaseResponse, Status, StatusCode};
use crate::wire::{QueryError, snake_keys};
use serde::de::DeserializeOwned;
use std::fmt;

/// The request could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A path parameter is missing, empty, or `.` or `..`.
    #[error("{operation} needs `{name}`, and it must not be empty")]
    PathParameter {
        /// The operation.
        operation: &'static str,
        /// The parameter.
        name: String,
    },
    /// A field could not be written as JSON.
    #[error("the request could not be written as JSON: {0}")]
    Encode(#[source] serde_json::Error),
    /// The base is not a URL.
    #[error("the address is not a URL: {0}")]
    Http(#[source] http::Error),
}

/// The server could not read a request.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The body is not JSON.
    #[error("the body is not JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// The body is JSON, but a field has a value of the wrong kind.
    #[error("{0}")]
    Field(#[source] serde_json::Error),
    /// A query parameter does not fit.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// Reads a body, with field names in snake or camel case.
pub(crate) fn read_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, RequestError> {
    let mut value: serde_json::Value = serde_json::from_slice(body).map_err(RequestError::Syntax)?;
    snake_keys(&mut value);
    // Read typed from the text where that works: its errors name line and column.
    serde_json::from_value(value).map_err(|error| match serde_json::from_slice::<T>(body) {
        Err(placed) if placed.line() > 0 => RequestError::Field(placed),
        _ => RequestError::Field(error),
    })
}

/// The API answered with a failure, or with something that is not an answer of the API.
#[derive(Clone, PartialEq)]
pub struct ApiError {
    /// The HTTP status; 0 where there was none.
    pub http_status: u16,
    /// What the API said. For a body that is not the API's own, a status made from what there was.
    pub status: Box<Status>,
}

impl ApiError {
    /// An error the API itself put into words.
    #[must_use]
    pub fn from_status(http_status: u16, status: Status) -> Self {
        Self { http_status, status: Box::new(status) }
    }

    /// A body that could not be read. Its beginning is kept, to tell a proxy's page from the API.
    #[must_use]
    pub fn unreadable(http_status: u16, body: &[u8], why: &dyn fmt::Display) -> Self {
        if let Ok(BaseResponse { status: Some(status) }) = serde_json::from_slice(body)
            && !crate::operation::is_success(status.code)
        {
            return Self::from_status(http_status, status);
        }
        let head: String = String::from_utf8_lossy(body.get(..200.min(body.len())).unwrap_or_default()).into_owned();
        let status = Status {
            code: StatusCode::INTERNAL_UNCATEGORIZED,
            description: format!("The server did not answer as the API does (HTTP {http_status})"),
            details: if head.is_empty() {
                format!("{why}; the body is empty")
            } else {
                format!("{why}; the body begins: {head}")
            },
            ..Status::default()
        };
        Self::from_status(http_status, status)
    }

    /// The API's code.
    #[must_use]
    pub fn code(&self) -> StatusCode {
        self.status.code
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = &self.status;
        write!(f, "{}", if s.description.is_empty() { "The call failed" } else { &s.description })?;
        if !s.details.is_empty() {
            write!(f, ": {}", s.details)?;
        }
        write!(f, " (code {}", s.code.0)?;
        if !s.req_id.is_empty() {
            write!(f, ", req_id {}", s.req_id)?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiError(HTTP {}: {self})", self.http_status)
    }
}

impl std::error::Error for ApiError {}
