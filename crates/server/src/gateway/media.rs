//! Files of a connection's inputs, so that a page shows them without an address of its own to the other side.

use super::{Failure, Origin, REDIRECTS, Target, headers, join, redirect, without_query};
use crate::media::is_harmless;
use crate::reply;
use crate::state::Server;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode as Http, Uri, header};
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt, stream};
use http_body_util::Limited;
use hyper::body::Incoming;
use labelscope_api::messages::StatusCode;
use labelscope_engine::sniff;

/// A file may be so long.
const MOST: u64 = 1 << 30;
/// So much of a file tells what it is.
const HEAD: usize = 64;
const STREAM: &str = "application/octet-stream";

/// Why a file is not shown.
enum Refusal {
    /// The address cannot be used.
    Address(&'static str),
    /// Nothing is fetched from that host.
    Elsewhere(String),
    Answered(String, Http),
    TooLong,
    Failed(Failure),
}

impl Refusal {
    fn answer(self, req_id: &str) -> Response<Body> {
        let (http, code, details) = match self {
            Self::Address(what) => (400, StatusCode::CONN_INVALID_REQUEST, format!("url {what}")),
            Self::Elsewhere(host) => (
                403,
                StatusCode::CONN_INVALID_REQUEST,
                format!("{host} is not among the connection's media_hosts, so nothing is fetched from there"),
            ),
            Self::Answered(host, Http::NOT_FOUND | Http::GONE) => {
                (404, StatusCode::CONN_DOES_NOT_EXIST, format!("{host} has no such file"))
            }
            Self::Answered(host, Http::RANGE_NOT_SATISFIABLE) => {
                (416, StatusCode::CONN_INVALID_RANGE, format!("the file at {host} does not reach that far"))
            }
            Self::Answered(host, status) => {
                (502, StatusCode::INTERNAL_FETCHING_ISSUE, format!("{host} answered {status} and no file"))
            }
            Self::TooLong => {
                (502, StatusCode::INTERNAL_FETCHING_ISSUE, format!("the file is longer than {} MB", MOST >> 20))
            }
            Self::Failed(failure) => return failure.answer(req_id),
        };
        reply::failure_as(http, code, details, req_id)
    }
}

pub(super) async fn get(server: &Server, target: &Target, request: Request, req_id: &str) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let method = parts.method;
    if !matches!(method, Method::GET | Method::HEAD) {
        return reply::failure(StatusCode::CONN_METHOD_NOT_ALLOWED, "Method Not Allowed", req_id);
    }
    let fetched = match wanted(parts.uri.query().unwrap_or_default()) {
        Ok(url) => fetch(server, target, &method, url, &parts.headers).await,
        Err(refusal) => Err(refusal),
    };
    match fetched {
        Ok(answer) => shown(&method, answer).await.unwrap_or_else(|refusal| refusal.answer(req_id)),
        Err(refusal) => refusal.answer(req_id),
    }
}

/// The address that a query asks for.
fn wanted(query: &str) -> Result<Uri, Refusal> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("url="));
    let value = value.ok_or(Refusal::Address("is missing: add ?url=…, percent-encoded"))?;
    // A plus stays one: an address has no spaces.
    let text = percent_encoding::percent_decode_str(value).decode_utf8();
    text.ok().and_then(|t| t.parse().ok()).ok_or(Refusal::Address("cannot be read: is it percent-encoded?"))
}

/// May a file be fetched from there?
fn check(target: &Target, url: &Uri) -> Result<Origin, Refusal> {
    let origin =
        Origin::of(url).ok_or(Refusal::Address("must begin with https:// and name a host, without a password"))?;
    if origin == target.origin {
        return Ok(origin);
    }
    if !target.media_hosts.iter().any(|host| origin.is_listed_as(host)) {
        return Err(Refusal::Elsewhere(origin.host));
    }
    // Beside a server on this machine another may stand, also without TLS.
    if origin.https || (origin.is_loopback() && target.origin.is_loopback()) {
        return Ok(origin);
    }
    Err(Refusal::Address("must begin with https://"))
}

async fn fetch(
    server: &Server,
    target: &Target,
    method: &Method,
    mut url: Uri,
    asked: &HeaderMap,
) -> Result<Response<Incoming>, Refusal> {
    for _ in 0..=REDIRECTS {
        let origin = check(target, &url)?;
        let mut headers = headers::onward(asked);
        // The file itself is looked at, so it must not come packed.
        headers.remove(header::ACCEPT_ENCODING);
        if origin == target.origin
            && let Some(key) = target.key()
        {
            headers.insert(header::AUTHORIZATION, key);
        }
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method.clone();
        *request.uri_mut() = url;
        *request.headers_mut() = headers;
        let answer = server.inner.gateway.send(request, target.reach).await.map_err(Refusal::Failed)?;
        let Some(to) = redirect(&answer) else {
            return match answer.status() {
                Http::OK | Http::PARTIAL_CONTENT | Http::NOT_MODIFIED => Ok(answer),
                other => Err(Refusal::Answered(origin.host, other)),
            };
        };
        url = join(&origin, &to)
            .ok_or_else(|| Refusal::Failed(Failure::Redirect(origin.host.clone(), without_query(&to))))?;
    }
    Err(Refusal::Failed(Failure::TooManyRedirects(target.origin.host.clone(), REDIRECTS)))
}

/// A file as a browser may have it: what can hold a script comes as a download.
async fn shown(method: &Method, answer: Response<Incoming>) -> Result<Response<Body>, Refusal> {
    let (parts, body) = answer.into_parts();
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if length.is_some_and(|length: u64| length > MOST) {
        return Err(Refusal::TooLong);
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = parts.status;
    let said = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or(STREAM);
    let mut kind = said.split(';').next().unwrap_or(STREAM).trim().to_ascii_lowercase();
    if *method == Method::GET && parts.status != Http::NOT_MODIFIED {
        let mut rest = Body::new(Limited::new(body, MOST as usize)).into_data_stream();
        let mut head = BytesMut::new();
        while head.len() < HEAD
            && let Some(piece) = rest.next().await
        {
            let piece =
                piece.map_err(|e| Refusal::Failed(Failure::Broken("the file's host".to_owned(), e.to_string())))?;
            head.extend_from_slice(&piece);
        }
        // The middle of a file does not tell what it is; then it is as its host says.
        if parts.status == Http::OK || begins_a_file(&parts.headers) {
            kind = sniff(&head).to_owned();
        }
        let head = stream::once(async { Ok::<Bytes, axum::Error>(head.freeze()) });
        *response.body_mut() = Body::from_stream(head.chain(rest.into_stream()));
    }
    let harmless = is_harmless(&kind);
    let out = response.headers_mut();
    for name in [
        header::ACCEPT_RANGES,
        header::CACHE_CONTROL,
        header::CONTENT_LENGTH,
        header::CONTENT_RANGE,
        header::ETAG,
        header::LAST_MODIFIED,
    ] {
        if let Some(value) = parts.headers.get(&name) {
            out.insert(name, value.clone());
        }
    }
    out.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, max-age=3600"));
    let kind = if harmless { HeaderValue::from_str(&kind).ok() } else { None };
    out.insert(header::CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static(STREAM)));
    if !harmless {
        out.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    headers::harmless(out);
    Ok(response)
}

fn begins_a_file(headers: &HeaderMap) -> bool {
    let range = headers.get(header::CONTENT_RANGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    range.trim_start().strip_prefix("bytes").is_some_and(|rest| rest.trim_start().starts_with("0-"))
}
