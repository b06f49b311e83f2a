//! Archives, to be fetched whole or in parts.

use crate::state::Server;
use crate::{range, reply};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};
use labelscope_api::messages::StatusCode;

pub(crate) async fn get(
    server: &Server,
    method: &Method,
    rest: &str,
    headers: &HeaderMap,
    req_id: &str,
) -> Response<Body> {
    let gone = || {
        reply::failure(
            StatusCode::CONN_DOES_NOT_EXIST,
            "there is no such archive; it may have been deleted with its version",
            req_id,
        )
    };
    let Some((id, name)) = rest.split_once('/').map(|(id, name)| (id.to_owned(), name.to_owned())) else {
        return gone();
    };
    let shown = name.clone();
    let file = match server.read(move |r| r.export_file(&id, &name)).await {
        Ok(Ok(Some(file))) => file,
        Ok(Ok(None)) => return gone(),
        Ok(Err(error)) => return reply::internal(error, req_id),
        Err(error) => return reply::internal(error, req_id),
    };
    // Exactly this type: the vendor's SDK compares the header as a whole.
    let mut response = range::send(method, headers, &file.path, &file.sha256, "application/zip", req_id).await;
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{shown}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
