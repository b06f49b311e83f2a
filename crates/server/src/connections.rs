//! The connections to other servers of the API, with their tokens. All are kept in one file, `connections.json`; a token
//! leaves it for the host that it was given for, and for nothing else.

use crate::cli::Config;
use crate::gateway::{Origin, Reach, Target};
use crate::hosting::{now, secret};
use crate::private;
use anyhow::{Context, Result};
use axum::http::Uri;
use axum::http::uri::Authority;
use labelscope_api::extensions::Connection;
use labelscope_api::messages::StatusCode;
use labelscope_api::wire::Secret;
use labelscope_engine::Fault;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The id of the connection on the command line.
const UPSTREAM: &str = "upstream";
const MOST: usize = 100;
const LONGEST_ID: usize = 32;
const LONGEST_TEXT: usize = 128;
const LONGEST_TOKEN: usize = 4096;
const MOST_HOSTS: usize = 32;

/// Where a host keeps the files of inputs, as its replies show.
const MEDIA_HOSTS: [(&str, &str); 1] = [("api.clarifai.com", "data.clarifai.com")];

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    connection: Connection,
    #[serde(default)]
    token: Secret,
}

impl Kept {
    fn shown(&self) -> Connection {
        Connection { has_token: !self.token.0.is_empty(), ..self.connection.clone() }
    }
}

pub(crate) struct Connections {
    fixed: Option<Kept>,
    file: PathBuf,
    kept: Mutex<Vec<Kept>>,
    allow_http: bool,
    allow_private: bool,
}

impl Connections {
    pub fn open(config: &Config) -> Result<Self> {
        let file = config.data.join("connections.json");
        let kept = Mutex::new(private::read_list(&file)?);
        let mut all =
            Self { fixed: None, file, kept, allow_http: config.allow_http, allow_private: config.allow_private_fetch };
        if let Some(upstream) = &config.upstream {
            let said = |fault: Fault| anyhow::anyhow!("{fault}");
            let origin = all.origin(&upstream.base_url).map_err(said).context("--upstream")?;
            check_token(&upstream.token).map_err(said).context("--upstream-token-file")?;
            let connection = Connection {
                id: UPSTREAM.to_owned(),
                name: origin.host.clone(),
                base_url: origin.to_string(),
                media_hosts: usual_hosts(&origin),
                fixed: true,
                ..Connection::default()
            };
            all.fixed = Some(Kept { connection, token: upstream.token.clone() });
        }
        Ok(all)
    }

    pub fn list(&self) -> Vec<Connection> {
        self.fixed.iter().chain(self.kept.lock().iter()).map(Kept::shown).collect()
    }

    pub fn get(&self, id: &str) -> Result<Connection, Fault> {
        self.find(id).map(|kept| kept.shown())
    }

    /// Where calls of a connection go.
    pub fn target(&self, id: &str) -> Result<Target, Fault> {
        let Kept { connection, token } = self.find(id)?;
        let origin = self.origin(&connection.base_url)?;
        let reach = if connection.fixed || self.allow_private {
            Reach::Network
        } else if origin.is_loopback() {
            Reach::Machine
        } else {
            Reach::Public
        };
        Ok(Target { id: connection.id, origin, token, media_hosts: connection.media_hosts, reach })
    }

    pub fn add(&self, asked: Connection, token: Secret) -> Result<Connection, Fault> {
        let mut asked = self.checked(asked)?;
        check_token(&token)?;
        let mut kept = self.kept.lock();
        if kept.len() >= MOST {
            return Err(invalid(format!("there are {MOST} connections already; delete some first")));
        }
        let taken = |id: &str| id == UPSTREAM || kept.iter().any(|k| k.connection.id == id);
        if asked.id.is_empty() {
            asked.id = made_of(&asked.name, taken);
        } else if taken(&asked.id) {
            return Err(invalid(format!("connection.id \"{}\" is taken; choose another, or send none", asked.id)));
        }
        asked.created_at = Some(now());
        kept.push(Kept { connection: asked, token });
        self.write(&mut kept, |kept| drop(kept.pop()))?;
        kept.last().map(Kept::shown).ok_or_else(|| unknown(""))
    }

