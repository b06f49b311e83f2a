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
use ureq::{Agent, Error, http};

/// Files under way at the same time.
const AT_ONCE: usize = 4;
const REDIRECTS: u32 = 5;
/// Between two pieces of a file.
const STALL: Duration = Duration::from_secs(15);
/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);

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

    fn one(&self, order: Order, stop: &(dyn Fn() -> bool + Sync)) -> Result<Draft, FetchError> {
        let uri: Uri = order.url.parse().map_err(|e| FetchError::Address(format!("the url cannot be read: {e}")))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
            return Err(FetchError::Address("the url must begin with http:// or https:// and name a host".to_owned()));
        }
        if uri.authority().is_some_and(|a| a.as_str().contains('@')) {
            return Err(FetchError::Address("the url must not hold a name or a password".to_owned()));
        }
        if stop() {
            return Err(FetchError::Stopped);
        }
        let mut reply = self.agent.get(uri).call().map_err(|e| worded(&e))?;
        if reply.status() != http::StatusCode::OK {
            return Err(FetchError::Failed(format!("the other server answered {}", reply.status())));
        }
        let limit = order.limit;
        if reply.body().content_length().is_some_and(|length| length > limit) {
            return Err(FetchError::TooLong(limit));
        }
        let mut into = order.into;
        let mut from = reply.body_mut().as_reader();
        let (mut total, mut buffer) = (0, vec![0; 1 << 16]);
        loop {
            if stop() {
                return Err(FetchError::Stopped);
            }
            let n = from.read(&mut buffer).map_err(|e| match e.downcast::<Error>() {
                Ok(error) => worded(&error),
                Err(e) => FetchError::Failed(format!("the connection broke: {e}")),
            })?;
            if n == 0 {
                return if total == 0 { Err(FetchError::Failed("the file is empty".to_owned())) } else { Ok(into) };
            }
            total += n as u64;
            if total > limit {
                return Err(FetchError::TooLong(limit));
            }
            into.writer()?.write_all(buffer.get(..n).unwrap_or_default())?;
        }
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
                        if tell.send((index, self.one(order, stop))).is_err() {
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

    fn notify(&self, _url: &str, _body: &[u8]) -> Result<(), FetchError> {
        Err(FetchError::Address("SCAFFOLD".to_owned()))
    }
}

fn worded(error: &Error) -> FetchError {
    match error {
        Error::Other(other) if other.is::<Refused>() => FetchError::Address(other.to_string()),
        Error::BadUri(text) => FetchError::Address(format!("the url cannot be used: {text}")),
        Error::HostNotFound => FetchError::Address("the host of the url is not known".to_owned()),
        Error::TooManyRedirects => FetchError::Failed(format!("there are more than {REDIRECTS} redirects")),
        Error::Timeout(_) => FetchError::Failed("the other server took too long".to_owned()),
        Error::Io(e) => match e.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(inner) => worded(inner),
            None => FetchError::Failed(format!("the connection failed: {e}")),
        },
        other => FetchError::Failed(format!("the file could not be fetched: {other}")),
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
pub(crate) fn is_public(ip: IpAddr) -> bool {
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
