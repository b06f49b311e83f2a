//! The browser's `fetch`.

use super::{Reply, Shared, Transport, TransportError, retry_after};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Request, RequestCredentials, RequestInit, Response};

#[wasm_bindgen]
extern "C" {
    // Window and worker both have it.
    #[wasm_bindgen(js_name = fetch)]
    fn global_fetch(request: &Request) -> js_sys::Promise;
}

/// A transport over `fetch`. To one's own origin the session's cookie goes along; to another none does.
#[must_use]
pub fn fetch() -> Shared {
    Rc::new(Fetch(None))
}

/// A transport over a function that is called as `fetch` is: one with a proxy, or one that a test has.
#[must_use]
pub fn fetch_with(fetch: js_sys::Function) -> Shared {
    Rc::new(Fetch(Some(fetch)))
}

struct Fetch(Option<js_sys::Function>);

impl Fetch {
    fn call(&self, request: &Request) -> Result<js_sys::Promise, JsValue> {
        match &self.0 {
            None => Ok(global_fetch(request)),
            // It may give its answer at once.
            Some(f) => f.call1(&JsValue::UNDEFINED, request).map(|given| js_sys::Promise::resolve(&given)),
        }
    }
}

/// Aborts when it is dropped before the answer was read.
struct Guard(Option<AbortController>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(controller) = self.0.take() {
            controller.abort();
        }
    }
}

impl Transport for Fetch {
    fn send(&self, request: http::Request<Bytes>) -> LocalBoxFuture<'_, Result<Reply, TransportError>> {
        send(self, request).boxed_local()
    }
}

fn words(value: &JsValue) -> String {
    value.dyn_ref::<js_sys::Error>().map_or_else(|| "unknown reason".to_owned(), |e| String::from(e.message()))
}

async fn send(fetch: &Fetch, request: http::Request<Bytes>) -> Result<Reply, TransportError> {
    let broken = |e: JsValue| TransportError::not_sent(words(&e));
    let (parts, body) = request.into_parts();
    let controller = AbortController::new().map_err(broken)?;
    let init = RequestInit::new();
    init.set_method(parts.method.as_str());
    init.set_signal(Some(&controller.signal()));
    init.set_credentials(RequestCredentials::SameOrigin);
    if !body.is_empty() {
        init.set_body(&js_sys::Uint8Array::from(body.as_ref()));
    }
    let sent = Request::new_with_str_and_init(&parts.uri.to_string(), &init).map_err(broken)?;
    for (name, value) in &parts.headers {
        if let Ok(value) = value.to_str() {
            sent.headers().set(name.as_str(), value).map_err(broken)?;
        }
    }
    let mut guard = Guard(Some(controller));
    // A browser does not tell whether a request left before it failed.
    let lost = |e: JsValue| TransportError::lost(words(&e));
    let response: Response = JsFuture::from(fetch.call(&sent).map_err(lost)?).await.map_err(lost)?.unchecked_into();
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let (retry_after_ms, revision) =
        (retry_after(header("retry-after").as_deref()), header("x-labelscope-revision").and_then(|v| v.parse().ok()));
    let buffer = JsFuture::from(response.array_buffer().map_err(lost)?).await.map_err(lost)?;
    guard.0 = None;
    let body = js_sys::Uint8Array::new(&buffer).to_vec().into();
    Ok(Reply { status: response.status(), retry_after_ms, revision, body })
}
