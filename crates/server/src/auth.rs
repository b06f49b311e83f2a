//! Who may call: a token as `Authorization: Key …`, or a browser's session.
//!
//! A link with a one-time code signs a browser in, and so does a token. The session is a random id in an `HttpOnly`
//! cookie; the server keeps its hash in the data folder, so that it holds over a restart. A session that was begun with a
//! named token ends with it.

use crate::cli::Config;
use crate::hosting::secret;
use crate::tokens::{Tokens, ending};
use crate::{private, reply};
use anyhow::Result;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};
use labelscope_api::extensions::Token;
use labelscope_api::messages::StatusCode;
use labelscope_engine::{Caller, DEFAULT_USER, Fault, hex};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The id of the server's own token in lists.
const OWN: &str = "server";
/// A session's cookie lives so many seconds: 90 days.
const COOKIE_AGE: u32 = 90 * 24 * 3600;

pub(crate) const WRONG_TOKEN: &str = "this is no token of this server; its own is in the file `token` of its data folder, others are made in the settings";

pub(crate) struct Auth {
    token: [u8; 32],
    ends_with: String,
    pub tokens: Tokens,
    /// The cookie bears the instance in its name: two servers on one host do not mix.
    cookie: String,
    /// The hash of each session, and the id of the token that it was begun with: empty for a link and for the server's own.
    sessions: Mutex<BTreeMap<String, String>>,
    file: PathBuf,
    code: Mutex<Option<String>>,
}

pub(crate) fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Compares without telling by its time how much is equal.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |diff, (x, y)| diff | (x ^ y)) == 0
}

impl Auth {
    pub fn open(config: &Config) -> Result<Self> {
        let kept = config.data.join("token");
        let token = match &config.token {
            Some(token) => token.clone(),
            None => match fs::read_to_string(&kept) {
                Ok(text) if text.trim().len() >= 8 => text.trim().to_owned(),
                _ => {
                    let made = secret(24);
                    private::write(&kept, &made)?;
                    made
                }
            },
        };
        let instance = config.data.join("instance");
        let name = match fs::read_to_string(&instance) {
            Ok(text) if text.len() == 8 => text,
            _ => {
                let made = secret(4);
                private::write(&instance, &made)?;
                made
            }
        };
        let file = config.data.join("sessions");
        let tokens = Tokens::open(config.data.join("tokens.json"))?;
        let text = fs::read_to_string(&file).unwrap_or_default();
        let pairs = text.lines().map(|line| line.split_once(' ').unwrap_or((line, "")));
        let alive = pairs.filter(|(_, token)| token.is_empty() || tokens.knows(token));
        let sessions = alive.map(|(session, token)| (session.to_owned(), token.to_owned())).collect();
        Ok(Self {
            token: digest(&token),
            ends_with: ending(&token),
            tokens,
            cookie: format!("labelscope_{name}"),
            sessions: Mutex::new(sessions),
            file,
            code: Mutex::default(),
        })
    }

    /// A link that signs a browser in, once. An earlier link is void.
    pub fn link(&self, base: &str) -> String {
        let code = secret(16);
        *self.code.lock() = Some(hex(&digest(&code)));
        format!("{base}/labelscope/v1/sign-in?code={code}")
    }

    /// The server's own token, as lists show it.
    pub fn own(&self) -> Token {
        Token {
            id: OWN.to_owned(),
            name: "this server's own".to_owned(),
            ends_with: self.ends_with.clone(),
            fixed: true,
            ..Token::default()
        }
    }

    /// Takes the one-time code, or a token.
    pub fn admit(&self, code: Option<&str>, token: Option<&str>) -> Option<String> {
        let by_code = code.is_some_and(|code| {
            let mut kept = self.code.lock();
            let right = kept.as_deref() == Some(hex(&digest(code)).as_str());
            if right {
                *kept = None;
            }
            right
        });
        // Held until the session is noted: a token that is revoked meanwhile takes it along.
        let mut sessions = self.sessions.lock();
        let begun_with = if by_code { String::new() } else { self.known(token?)? };
        let session = secret(24);
        sessions.insert(hex(&digest(&session)), begun_with);
        self.keep(&sessions);
        Some(format!("{}={session}; Path=/; HttpOnly; SameSite=Strict; Max-Age={COOKIE_AGE}", self.cookie))
    }

