//! Calls of the API and of its extensions, by the table in `labelscope-api`.

use crate::state::Server;
use crate::writer::Owned;
use crate::{own, reply};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use labelscope_api::extensions;
use labelscope_api::messages::StatusCode;
use labelscope_api::{Meta, operations};
use labelscope_engine::{Answer, Caller, is_write};

/// A body may be so long: 128 MB and some room for base64's JSON around it.
pub(crate) const MAX_BODY: usize = 130 << 20;

type Found = (&'static Meta, Vec<(&'static str, String)>);

/// The operation that a request means, or whether the path at least is known.
fn find(method: &str, path: &str) -> Result<Found, bool> {
    let all = operations::ALL.iter().chain(extensions::ALL.iter().map(|e| &e.meta));
    let mut known = false;
    let mut best: Option<(usize, Found)> = None;
    for meta in all {
        let Some((params, literal)) = meta.match_path(path) else { continue };
        known = true;
        // Literal segments beat parameters: `inputs/stream` is no input called "stream".
        if meta.method == method && best.as_ref().is_none_or(|(most, _)| literal > *most) {
            best = Some((literal, (meta, params)));
        }
    }
    best.map(|(_, found)| found).ok_or(known)
}

/// The address under which others reach this server.
pub(crate) fn base_url(server: &Server, headers: &HeaderMap) -> String {
    if let Some(url) = &server.inner.config.public_url {
        return url.clone();
    }
    let host = headers.get("host").and_then(|v| v.to_str().ok()).unwrap_or("");
    let sound = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    if sound { format!("http://{host}") } else { format!("http://{}", server.inner.config.listen) }
}

pub(crate) async fn call(server: &Server, caller: Caller, request: Request, req_id: &str) -> Response<Body> {
    let path = request.uri().path().trim_end_matches('/').to_owned();
    let (meta, params) = match find(request.method().as_str(), &path) {
        Ok(found) => found,
        Err(true) => return reply::failure(StatusCode::CONN_METHOD_NOT_ALLOWED, "Method Not Allowed", req_id),
        Err(false) => {
            return reply::failure(StatusCode::CONN_DOES_NOT_EXIST, format!("there is nothing at {path}"), req_id);
        }
    };
    let query = request.uri().query().unwrap_or("").to_owned();
    let base_url = base_url(server, request.headers());
    let body = match axum::body::to_bytes(request.into_body(), MAX_BODY).await {
        Ok(body) => body,
        Err(error) => {
            let details = format!("the body could not be read, or is longer than {} MB: {error}", MAX_BODY >> 20);
            return reply::failure_as(413, StatusCode::CONN_BAD_REQUEST_FORMAT, details, req_id);
        }
    };
    let call = Owned { name: meta.name, path: params, query, body, caller, base_url, req_id: req_id.to_owned() };
    if let Some(response) = own::answer(server, &call).await {
        return response;
    }
    let answer = if is_write(meta.name, &call.body) {
        server.inner.queue.execute(call).await.ok_or_else(|| anyhow::anyhow!("the server is stopping"))
    } else {
        server.read(move |reader| reader.execute(&call.call())).await
    };
    match answer {
        Ok(answer) => respond(answer),
        Err(error) => reply::internal(error, req_id),
    }
}

fn respond(answer: Answer) -> Response<Body> {
    let mut response = reply::bytes(answer.http_status, answer.body);
    if let Some(revision) = answer.revision {
        response.headers_mut().insert("x-labelscope-revision", revision.into());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_reached_by_each_of_its_paths() {
        for meta in operations::ALL.iter().chain(extensions::ALL.iter().map(|e| &e.meta)) {
            for path in meta.paths {
                let real: String = path
                    .split('/')
                    .skip(1)
                    .map(|s| if s.starts_with('{') { "/some-id".to_owned() } else { format!("/{s}") })
                    .collect();
                assert_eq!(find(meta.method, &real).map(|(m, _)| m.name), Ok(meta.name), "{} {real}", meta.method);
            }
        }
        assert_eq!(find("GET", "/v2/users/me/apps/demo/inputs/stream").map(|(m, _)| m.name), Ok("StreamInputs"));
        assert_eq!(find("PUT", "/v2/users/me/apps/demo/inputs").err(), Some(true));
        assert_eq!(find("GET", "/v2/nothing").err(), Some(false));
    }
}
