//! The HTTP client of the stores: ours, so that its guard against private addresses holds for them too.

use super::answer::Answer;
use crate::fetch::{self, Http};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, StatusCode};
use http_body::Frame;
use http_body_util::StreamBody;
use labelscope_engine::FetchError;
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody,
    HttpService,
};
use object_store::{BackoffConfig, RetryConfig};
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::time::Duration;
use ureq::BodyReader;

/// Replies that are kept in memory: lists, tokens, failures.
const SMALL: u64 = 16 << 20;

/// A failure that may pass is tried again within about half a minute.
pub(super) fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(10),
            base: 3.0,
        },
        max_retries: 6,
        retry_timeout: Duration::from_secs(30),
    }
}

/// It blocks: what uses it has a runtime of its own, on a thread that may block.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub http: Arc<Http>,
    /// May it go without TLS?
    pub plain: bool,
}

impl HttpConnector for Client {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Client {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        if !self.plain && parts.uri.scheme_str() != Some("https") {
            return Err(failure(
                HttpErrorKind::Unknown,
                FetchError::Address("stores are asked over https: alone".to_owned()),
            ));
        }
        // Files have no query; all else is small.
        let is_file = parts.method == Method::GET && parts.uri.query().is_none();
        let reply = if body.is_empty() {
            self.http.send(http::Request::from_parts(parts, ()))
        } else {
            let bytes = body.as_bytes().cloned().unwrap_or_default();
            self.http.send(http::Request::from_parts(parts, bytes.to_vec()))
        };
        let (parts, body) = reply.map_err(|e| failure(kind(&e), fetch::worded(&e)))?.into_parts();
        if !parts.status.is_success() {
            return Err(refusal(parts.status, &parts.headers, body));
        }
        let kind = parts.headers.get(http::header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
        if !is_file && kind.starts_with(b"text/html") {
            let words = "a web page was answered where a list was asked for; is the endpoint a store's?";
            return Err(failure(HttpErrorKind::Unknown, FetchError::Failed(words.to_owned())));
        }
        let limit = if is_file { u64::MAX } else { SMALL };
        let pieces = Pieces { from: body.into_with_config().limit(limit).reader(), over: false };
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(StreamBody::new(futures::stream::iter(pieces)))))
    }
}

fn refusal(status: StatusCode, headers: &http::HeaderMap, body: ureq::Body) -> HttpError {
    let mut text = Vec::new();
    // What can be read of it will do.
    let _ = body.into_with_config().limit(1 << 16).reader().read_to_end(&mut text);
    let answer = Answer::new(status, headers, &String::from_utf8_lossy(&text));
    let kind = if answer.is_passing() { HttpErrorKind::Interrupted } else { HttpErrorKind::Unknown };
    HttpError::new(kind, answer)
}

fn kind(error: &ureq::Error) -> HttpErrorKind {
    match error {
        ureq::Error::Timeout(_) => HttpErrorKind::Timeout,
        // A server that comes back is rarer than an address that is wrong.
        ureq::Error::Io(e) if e.kind() == ErrorKind::ConnectionRefused => HttpErrorKind::Unknown,
        ureq::Error::Io(e) if e.get_ref().is_none_or(|inner| !inner.is::<ureq::Error>()) => HttpErrorKind::Interrupted,
        ureq::Error::ConnectionFailed => HttpErrorKind::Connect,
        _ => HttpErrorKind::Unknown,
    }
}

fn failure(kind: HttpErrorKind, error: FetchError) -> HttpError {
    HttpError::new(kind, error)
}

/// A body piece by piece.
struct Pieces {
    from: BodyReader<'static>,
    over: bool,
}

impl Iterator for Pieces {
    type Item = Result<Frame<Bytes>, HttpError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let mut buffer = vec![0; 1 << 16];
        match self.from.read(&mut buffer) {
            Ok(0) => None,
            Ok(n) => {
                buffer.truncate(n);
                Some(Ok(Frame::data(buffer.into())))
            }
            Err(error) => {
                self.over = true;
                Some(Err(failure(HttpErrorKind::Interrupted, fetch::broken(error))))
            }
        }
    }
}
