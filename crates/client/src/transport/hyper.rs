//! A native transport over hyper, for loopback and plain HTTP.

use super::{Reply, Shared, Transport, TransportError, retry_after};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::rc::Rc;

/// A transport for programs; it runs on tokio.
#[must_use]
pub fn native() -> Shared {
    Rc::new(Hyper(Client::builder(TokioExecutor::new()).build_http()))
}

struct Hyper(Client<HttpConnector, Full<Bytes>>);

impl Transport for Hyper {
    fn send(&self, request: http::Request<Bytes>) -> LocalBoxFuture<'_, Result<Reply, TransportError>> {
        async move {
            let response = self.0.request(request.map(Full::new)).await.map_err(|e| {
                if e.is_connect() {
                    TransportError::not_sent(e.to_string())
                } else {
                    TransportError::lost(e.to_string())
                }
            })?;
            let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok());
            let (retry_after_ms, revision) =
                (retry_after(header("retry-after")), header("x-labelscope-revision").and_then(|v| v.parse().ok()));
            let status = response.status().as_u16();
            let body =
                response.into_body().collect().await.map_err(|e| TransportError::lost(e.to_string()))?.to_bytes();
            Ok(Reply { status, retry_after_ms, revision, body })
        }
        .boxed_local()
    }
}
