//! The client of the gateway: HTTPS with streaming both ways, and a guard over the addresses that it connects to.

use super::Failure;
use crate::cli::Config;
use crate::fetch::is_public;
use anyhow::Result;
use axum::body::Body;
use axum::http::{Request, Response};
use futures::future::BoxFuture;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Inner;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use parking_lot::Mutex;
use rustls::{ClientConfig, RootCertStore};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tower::Service;

/// A request's body may be so long, as towards this server itself.
const MAX_BODY: usize = crate::api::MAX_BODY;
/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// A connection on which nothing comes is asked whether it still stands.
const KEEPALIVE: Duration = Duration::from_mins(1);

/// Which addresses may be connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The public network.
    Public,
    /// And this machine.
    Machine,
    /// Any.
    Network,
}

impl Reach {
    fn allows(self, ip: IpAddr) -> bool {
        match self {
            Self::Public => is_public(ip),
            Self::Machine => is_public(ip) || ip.to_canonical().is_loopback(),
            Self::Network => true,
        }
    }
}

type Pool = Inner<HttpsConnector<HttpConnector<Guard>>, Body>;

/// One pool of connections for each reach: what one may use is never handed to another.
pub(crate) struct Client {
    public: Pool,
    machine: Pool,
    network: Pool,
    wait: Duration,
}

impl Client {
    pub fn new(config: &Config) -> Result<Self> {
        let tls = tls()?;
        Ok(Self {
            public: pool(Reach::Public, &tls),
            machine: pool(Reach::Machine, &tls),
            network: pool(Reach::Network, &tls),
            wait: config.upstream_timeout,
        })
    }

    /// Sends a request and gives the answer as soon as its head is there. To drop either ends the call.
    pub async fn send(&self, request: Request<Body>, reach: Reach) -> Result<Response<Incoming>, Failure> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        // A host that is an address is not resolved, so the guard does not see it.
        if let Ok(ip) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>()
            && !reach.allows(ip)
        {
            return Err(Failure::Private(host));
        }
        let heard = Arc::new(Mutex::new(Instant::now()));
        let sent = heard.clone();
        let request = request.map(|body| {
            Body::new(Limited::new(body, MAX_BODY).map_frame(move |frame| {
                *sent.lock() = Instant::now();
                frame
            }))
        });
        let pool = match reach {
            Reach::Public => &self.public,
            Reach::Machine => &self.machine,
            Reach::Network => &self.network,
        };
        let mut answer = pin!(pool.request(request));
        loop {
            // As long as the body moves the other side is not late.
            let late = *heard.lock() + self.wait;
            tokio::select! {
                answer = &mut answer => return answer.map_err(|error| worded(&error, &host)),
                () = sleep_until(late) => {
                    if *heard.lock() + self.wait <= Instant::now() {
                        return Err(Failure::Late(host, self.wait));
                    }
                }
            }
        }
    }
}

/// Whom the other side's certificate may come from: the public authorities, and those that this machine trusts besides,
/// such as a company's own.
fn tls() -> Result<ClientConfig> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let own = rustls_native_certs::load_native_certs();
    for error in own.errors {
        tracing::debug!("certificates of this machine: {error}");
    }
    roots.add_parsable_certificates(own.certs);
    // The provider is named: with two of them in a build none would be the default.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn pool(reach: Reach, tls: &ClientConfig) -> Pool {
    let mut http = HttpConnector::new_with_resolver(Guard(reach));
    http.enforce_http(false);
    http.set_connect_timeout(Some(CONNECT));
    http.set_keepalive(Some(KEEPALIVE));
    http.set_nodelay(true);
    let https =
        HttpsConnectorBuilder::new().with_tls_config(tls.clone()).https_or_http().enable_http1().wrap_connector(http);
    Inner::builder(TokioExecutor::new()).build(https)
}

/// Resolves names, and lets through only those all of whose addresses may be connected to.
#[derive(Clone)]
struct Guard(Reach);

#[derive(Debug, thiserror::Error)]
#[error("{0} lies in a private network")]
struct Refused(String);

#[derive(Debug, thiserror::Error)]
#[error("the name {0} is not known: {1}")]
struct Unknown(String, io::Error);

impl Service<Name> for Guard {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let reach = self.0;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map_err(|e| io::Error::other(Unknown(host.clone(), e)))?.collect();
            if found.iter().any(|a| !reach.allows(a.ip())) {
                return Err(io::Error::other(Refused(host)));
            }
            Ok(found.into_iter())
        })
    }
}

/// Finds out what a failure of the client means.
fn worded(error: &hyper_util::client::legacy::Error, host: &str) -> Failure {
    let host = host.to_owned();
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut last = String::new();
    while let Some(cause) = next {
        let mut held = cause;
        // What an `io::Error` holds is no source of it.
        while let Some(inner) = held.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            held = inner;
        }
        if held.is::<Refused>() {
            return Failure::Private(host);
        }
        if held.is::<http_body_util::LengthLimitError>() {
            return Failure::TooLong;
        }
        if let Some(unknown) = held.downcast_ref::<Unknown>() {
            return Failure::Unreachable(host, unknown.to_string());
        }
        if let Some(tls) = held.downcast_ref::<rustls::Error>() {
            return Failure::Tls(host, tls.to_string());
        }
        last = held.to_string();
        next = held.source();
    }
    if error.is_connect() { Failure::Unreachable(host, last) } else { Failure::Broken(host, last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reach_allows_what_it_says() {
        for (ip, public, machine) in [
            ("8.8.8.8", true, true),
            ("127.0.0.1", false, true),
            ("::1", false, true),
            ("::ffff:127.0.0.1", false, true),
            ("10.0.0.1", false, false),
            ("169.254.169.254", false, false),
            ("0.0.0.0", false, false),
        ] {
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!((Reach::Public.allows(ip), Reach::Machine.allows(ip)), (public, machine), "{ip}");
            assert!(Reach::Network.allows(ip));
        }
    }
}