    /// Changes what is sent. A token stays only as long as the address does.
    pub fn change(&self, id: &str, asked: Connection, token: Secret) -> Result<Connection, Fault> {
        self.not_fixed(id)?;
        if !asked.id.is_empty() && asked.id != id {
            return Err(invalid("connection.id cannot be changed; delete the connection and make another".to_owned()));
        }
        check_token(&token)?;
        let mut kept = self.kept.lock();
        let at = kept.iter_mut().find(|k| k.connection.id == id).ok_or_else(|| unknown(id))?;
        let before = at.clone();
        let old = &before.connection;
        let or = |new: String, old: &String| if new.is_empty() { old.clone() } else { new };
        let moved = !asked.base_url.is_empty();
        let mut next = self.checked(Connection {
            id: id.to_owned(),
            name: or(asked.name, &old.name),
            base_url: or(asked.base_url, &old.base_url),
            // Those of another address are not carried over to a new one.
            media_hosts: if asked.media_hosts.is_empty() && !moved {
                old.media_hosts.clone()
            } else {
                asked.media_hosts
            },
            user_id: or(asked.user_id, &old.user_id),
            app_id: or(asked.app_id, &old.app_id),
            ..Connection::default()
        })?;
        next.created_at = old.created_at;
        let same = next.base_url == old.base_url;
        if same && next.media_hosts.is_empty() {
            next.media_hosts.clone_from(&old.media_hosts);
        }
        let token = match (token.0.is_empty(), same) {
            (false, _) => token,
            (true, true) => before.token.clone(),
            (true, false) => Secret::default(),
        };
        *at = Kept { connection: next, token };
        let shown = at.shown();
        self.write(&mut kept, |kept| {
            if let Some(at) = kept.iter_mut().find(|k| k.connection.id == id) {
                *at = before;
            }
        })?;
        Ok(shown)
    }

    pub fn remove(&self, id: &str) -> Result<(), Fault> {
        self.not_fixed(id)?;
        let mut kept = self.kept.lock();
        let at = kept.iter().position(|k| k.connection.id == id).ok_or_else(|| unknown(id))?;
        let gone = kept.remove(at);
        self.write(&mut kept, |kept| kept.insert(at, gone))
    }

    fn find(&self, id: &str) -> Result<Kept, Fault> {
        let fixed = self.fixed.iter().find(|k| k.connection.id == id).cloned();
        fixed.or_else(|| self.kept.lock().iter().find(|k| k.connection.id == id).cloned()).ok_or_else(|| unknown(id))
    }

    fn not_fixed(&self, id: &str) -> Result<(), Fault> {
        if self.fixed.as_ref().is_some_and(|k| k.connection.id == id) {
            return Err(invalid(format!(
                "the connection \"{id}\" stands on the command line; start the server without --upstream, or with another"
            )));
        }
        Ok(())
    }

    /// Writes the file; where that fails, what was changed is undone.
    fn write(&self, kept: &mut Vec<Kept>, undo: impl FnOnce(&mut Vec<Kept>)) -> Result<(), Fault> {
        private::write_list(&self.file, kept).map_err(|error| {
            undo(kept);
            Fault::Io(std::io::Error::other(format!("{error:#}")))
        })
    }

    /// Reads the address of a server.
    fn origin(&self, base_url: &str) -> Result<Origin, Fault> {
        let wrong = |what: &str| {
            invalid(format!("connection.base_url {what}; give scheme and host, such as https://api.clarifai.com"))
        };
        let text = base_url.trim();
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.contains(['?', '#', '@']) {
            return Err(wrong("must hold no query, no fragment, no name and no password"));
        }
        let uri: Uri = text.parse().map_err(|_| wrong("cannot be read"))?;
        let origin = Origin::of(&uri).ok_or_else(|| wrong("must begin with https:// and name a host"))?;
        if !matches!(uri.path(), "" | "/") {
            return Err(wrong("must end behind the host: the path is added by each call"));
        }
        if !origin.https && !origin.is_loopback() && !self.allow_http {
            return Err(wrong(
                "must begin with https://, or the token would travel in the clear (http:// is for this machine, \
                 or for a server started with --allow-http)",
            ));
        }
        Ok(origin)
    }

