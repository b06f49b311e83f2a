//! Fetching files over HTTP, for inputs that name an address. Addresses inside of the own machine and network are refused
//! where the server was not told otherwise; what counts is the address that is connected to, on every redirect.

use labelscope_engine::{Draft, Fetch, FetchError, Order};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, AsSendBody, Body, Error, http};

/// Files under way at the same time.
const AT_ONCE: usize = 4;
const REDIRECTS: u32 = 5;
/// Between two pieces of a file.
const STALL: Duration = Duration::from_secs(15);
/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// For a call-back, as a whole.
const NOTICE: Duration = Duration::from_secs(20);

pub(crate) struct Http {
    agent: Agent,
}

impl Http {
    pub fn new(allow_private: bool, whole: Duration) -> Self {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(REDIRECTS)
            .max_redirects_will_error(true)
            .timeout_connect(Some(CONNECT))
            .timeout_resolve(Some(CONNECT))
            .timeout_global(Some(whole))
            .timeout_per_read(Some(STALL))
            // A proxy would connect in our place, to wherever it is told.
            .proxy(None)
            .user_agent(concat!("labelscope/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Guard { inner: DefaultResolver::default(), allow_private };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    /// Reads a file of at most `limit` bytes.
    pub fn file(
        &self,
        url: &str,
        limit: u64,
        into: Draft,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Draft, FetchError> {
        let uri = address(url)?;
        if stop() {
            return Err(FetchError::Stopped);
        }
        let mut reply = self.agent.get(uri).call().map_err(|e| worded(&e))?;
        if reply.status() != http::StatusCode::OK {
            return Err(FetchError::Failed(format!("the other server answered {}", reply.status())));
        }
        let mut arriving = Arriving::new(reply.body().content_length(), limit, into)?;
        let mut from = reply.body_mut().as_reader();
        let mut buffer = vec![0; 1 << 16];
        loop {
            if stop() {
                return Err(FetchError::Stopped);
            }
            let n = from.read(&mut buffer).map_err(broken)?;
            if n == 0 {
                return arriving.whole();
            }
            arriving.add(buffer.get(..n).unwrap_or_default())?;
        }
    }

    /// How long a file is, where the other side tells that without sending it.
    pub fn length(&self, url: &str) -> Result<Option<u64>, FetchError> {
        let uri = address(url)?;
        let reply = self.agent.head(uri).call().map_err(|e| worded(&e))?;
        // An address may be good for reading alone.
        let length =
            reply.headers().get(http::header::CONTENT_LENGTH).filter(|_| reply.status() == http::StatusCode::OK);
        Ok(length.and_then(|l| l.to_str().ok()?.parse().ok()))
    }

    /// Sends a request as it is. The reply may have any status; no redirect is followed.
    pub fn send(&self, request: http::Request<impl AsSendBody>) -> Result<http::Response<Body>, Error> {
        self.agent.run(self.agent.configure_request(request).max_redirects(0).build())
    }
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Http")
    }
}

/// Reads an address, which may come from anyone.
pub(crate) fn address(url: &str) -> Result<Uri, FetchError> {
    let uri: Uri = url.parse().map_err(|e| FetchError::Address(format!("the url cannot be read: {e}")))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
        return Err(FetchError::Address("the url must begin with http:// or https:// and name a host".to_owned()));
    }
    if uri.authority().is_some_and(|a| a.as_str().contains('@')) {
        return Err(FetchError::Address("the url must not hold a name or a password".to_owned()));
    }
    Ok(uri)
}

/// A file of which more and more comes.
pub(crate) struct Arriving {
    into: Draft,
    limit: u64,
    total: u64,
}

impl Arriving {
    /// `length` is what the other side promises.
    pub fn new(length: Option<u64>, limit: u64, into: Draft) -> Result<Self, FetchError> {
        if length.is_some_and(|length| length > limit) {
            return Err(FetchError::TooLong(limit));
        }
        Ok(Self { into, limit, total: 0 })
    }

    pub fn add(&mut self, piece: &[u8]) -> Result<(), FetchError> {
        self.total += piece.len() as u64;
        if self.total > self.limit {
            return Err(FetchError::TooLong(self.limit));
        }
        Ok(self.into.writer()?.write_all(piece)?)
    }

    pub fn whole(self) -> Result<Draft, FetchError> {
        if self.total == 0 { Err(FetchError::Failed("the file is empty".to_owned())) } else { Ok(self.into) }
    }
}

impl Fetch for Http {
    fn fetch(
        &self,
        orders: Vec<Order>,
        stop: &(dyn Fn() -> bool + Sync),
        arrived: &mut dyn FnMut(usize, Result<Draft, FetchError>),
    ) {
        let queue: Mutex<VecDeque<(usize, Order)>> = Mutex::new(orders.into_iter().enumerate().collect());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                let (tell, queue) = (tell.clone(), &queue);
                scope.spawn(move || {
                    loop {
                        let next = queue.lock().pop_front();
                        let Some((index, order)) = next else { return };
                        if tell.send((index, self.file(&order.url, order.limit, order.into, stop))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(tell);
            for (index, result) in told {
                arrived(index, result);
            }
        });
    }

    fn notify(&self, url: &str, body: &[u8]) -> Result<(), FetchError> {
        let request = http::Request::post(address(url)?)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(|e| FetchError::Address(format!("the url cannot be used: {e}")))?;
        let request = self.agent.configure_request(request).timeout_global(Some(NOTICE)).build();
        let reply = self.send(request).map_err(|e| worded(&e))?;
        if reply.status().is_success() {
            return Ok(());
        }
        Err(FetchError::Failed(format!("the other server answered {}", reply.status())))
    }
}

/// The words for a body that ended early.
pub(crate) fn broken(error: std::io::Error) -> FetchError {
    match error.downcast::<Error>() {
        Ok(error) => worded(&error),
        Err(e) => FetchError::Failed(format!("the connection broke: {e}")),
    }
}

/// What went wrong, in words that hold nothing of the address: its query may be a secret.
pub(crate) fn worded(error: &Error) -> FetchError {
    match error {
        Error::Other(other) if other.is::<Refused>() => FetchError::Address(other.to_string()),
        Error::BadUri(_) => FetchError::Address("the url cannot be used".to_owned()),
        Error::HostNotFound => FetchError::Address("the host of the url is not known".to_owned()),
        Error::TooManyRedirects => FetchError::Failed(format!("there are more than {REDIRECTS} redirects")),
        Error::Timeout(_) => FetchError::Failed("the other server took too long".to_owned()),
        Error::Io(e) => match e.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(inner) => worded(inner),
            None => FetchError::Failed(format!("the connection failed: {e}")),
        },
        other => FetchError::Failed(format!("the other server could not be asked: {other}")),
    }
}

/// Resolves names, and lets only addresses of the public network through.
#[derive(Debug)]
struct Guard {
    inner: DefaultResolver,
    allow_private: bool,
}

/// Why a host is not asked.
#[derive(Debug, thiserror::Error)]
#[error("{host} lies in a private network, from which nothing is fetched; --allow-private-fetch permits it")]
struct Refused {
    host: String,
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        // A name with a public and a private address is as suspect as one with a private address alone.
        if !self.allow_private && found.iter().any(|a| !is_public(a.ip())) {
            let host = uri.host().unwrap_or_default().to_owned();
            return Err(Error::Other(Box::new(Refused { host })));
        }
        Ok(found)
    }
}

/// Does an address belong to the public network? Special ranges of IANA's registries do not.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(a == 0
        || a >= 224
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    // Addresses that carry one of version 4 are judged by it.
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    match ip.segments() {
        // NAT64 and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        // Teredo, benchmarks and documentation within the global range.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_network_is_public() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "::7f00:1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "8.8.8.8",
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }
}
