//! Scheme, host and port: whom a token may be sent to.

use axum::http::Uri;
use axum::http::uri::Authority;
use std::fmt;
use std::net::IpAddr;

/// Compared as a whole: another port or scheme is another server.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub https: bool,
    /// In small letters; an address of version 6 in brackets.
    pub host: String,
    pub port: u16,
}

impl Origin {
    /// The origin of an address; `None` where it is not HTTP, or holds a name or a password.
    pub fn of(uri: &Uri) -> Option<Self> {
        let https = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return None;
        }
        let port = authority.port_u16().unwrap_or(if https { 443 } else { 80 });
        Some(Self { https, host: authority.host().to_ascii_lowercase(), port })
    }

    /// The host's address, where the host is one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    /// Does it mean this very machine?
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.ip().is_some_and(|ip| ip.is_loopback())
    }

    /// Is it meant by an entry of a list of hosts, such as `data.example.com` or `localhost:8081`?
    pub fn is_listed_as(&self, entry: &str) -> bool {
        let Ok(entry) = entry.parse::<Authority>() else { return false };
        let port = entry.port_u16().unwrap_or(if self.https { 443 } else { 80 });
        entry.host().eq_ignore_ascii_case(&self.host) && port == self.port
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.https { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port == usual { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::of(&text.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_usual_port_is_no_difference_and_any_other_is() {
        assert!(origin("https://API.example.com/v2/x") == origin("https://api.example.com:443"));
        for other in ["http://api.example.com", "https://api.example.com:8443", "https://api.example.com.evil.org"] {
            assert!(origin(other) != origin("https://api.example.com"), "{other}");
        }
        assert_eq!(origin("HTTPS://Api.Example.com:443/x").to_string(), "https://api.example.com");
        assert_eq!(origin("http://[::1]:8080/").to_string(), "http://[::1]:8080");
        for none in ["https://user@example.com/", "https://u:p@example.com/", "ftp://example.com/", "/v2/x"] {
            assert!(Origin::of(&none.parse().unwrap()).is_none(), "{none}");
        }
    }

    #[test]
    fn hosts_on_a_list_are_whole_hosts() {
        let data = origin("https://data.example.com/a");
        assert!(data.is_listed_as("Data.example.com") && data.is_listed_as("data.example.com:443"));
        for entry in ["example.com", "data.example.com:8443", "ata.example.com", "data.example.com.org", ""] {
            assert!(!data.is_listed_as(entry), "{entry}");
        }
        assert!(origin("http://127.9.9.9:1/").is_loopback() && origin("http://[::1]/").is_loopback());
        assert!(!origin("http://localhost.example.com/").is_loopback() && !origin("http://10.0.0.1/").is_loopback());
    }
}
