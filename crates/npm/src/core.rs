//! What JavaScript calls.

use labelscope_api::operations;
use labelscope_client::{Auth, Cancel, Client, Error, Poller, fetch, fetch_with};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// A handle that ends the calls it was given to.
#[wasm_bindgen]
pub struct Canceller(Cancel);

#[wasm_bindgen]
impl Canceller {
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Cancel::new())
    }

    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// A client. It holds the token; nothing gives it out again.
#[wasm_bindgen]
pub struct Core(Client);

#[wasm_bindgen]
impl Core {
    /// `token` absent: by the session's cookie. `fetch` absent: the global one.
    #[wasm_bindgen(constructor)]
    pub fn new(base: &str, token: Option<String>, fetch_function: Option<js_sys::Function>) -> Self {
        let auth = token.map_or(Auth::Session, Auth::key);
        Self(Client::new(base, auth, fetch_function.map_or_else(fetch, fetch_with)))
    }

    /// Sends an operation by its name. Gives the reply as JSON text, or fails with an error as JSON text.
    pub fn send(&self, name: &str, request: &str, canceller: &Canceller) -> js_sys::Promise {
        let client = self.0.with_cancel(&canceller.0);
        let meta = operations::ALL.iter().find(|m| m.name == name);
        let request: Result<Value, String> = serde_json::from_str(request).map_err(|e| e.to_string());
        let unknown = format!("there is no operation `{name}`");
        future_to_promise(async move {
            let meta = meta.ok_or_else(|| invalid(&unknown))?;
            let request = request.map_err(|e| invalid(&e))?;
            match client.send_json(meta, request).await {
                Ok(reply) => Ok(reply.to_string().into()),
                Err(error) => Err(told(&error)),
            }
        })
    }

    /// Calls any path. Gives `{"status", "body"}` as JSON text.
    pub fn call(
        &self,
        method: String,
        path: String,
        query: String,
        json: Option<String>,
        canceller: &Canceller,
    ) -> js_sys::Promise {
        let client = self.0.with_cancel(&canceller.0);
        future_to_promise(async move {
            let json = json.map(|text| serde_json::from_str::<Value>(&text)).transpose();
            let json = json.map_err(|e| invalid(&e.to_string()))?;
            match client.call(&method, &path, &query, json.as_ref()).await {
                Ok((status, body)) => Ok(json!({"status": status, "body": body}).to_string().into()),
                Err(error) => Err(told(&error)),
            }
        })
    }
}

/// Milliseconds to wait before look number `made` + 1 at something that takes time.
#[wasm_bindgen]
pub fn pause_ms(made: u32) -> f64 {
    Poller::default().pause_ms(made) as f64
}

fn invalid(message: &str) -> JsValue {
    json!({"kind": "invalid", "message": message}).to_string().into()
}

fn told(error: &Error) -> JsValue {
    let kind = if error.is_cancelled() {
        "cancelled"
    } else if error.is_timeout() {
        "timeout"
    } else if error.is_network() {
        "network"
    } else if error.is_not_found() {
        "not_found"
    } else if error.is_throttled() {
        "throttled"
    } else if error.is_unauthorized() {
        "unauthorized"
    } else if error.is_invalid() {
        "invalid"
    } else {
        "server"
    };
    json!({
        "kind": kind,
        "message": error.to_string(),
        "code": error.code().0,
        "details": error.details(),
        "reqId": error.req_id(),
        "httpStatus": error.http_status(),
        "isRetryable": error.is_retryable(),
        "advice": error.advice(),
    })
    .to_string()
    .into()
}
