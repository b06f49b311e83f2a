//! From a request to its answer. There is one table of operations; nothing of the API is routed by hand.

use crate::state::Server;
use crate::{api, auth, cors, events, exports, gateway, hosting, imports, media, reply};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};
use labelscope_api::extensions::{EVENTS_PATH, EXPORT_FILE_PATH, IMPORT_FILE_PATH, MEDIA_PATH};
use labelscope_api::messages::{BaseResponse, StatusCode};
use std::time::Instant;

/// The service of a server.
pub fn router(server: Server) -> Router {
    Router::new().fallback(handle).with_state(server)
}

async fn handle(State(server): State<Server>, request: Request) -> Response<Body> {
    let begun = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let req_id = req_id(request.headers());
    let origin = cors::allowed(&server.inner.config.allow_origin, request.headers());
    let mut response = match origin.clone() {
        Some(origin) if method == Method::OPTIONS => cors::preflight(origin),
        _ => route(&server, request, &req_id).await,
    };
    if let Some(origin) = origin {
        cors::open(&mut response, origin);
    }
    // No query: it may hold a sign-in code.
    tracing::debug!(%method, path, status = response.status().as_u16(), ms = begun.elapsed().as_millis() as u64, req_id, "call");
    response
}

/// The id of a request, with the prefix that the client asked for.
fn req_id(headers: &HeaderMap) -> String {
    let prefix = headers.get("x-clarifai-request-id-prefix").and_then(|v| v.to_str().ok()).unwrap_or("");
    let clean: String = prefix.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).take(64).collect();
    let id = hosting::secret(16);
    if clean.is_empty() { id } else { format!("{clean}-{id}") }
}

async fn route(server: &Server, request: Request, req_id: &str) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    match path.as_str() {
        "/healthz" => return reply::json(200, &serde_json::json!({"status": "ok"})),
        "/labelscope/v1/sign-in" => return sign_in(server, request, req_id).await,
        "/labelscope/v1/sign-out" if method == Method::POST => {
            let cookie = server.inner.auth.dismiss(request.headers());
            return with_cookie(reply::json(200, &BaseResponse::default()), &cookie);
        }
        _ => {}
    }
    if !path.starts_with("/v2/") && path != "/v2" && !path.starts_with("/labelscope/") {
        return match &server.inner.workbench {
            Some(workbench) => workbench.serve(&method, &path, request.headers(), req_id),
            None => crate::workbench::missing(&path, req_id),
        };
    }
    let caller = match server.inner.auth.caller(&method, request.headers(), req_id) {
        Ok(caller) => caller,
        Err(refusal) => return *refusal,
    };
    let below = |prefix: &str| path.strip_prefix(prefix).map(|rest| rest.trim_start_matches('/').to_owned());
    if path == EVENTS_PATH && method == Method::GET {
        return events::stream(server);
    }
    if path == MEDIA_PATH && method == Method::POST {
        return media::upload(server, request, req_id).await;
    }
    if let Some(rest) = below(MEDIA_PATH)
        && matches!(method, Method::GET | Method::HEAD)
    {
        return media::get(server, &method, &rest, request.headers(), req_id).await;
    }
    if let Some(rest) = below(EXPORT_FILE_PATH)
        && matches!(method, Method::GET | Method::HEAD)
    {
        return exports::get(server, &method, &rest, request.headers(), req_id).await;
    }
    if let Some(rest) = below(IMPORT_FILE_PATH)
        && method == Method::PUT
    {
        return imports::put(server, &rest, request, req_id).await;
    }
    if gateway::below(&path).is_some() {
        return gateway::handle(server, request, req_id).await;
    }
    // Files are not counted: a page of pictures is many requests at once.
    if let Some(rate) = &server.inner.rate
        && let Err(refusal) = rate.admit(server.inner.auth.credential(request.headers()), Instant::now(), req_id)
    {
        return *refusal;
    }
    api::call(server, caller, request, req_id).await
}

/// What the sign-in page sends.
#[derive(serde::Deserialize)]
struct Form {
    token: String,
}

async fn sign_in(server: &Server, request: Request, req_id: &str) -> Response<Body> {
    if *request.method() == Method::GET {
        let code = request.uri().query().and_then(|q| q.split('&').find_map(|p| p.strip_prefix("code=")));
        let mut response = Response::new(Body::empty());
        *response.status_mut() = axum::http::StatusCode::SEE_OTHER;
        let (cookie, to) = match server.inner.auth.admit(code, None) {
            Some(cookie) => (Some(cookie), "/"),
            None => (None, "/sign-in?used"),
        };
        response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(to));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return match cookie {
            Some(cookie) => with_cookie(response, &cookie),
            None => response,
        };
    }
    if !auth::from_own_page(request.headers()) {
        return reply::failure_as(
            403,
            StatusCode::CONN_INVALID_REQUEST,
            "sign in from the workbench's own page",
            req_id,
        );
    }
    let body = axum::body::to_bytes(request.into_body(), 10_000).await.unwrap_or_default();
    match serde_json::from_slice::<Form>(&body)
        .ok()
        .and_then(|form| server.inner.auth.admit(None, Some(form.token.trim())))
    {
        Some(cookie) => with_cookie(reply::json(200, &BaseResponse::default()), &cookie),
        None => reply::failure(StatusCode::CONN_KEY_INVALID, auth::WRONG_TOKEN, req_id),
    }
}

fn with_cookie(mut response: Response<Body>, cookie: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}
