//! Answers that are ours and not the engine's: always JSON with a status.

use axum::body::Body;
use axum::http::{Response, StatusCode as Http, header};
use labelscope_api::messages::{BaseResponse, Status, StatusCode};
use labelscope_engine::{Fault, describe, http_status};
use serde::Serialize;

/// JSON under an HTTP status.
pub(crate) fn json(status: u16, value: &impl Serialize) -> Response<Body> {
    bytes(status, serde_json::to_vec(value).unwrap_or_default())
}

/// JSON that is bytes already.
pub(crate) fn bytes(status: u16, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = Http::from_u16(status).unwrap_or(Http::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

/// A failure in the API's words.
pub(crate) fn failure(code: StatusCode, details: impl Into<String>, req_id: &str) -> Response<Body> {
    failure_as(http_status(code), code, details, req_id)
}

/// A failure under another HTTP status than its code's.
pub(crate) fn failure_as(http: u16, code: StatusCode, details: impl Into<String>, req_id: &str) -> Response<Body> {
    let status = Status {
        code,
        description: describe(code).to_owned(),
        details: details.into(),
        req_id: req_id.to_owned(),
        ..Status::default()
    };
    json(http, &BaseResponse { status: Some(status) })
}

/// A failure of the engine. What is not the caller's to mend stands in the log.
pub(crate) fn fault(fault: &Fault, req_id: &str) -> Response<Body> {
    if !fault.is_full() && fault.http_status() >= 500 {
        return internal(fault, req_id);
    }
    json(fault.http_status(), &BaseResponse { status: Some(fault.status(req_id)) })
}

/// Something on our side failed; the log has it under the same id.
pub(crate) fn internal(error: impl std::fmt::Display, req_id: &str) -> Response<Body> {
    tracing::error!(req_id, "{error}");
    failure(StatusCode::INTERNAL_UNCATEGORIZED, "the server failed; its log has the reason under this req_id", req_id)
}
