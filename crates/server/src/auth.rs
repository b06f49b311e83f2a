//! Who may call: the token as `Authorization: Key …`, or a browser's session.
//!
//! A link with a one-time code signs a browser in. The session is a random id in an `HttpOnly` cookie; the server keeps
//! its hash in the data folder, so that it holds over a restart.

use crate::cli::Config;
use crate::hosting::secret;
use crate::reply;
use anyhow::{Context, Result};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Response, header};
use labelscope_api::messages::StatusCode;
use labelscope_engine::{Caller, DEFAULT_USER, hex};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A session's cookie lives so many seconds: 90 days.
const COOKIE_AGE: u32 = 90 * 24 * 3600;

pub(crate) struct Auth {
    token: [u8; 32],
    /// The cookie bears the instance in its name: two servers on one host do not mix.
    cookie: String,
    sessions: Mutex<BTreeSet<String>>,
    file: PathBuf,
    code: Mutex<Option<String>>,
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Compares without telling by its time how much is equal.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.iter().zip(b).fold(0, |diff, (x, y)| diff | (x ^ y)) == 0
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, text: &str) -> Result<()> {
    let part = path.with_extension("part");
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(part, path).with_context(|| format!("{} cannot be written", path.display()))
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
                    write_private(&kept, &made)?;
                    made
                }
            },
        };
        let instance = config.data.join("instance");
        let name = match fs::read_to_string(&instance) {
            Ok(text) if text.len() == 8 => text,
            _ => {
                let made = secret(4);
                write_private(&instance, &made)?;
                made
            }
        };
        let file = config.data.join("sessions");
        let sessions = fs::read_to_string(&file).unwrap_or_default().lines().map(str::to_owned).collect();
        Ok(Self {
            token: digest(&token),
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

    /// Takes the one-time code, or the token.
    pub fn admit(&self, code: Option<&str>, token: Option<&str>) -> Option<String> {
        let by_code = code.is_some_and(|code| {
            let mut kept = self.code.lock();
            let right = kept.as_deref() == Some(hex(&digest(code)).as_str());
            if right {
                *kept = None;
            }
            right
        });
        let by_token = token.is_some_and(|token| same(&digest(token), &self.token));
        if !by_code && !by_token {
            return None;
        }
        let session = secret(24);
        let mut sessions = self.sessions.lock();
        sessions.insert(hex(&digest(&session)));
        self.keep(&sessions);
        Some(format!("{}={session}; Path=/; HttpOnly; SameSite=Strict; Max-Age={COOKIE_AGE}", self.cookie))
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

    fn keep(&self, sessions: &BTreeSet<String>) {
        let text: String = sessions.iter().flat_map(|s| [s.as_str(), "\n"]).collect();
        if let Err(error) = write_private(&self.file, &text) {
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
        match self.session_of(headers) {
            Some(session) if !headers.contains_key(header::AUTHORIZATION) => digest(&session),
            _ => self.token,
        }
    }

    /// Who calls, or the answer that turns them away.
    pub fn caller(&self, method: &Method, headers: &HeaderMap, req_id: &str) -> Result<Caller, Box<Response<Body>>> {
        let caller = Caller { user_id: DEFAULT_USER.to_owned() };
        let refuse = |code, details: &str| Err(Box::new(reply::failure(code, details, req_id)));
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let given = value.to_str().ok().and_then(|v| v.strip_prefix("Key ").or_else(|| v.strip_prefix("Bearer ")));
            return match given {
                Some(token) if same(&digest(token.trim()), &self.token) => Ok(caller),
                Some(_) => refuse(
                    StatusCode::CONN_KEY_INVALID,
                    "this is not the token of this server; it is in the file `token` of its data folder",
                ),
                None => refuse(StatusCode::CONN_KEY_INVALID, "send the token as `Authorization: Key TOKEN`"),
            };
        }
        let Some(session) = self.session_of(headers) else {
            return refuse(
                StatusCode::CONN_KEY_NOT_FOUND,
                "send the token as `Authorization: Key TOKEN`, or sign in with the link that the server prints",
            );
        };
        if !self.sessions.lock().contains(&hex(&digest(&session))) {
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

/// Does a request that writes come from a page of this very server? Browsers say so in headers that pages cannot set.
pub(crate) fn from_own_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    let host = text("host").unwrap_or("");
    text("origin").and_then(|o| o.split_once("://")).is_some_and(|(_, origin)| origin == host)
}
