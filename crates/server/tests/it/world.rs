//! A server with its data folder, called without a socket.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use labelscope_server::{Config, Server, router, start};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower::ServiceExt;

pub const TOKEN: &str = "the-token-of-tests";

pub struct World {
    pub server: Server,
    pub dir: Arc<tempfile::TempDir>,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }
    pub fn code(&self) -> u64 {
        self.json()["status"]["code"].as_u64().unwrap()
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

pub fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)
}

impl World {
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::at(Arc::new(tempfile::tempdir().unwrap()), change)
    }

    pub fn at(dir: Arc<tempfile::TempDir>, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(dir.path().join("data"));
        config.token = Some(TOKEN.to_owned());
        config.workbench = Some(dir.path().join("no-workbench"));
        // No test asks the network for anything, unless it brings the other side with it.
        config.fetch = false;
        // Nor does any depend on how full the disk is.
        config.min_free = 0;
        change(&mut config);
        Self { server: start(config).unwrap(), dir }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = router(self.server.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    /// A call with the token.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> Reply {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send(with_token(method, path).body(body).unwrap()).await
    }

    pub async fn ok(&self, method: &str, path: &str, body: Value) -> Value {
        let reply = self.call(method, path, body).await;
        assert_eq!(reply.status, 200, "{method} {path}: {}", String::from_utf8_lossy(&reply.body));
        reply.json()
    }

    /// What a GET answers that is no JSON.
    pub async fn ok_text(&self, path: &str) -> String {
        let reply = self.call("GET", path, Value::Null).await;
        assert_eq!(reply.status, 200, "{path}");
        String::from_utf8(reply.body).unwrap()
    }

    /// Waits for a job to end, by its events, which come on the connection that is opened here first.
    pub async fn ended(&self, id: &str) -> Value {
        loop {
            let job = self.ok("GET", &format!("{EXTENSIONS}/jobs/{id}"), Value::Null).await["job"].take();
            if job["state"].as_u64().unwrap() >= 4 {
                return job;
            }
            tokio::task::yield_now().await;
        }
    }
}

pub const APP: &str = "/v2/users/me/apps/demo";
pub const EXTENSIONS: &str = "/labelscope/v1/users/me/apps/demo";

pub fn with_token(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("host", "h:1").header("authorization", format!("Key {TOKEN}"))
}
