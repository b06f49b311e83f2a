//! The gateway: calls go on to another server of the API, with the token that this one keeps for it.
//!
//! The token goes to the origin of the connection and to no other, whatever a path, a redirect or a header says. Bodies
//! stream in both directions; what the other side answers, failures included, comes back as it is.

mod client;
mod failure;
mod headers;
mod media;
mod origin;

pub(crate) use client::{Client, Reach};
pub(crate) use failure::Failure;
pub(crate) use origin::Origin;

use crate::reply;
use crate::state::Server;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode as Http, Uri, header};
use hyper::body::{Body as _, Incoming};
use labelscope_api::extensions::GATEWAY_PATH;
use labelscope_api::messages::StatusCode;
use labelscope_api::wire::Secret;
use std::time::Instant;

const REDIRECTS: usize = 5;
/// On answers of the other side, so that a client can tell them from ours.
const SPEAKS: &str = "x-labelscope-connection";

/// Where the calls of a connection go.
pub(crate) struct Target {
    pub id: String,
    pub origin: Origin,
    pub token: Secret,
    pub media_hosts: Vec<String>,
    pub reach: Reach,
}

impl Target {
    /// The header that bears the token.
    fn key(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Key {}", self.token.0)).ok()?;
        value.set_sensitive(true);
        (!self.token.0.is_empty()).then_some(value)
    }
}

/// The part of a path behind the gateway's own, if it is one of the gateway.
pub(crate) fn below(path: &str) -> Option<&str> {
    path.strip_prefix(GATEWAY_PATH)?.strip_prefix('/')
}

pub(crate) async fn handle(server: &Server, request: Request, req_id: &str) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let Some((id, rest)) = below(&path).and_then(|rest| rest.split_once('/')) else {
        return nothing(&path, req_id);
    };
    let target = match server.inner.connections.target(id) {
        Ok(target) => target,
        Err(fault) => return reply::failure(fault.code(), fault.to_string(), req_id),
    };
    if rest == "media" {
        // Files are not counted, here as elsewhere.
        return media::get(server, &target, request, req_id).await;
    }
    if let Some(rate) = &server.inner.rate
        && let Err(refusal) = rate.admit(server.inner.auth.credential(request.headers()), Instant::now(), req_id)
    {
        return *refusal;
    }
    if !is_sound(rest) {
        return nothing(&path, req_id);
    }
    call(server, &target, &format!("/{rest}"), request, req_id).await
}

fn nothing(path: &str, req_id: &str) -> Response<Body> {
    let details = format!("there is nothing at {path}: the gateway takes {GATEWAY_PATH}/{{connection_id}}/v2/…");
    reply::failure(StatusCode::CONN_DOES_NOT_EXIST, details, req_id)
}

/// Is it a path of the API, on this side and on the other? A server may read dots, slashes and escapes more than once.
fn is_sound(path: &str) -> bool {
    path.starts_with("v2/") && path.split('/').all(is_sound_segment)
}

fn is_sound_segment(segment: &str) -> bool {
    let mut segment = segment.as_bytes().to_vec();
    loop {
        let name = segment.split(|b| *b == b';').next().unwrap_or_default();
        if matches!(name, b"." | b"..") || segment.iter().any(|b| matches!(b, b'/' | b'\\' | 0..0x20 | 0x7f)) {
            return false;
        }
        let decoded: Vec<u8> = percent_encoding::percent_decode(&segment).collect();
        if decoded.len() == segment.len() {
            return true;
        }
        segment = decoded;
    }
}

async fn call(server: &Server, target: &Target, path: &str, request: Request, req_id: &str) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let writes = !matches!(parts.method, Method::GET | Method::HEAD);
    if writes && !matches!(parts.method, Method::POST | Method::PUT | Method::PATCH | Method::DELETE) {
        return reply::failure(StatusCode::CONN_METHOD_NOT_ALLOWED, "Method Not Allowed", req_id);
    }
    let Some(key) = target.key() else {
        let details = format!("the connection \"{}\" has no token; set one in the settings", target.id);
        // Not 401: it is not this server that the caller must sign in to.
        return reply::failure_as(400, StatusCode::CONN_KEY_NOT_FOUND, details, req_id);
    };
    let query = parts.uri.query().map(|q| format!("?{q}")).unwrap_or_default();
    let Ok(uri) = format!("{}{path}{query}", target.origin).parse::<Uri>() else {
        return nothing(path, req_id);
    };
    let mut headers = headers::onward(&parts.headers);
    headers.insert(header::AUTHORIZATION, key);
    let size = body.size_hint();
    if size.lower() > crate::api::MAX_BODY as u64 {
        return Failure::TooLong.answer(req_id);
    }
    // Said only where it is sure: a body of unknown length goes in chunks.
    if let Some(length) = size.exact().filter(|length| *length > 0) {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    // A body is sent once, so only a request without one can follow.
    let follows = !writes && body.is_end_stream();
    let sent = follow(server, target, parts.method, uri, headers, body, follows).await;
    match sent {
        Ok(answer) => {
            let (parts, body) = answer.into_parts();
            let mut response = Response::new(Body::new(body));
            *response.status_mut() = parts.status;
            *response.headers_mut() = headers::back(&parts.headers);
            if let Ok(id) = HeaderValue::from_str(&target.id) {
                response.headers_mut().insert(SPEAKS, id);
            }
            response
        }
        Err(failure) => failure.answer(req_id),
    }
}

