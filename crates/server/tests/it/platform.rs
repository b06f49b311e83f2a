//! The other side of a connection: a server on loopback that answers as it is told, and notes what it was asked.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
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

/// The other side behind TLS, with a certificate for `localhost` of an authority that nobody knows yet.
pub struct Sealed {
    pub port: u16,
    /// The authority, as a file of certificates has it.
    pub authority: String,
    pub heard: Arc<AtomicBool>,
}

impl Sealed {
    /// Answers one call after the other with the same published reply.
    pub async fn start(name: &'static str) -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let pem = authority.self_signed(&key).unwrap().pem();
        let issuer = rcgen::Issuer::new(authority, key);
        let host_key = rcgen::KeyPair::generate().unwrap();
        let host = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let host = host.signed_by(&host_key, &issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![host.der().clone()], host_key.serialize_der().try_into().unwrap())
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(AtomicBool::new(false));
        let hears = heard.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = [0; 4096];
                let length = stream.read(&mut request).await.unwrap_or(0);
                hears.fetch_or(length > 0, Ordering::Relaxed);
                let body = recorded(name).1;
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { port, authority: pem, heard }
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
