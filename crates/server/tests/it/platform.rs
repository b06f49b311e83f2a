//! The other side of a connection: a server on loopback that answers as it is told, and notes what it was asked.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response};
use std::future::Future;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The token that the platform knows.
pub const KEY: &str = "the-token-of-the-platform";

pub struct Platform {
    pub port: u16,
    asked: Mutex<UnboundedReceiver<Parts>>,
}

impl Platform {
    pub async fn start<F, R>(answer: F) -> Self
    where
        F: Fn(Request) -> R + Send + Sync + 'static,
        R: Future<Output = Response<Body>> + Send + 'static,
    {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, asked) = unbounded_channel();
        let answer = Arc::new(answer);
        let app = Router::new().fallback(move |request: Request| {
            let (parts, body) = request.into_parts();
            let _ = tell.send(parts.clone());
            let answer = answer.clone();
            async move { answer(Request::from_parts(parts, body)).await }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { port, asked: Mutex::new(asked) }
    }

    /// One that answers everything with a published reply of the platform.
    pub async fn recorded(name: &'static str) -> Self {
        Self::start(move |_| async move { recorded(name).0 }).await
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The same server under another name: another host to everyone but the network.
    pub fn alias(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// What was asked since the last time, without waiting.
    pub async fn asked(&self) -> Vec<Parts> {
        let mut asked = self.asked.lock().await;
        std::iter::from_fn(|| asked.try_recv().ok()).collect()
    }

    /// The one thing that was asked.
    pub async fn one(&self) -> Parts {
        let mut all = self.asked().await;
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

/// A published reply, and its bytes.
pub fn recorded(name: &str) -> (Response<Body>, Vec<u8>) {
    let file = std::fs::read(crate::world::testdata(&format!("wire/{name}.json"))).unwrap();
    let case: serde_json::Value = serde_json::from_slice(&file).unwrap();
    // With spaces and line ends, as no program of ours writes it.
    let bytes = serde_json::to_vec_pretty(&case["response"]["body"]).unwrap();
    let status = case["response"]["http_status"].as_u64().unwrap_or(200) as u16;
    let response = Response::builder().status(status).header("content-type", "application/json; charset=UTF-8");
    (response.body(Body::from(bytes.clone())).unwrap(), bytes)
}

pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |v| v.to_str().unwrap())
}