/// Sends a request, and goes after redirects that stay on the same server and within the API.
async fn follow(
    server: &Server,
    target: &Target,
    method: Method,
    mut uri: Uri,
    headers: HeaderMap,
    body: Body,
    follows: bool,
) -> Result<Response<Incoming>, Failure> {
    let mut body = Some(body);
    for _ in 0..=REDIRECTS {
        let mut request = Request::new(body.take().unwrap_or_default());
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = headers.clone();
        let answer = server.inner.gateway.send(request, target.reach).await?;
        let Some(to) = redirect(&answer) else { return Ok(answer) };
        let next = join(&target.origin, &to).filter(|next| {
            Origin::of(next).is_some_and(|origin| origin == target.origin)
                && next.path().strip_prefix('/').is_some_and(is_sound)
        });
        match next {
            Some(next) if follows => uri = next,
            _ => return Err(Failure::Redirect(target.origin.host.clone(), without_query(&to))),
        }
    }
    Err(Failure::TooManyRedirects(target.origin.host.clone(), REDIRECTS))
}

/// Where an answer sends the caller on to, if it does.
fn redirect<B>(answer: &Response<B>) -> Option<String> {
    let moved = matches!(
        answer.status(),
        Http::MOVED_PERMANENTLY | Http::FOUND | Http::SEE_OTHER | Http::TEMPORARY_REDIRECT | Http::PERMANENT_REDIRECT
    );
    let location = answer.headers().get(header::LOCATION)?;
    moved.then(|| String::from_utf8_lossy(location.as_bytes()).into_owned())
}

/// Reads a `Location` that is whole or begins at the root; one that is relative to a path is none of the API's.
fn join(base: &Origin, location: &str) -> Option<Uri> {
    let scheme = if base.https { "https" } else { "http" };
    if location.starts_with("//") {
        return format!("{scheme}:{location}").parse().ok();
    }
    if location.starts_with('/') {
        return format!("{base}{location}").parse().ok();
    }
    location.parse::<Uri>().ok().filter(|uri| uri.scheme().is_some())
}

/// An address to be shown: its query may be a signature.
fn without_query(location: &str) -> String {
    let shown = location.split(['?', '#']).next().unwrap_or_default();
    let shown: String = shown.chars().filter(|c| !c.is_control()).take(200).collect();
    match shown.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or_default())
        }
        None => shown,
    }
}

/// A short call of our own to the other side: its HTTP status and its body, if that is not long.
pub(crate) async fn ask(server: &Server, target: &Target, path: &str) -> Result<(u16, bytes::Bytes), Failure> {
    const MOST: usize = 1 << 20;
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let mut headers = headers::onward(&headers);
    if let Some(key) = target.key() {
        headers.insert(header::AUTHORIZATION, key);
    }
    let uri = format!("{}{path}", target.origin).parse().unwrap_or_default();
    let answer = follow(server, target, Method::GET, uri, headers, Body::empty(), true).await?;
    let status = answer.status().as_u16();
    let (host, wait) = (target.origin.host.clone(), server.inner.config.upstream_timeout);
    match tokio::time::timeout(wait, axum::body::to_bytes(Body::new(answer.into_body()), MOST)).await {
        Ok(Ok(body)) => Ok((status, body)),
        Ok(Err(error)) => Err(Failure::Broken(host, error.to_string())),
        Err(_) => Err(Failure::Late(host, wait)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_api_are_sound() {
        for path in
            ["v2/users/me", "v2/users/me/apps/a%20b/concepts/%E6%97%A5", "v2/a/", "v2/a%25b", "v2/...", "v2/a..b"]
        {
            assert!(is_sound(path), "{path}");
        }
        for path in [
            "v1/x",
            "v2",
            "V2/x",
            "v2x/y",
            "",
            "v2/../x",
            "v2/./x",
            "v2/%2e%2e/x",
            "v2/.%2E/x",
            "v2/%252e%252e/x",
            "v2/a%2fb",
            "v2/a%5cb",
            "v2/a%252Fb",
            "v2/..;a/x",
            "v2/a%00",
            "v2/a%0d%0ab",
            "v2/..",
        ] {
            assert!(!is_sound(path), "{path}");
        }
    }

    #[test]
    fn what_is_shown_of_an_address_holds_no_secret() {
        assert_eq!(without_query("https://user:pw@b.org/a?sig=1#x"), "https://b.org/a");
        assert_eq!(without_query("/v2/x?y"), "/v2/x");
    }
}