    /// What was sent, checked and as it is kept.
    fn checked(&self, asked: Connection) -> Result<Connection, Fault> {
        let origin = self.origin(&asked.base_url)?;
        if asked.id.len() > LONGEST_ID || !asked.id.bytes().all(is_plain) {
            return Err(invalid(format!(
                "connection.id may hold small letters, digits, - and _, at most {LONGEST_ID} of them"
            )));
        }
        for (field, text) in [("name", &asked.name), ("user_id", &asked.user_id), ("app_id", &asked.app_id)] {
            if text.len() > LONGEST_TEXT || text.chars().any(char::is_control) {
                return Err(invalid(format!(
                    "connection.{field} is longer than {LONGEST_TEXT} bytes, or not on one line"
                )));
            }
        }
        if asked.media_hosts.len() > MOST_HOSTS {
            return Err(invalid(format!("connection.media_hosts has more than {MOST_HOSTS} entries")));
        }
        let hosts = asked.media_hosts.iter().enumerate().map(|(i, host)| media_host(i, host));
        let mut media_hosts = hosts.collect::<Result<Vec<_>, _>>()?;
        if media_hosts.is_empty() {
            media_hosts = usual_hosts(&origin);
        }
        Ok(Connection {
            id: asked.id,
            name: if asked.name.trim().is_empty() { origin.host.clone() } else { asked.name.trim().to_owned() },
            base_url: origin.to_string(),
            media_hosts,
            user_id: asked.user_id.trim().to_owned(),
            app_id: asked.app_id.trim().to_owned(),
            ..Connection::default()
        })
    }
}

fn invalid(details: String) -> Fault {
    Fault::Refused { code: StatusCode::CONN_INVALID_REQUEST, details }
}

fn unknown(id: &str) -> Fault {
    Fault::Refused { code: StatusCode::CONN_DOES_NOT_EXIST, details: format!("connection \"{id}\" does not exist") }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
}

/// It is sent as a part of a header. No failure repeats it.
fn check_token(token: &Secret) -> Result<(), Fault> {
    if token.0.len() > LONGEST_TOKEN || !token.0.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(invalid(
            "token: not as the other side shows it; it has no spaces and no signs beyond ASCII".to_owned(),
        ));
    }
    Ok(())
}

/// A host with or without a port.
fn media_host(index: usize, text: &str) -> Result<String, Fault> {
    let text = text.trim().to_ascii_lowercase();
    let sound = text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b));
    match text.parse::<Authority>() {
        Ok(authority) if sound && !authority.host().is_empty() => Ok(text),
        _ => Err(invalid(format!(
            "connection.media_hosts[{index}] must be a host alone, such as data.clarifai.com, or host:port"
        ))),
    }
}

fn usual_hosts(origin: &Origin) -> Vec<String> {
    MEDIA_HOSTS.iter().filter(|(host, _)| *host == origin.host).map(|(_, media)| (*media).to_owned()).collect()
}

/// An id out of a name.
fn made_of(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut id = String::new();
    for c in name.to_lowercase().chars() {
        let c = if u8::try_from(c).is_ok_and(is_plain) { c } else { '-' };
        if c != '-' || !(id.is_empty() || id.ends_with('-')) {
            id.push(c);
        }
    }
    id.truncate(LONGEST_ID);
    let id = id.trim_matches('-');
    let id = if id.is_empty() { "connection" } else { id };
    if !taken(id) {
        return id.to_owned();
    }
    let room = id.get(..id.len().min(LONGEST_ID - 4)).unwrap_or(id).trim_end_matches('-');
    let numbered = (2..=MOST + 1).map(|n| format!("{room}-{n}"));
    numbered.into_iter().find(|id| !taken(id)).unwrap_or_else(|| secret(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_names() {
        let none = |_: &str| false;
        for (name, id) in [
            ("Our platform", "our-platform"),
            ("api.clarifai.com", "api-clarifai-com"),
            ("  --  ", "connection"),
            ("日本", "connection"),
            ("É1", "1"),
        ] {
            assert_eq!(made_of(name, none), id, "{name}");
        }
        assert_eq!(made_of("a", |id| id == "a"), "a-2");
        assert_eq!(made_of("a", |id| id == "a" || id == "a-2"), "a-3");
        let long = "x".repeat(40);
        assert_eq!(made_of(&long, none).len(), 32);
        assert!(made_of(&long, |id| id.len() == 32).len() <= 32);
    }
}