    /// The id of a token: empty for the server's own, `None` for one that is none.
    fn known(&self, token: &str) -> Option<String> {
        let given = digest(token);
        if same(&given, &self.token) { Some(String::new()) } else { self.tokens.used(&given) }
    }

    /// Takes a token away, and the sessions that were begun with it.
    pub fn revoke(&self, id: &str) -> Result<(), Fault> {
        if id == OWN {
            let details = "this token is the server's own; start it with another by --token or --token-file".to_owned();
            return Err(Fault::Refused { code: StatusCode::CONN_INVALID_REQUEST, details });
        }
        self.tokens.revoke(id)?;
        let mut sessions = self.sessions.lock();
        sessions.retain(|_, token| token != id);
        self.keep(&sessions);
        Ok(())
    }

    /// Ends the session of a request, and gives the cookie that forgets it.
    pub fn dismiss(&self, headers: &HeaderMap) -> String {
        if let Some(session) = self.session_of(headers) {
            let mut sessions = self.sessions.lock();
            sessions.remove(&hex(&digest(&session)));
            self.keep(&sessions);
        }
        format!("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0", self.cookie)
    }

    fn keep(&self, sessions: &BTreeMap<String, String>) {
        let lines = sessions
            .iter()
            .map(|(s, token)| if token.is_empty() { format!("{s}\n") } else { format!("{s} {token}\n") });
        let text: String = lines.collect();
        if let Err(error) = private::write(&self.file, &text) {
            tracing::error!("sessions cannot be kept: {error:#}");
        }
    }

    fn session_of(&self, headers: &HeaderMap) -> Option<String> {
        let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
        let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.cookie).map(|(_, value)| value.to_owned())
    }

    /// What tells the credential of a request that was let in from others: its hash.
    pub fn credential(&self, headers: &HeaderMap) -> [u8; 32] {
        match headers.get(header::AUTHORIZATION) {
            Some(value) => token_in(value).map_or(self.token, digest),
            None => self.session_of(headers).map_or(self.token, |session| digest(&session)),
        }
    }

    /// Who calls, or the answer that turns them away.
    pub fn caller(&self, method: &Method, headers: &HeaderMap, req_id: &str) -> Result<Caller, Box<Response<Body>>> {
        let caller = Caller { user_id: DEFAULT_USER.to_owned() };
        let refuse = |code, details: &str| Err(Box::new(reply::failure(code, details, req_id)));
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            return match token_in(value) {
                Some(token) if self.known(token).is_some() => Ok(caller),
                Some(_) => refuse(StatusCode::CONN_KEY_INVALID, WRONG_TOKEN),
                None => refuse(StatusCode::CONN_KEY_INVALID, "send the token as `Authorization: Key TOKEN`"),
            };
        }
        let Some(session) = self.session_of(headers) else {
            return refuse(
                StatusCode::CONN_KEY_NOT_FOUND,
                "send the token as `Authorization: Key TOKEN`, or sign in with the link that the server prints",
            );
        };
        if !self.sessions.lock().contains_key(&hex(&digest(&session))) {
            return refuse(StatusCode::CONN_KEY_NOT_FOUND, "this session is over; sign in again");
        }
        if !matches!(*method, Method::GET | Method::HEAD) && !from_own_page(headers) {
            return Err(Box::new(reply::failure_as(
                403,
                StatusCode::CONN_INVALID_REQUEST,
                "a page of another origin cannot write with this session",
                req_id,
            )));
        }
        Ok(caller)
    }
}

/// The token of an `Authorization` header.
fn token_in(value: &HeaderValue) -> Option<&str> {
    let text = value.to_str().ok()?;
    text.strip_prefix("Key ").or_else(|| text.strip_prefix("Bearer ")).map(str::trim)
}

/// Does a request that writes come from a page of this very server? Browsers say so in headers that pages cannot set.
pub(crate) fn from_own_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    let host = text("host").unwrap_or("");
    text("origin").and_then(|o| o.split_once("://")).is_some_and(|(_, origin)| origin == host)
}
