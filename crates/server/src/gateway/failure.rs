//! Why there is no answer of the other side to pass on.

use crate::reply;
use axum::body::Body;
use axum::http::Response;
use labelscope_api::messages::StatusCode;
use std::time::Duration;

/// Each names the host, and never what was sent to it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0} lies in a private network, to which no connection is made; --allow-private-fetch permits it")]
    Private(String),
    #[error("{0} cannot be reached: {1}. Check the address of the connection, and the network")]
    Unreachable(String, String),
    #[error("{0} cannot prove who it is, so nothing was sent: {1}. Check the address of the connection")]
    Tls(String, String),
    #[error("the connection to {0} broke before an answer came, and the call may have been carried out: {1}")]
    Broken(String, String),
    #[error("{0} was silent for {1:?}, and the call may still be carried out")]
    Late(String, Duration),
    #[error("the body is longer than {} MB", crate::api::MAX_BODY >> 20)]
    TooLong,
    #[error(
        "{0} sends the call on to {1}, and the token does not follow. If that is where it belongs, change the connection's address"
    )]
    Redirect(String, String),
    #[error("{0} sends the call on more often than {1} times")]
    TooManyRedirects(String, usize),
}

impl Failure {
    pub fn code(&self) -> StatusCode {
        match self {
            Self::Private(_) => StatusCode::CONN_INVALID_REQUEST,
            Self::TooLong => StatusCode::CONN_BAD_REQUEST_FORMAT,
            Self::Unreachable(..) | Self::Broken(..) | Self::Late(..) => StatusCode::TRY_AGAIN,
            // The same will happen again.
            Self::Tls(..) | Self::Redirect(..) | Self::TooManyRedirects(..) => StatusCode::INTERNAL_FETCHING_ISSUE,
        }
    }

    fn http(&self) -> u16 {
        match self {
            Self::Private(_) => 403,
            Self::TooLong => 413,
            Self::Late(..) => 504,
            _ => 502,
        }
    }

    pub fn answer(&self, req_id: &str) -> Response<Body> {
        tracing::info!(req_id, "gateway: {self}");
        reply::failure_as(self.http(), self.code(), self.to_string(), req_id)
    }
}
