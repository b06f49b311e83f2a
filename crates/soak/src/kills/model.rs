//! What a client knows: each resource that it wrote, and what an acknowledged write said of it.

use crate::http::{Connection, Request};
use crate::process::TOKEN;
use anyhow::{Context, Result, bail};
use serde_json::Value;

pub const APP: &str = "/v2/users/me/apps/demo";
pub const EXTENSIONS: &str = "/labelscope/v1/users/me/apps/demo";

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Concept,
    Input,
    Annotation,
    Dataset,
    Member,
    Version,
    Upload,
    Bulk,
    Job,
}

/// A resource: its kind, what it belongs to where that is part of its path, and its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub Kind, pub String, pub String);

/// What is there, as far as clients can tell two states apart; None where nothing is.
pub type State = Option<String>;

impl Key {
    pub fn path(&self) -> String {
        let Self(kind, owner, id) = self;
        match kind {
            Kind::Concept => format!("{APP}/concepts/{id}"),
            Kind::Input => format!("{APP}/inputs/{id}"),
            Kind::Annotation => format!("{APP}/inputs/{owner}/annotations/{id}"),
            Kind::Dataset => format!("{APP}/datasets/{id}"),
            Kind::Member => format!("{APP}/datasets/{owner}/inputs/{id}"),
            Kind::Version => format!("{APP}/datasets/{owner}/versions/{id}"),
            Kind::Upload => format!("{APP}/uploads/{id}"),
            Kind::Bulk => format!("{APP}/bulk_operations/{id}"),
            Kind::Job => format!("{EXTENSIONS}/jobs/{id}"),
        }
    }

    /// The part of a reply that a write sets.
    fn state(&self, reply: &Value) -> String {
        let at = |pointer: &str| reply.pointer(pointer).cloned().unwrap_or_default();
        let text = |pointer: &str| at(pointer).as_str().unwrap_or_default().to_owned();
        match self.0 {
            Kind::Concept => text("/concept/name"),
            Kind::Input => at("/input/data/metadata/n").to_string(),
            // In thousandths: the wire has 32 bits.
            Kind::Annotation => {
                let top = at("/annotation/data/regions/0/region_info/bounding_box/top_row").as_f64().unwrap_or(-1.0);
                format!("{:.0}", top * 1000.0)
            }
            Kind::Dataset => text("/dataset/description"),
            Kind::Version => text("/dataset_version/description"),
            Kind::Member | Kind::Upload | Kind::Bulk | Kind::Job => String::new(),
        }
    }

    /// Asks the server.
    pub fn read(&self, connection: &mut Connection) -> Result<State> {
        let (status, reply) = call(connection, "GET", &self.path(), &Value::Null)?;
        match status {
            200 => Ok(Some(self.state(&reply))),
            404 => Ok(None),
            _ => bail!("GET {}: HTTP {status}: {reply}", self.path()),
        }
    }
}

/// A call, and what is there once it is acknowledged.
pub struct Write {
    pub request: Request,
    pub changes: Vec<(Key, State)>,
}

/// A request with JSON, or without a body.
pub fn request(method: &str, target: &str, body: &Value) -> Request {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Request { method: method.to_owned(), target: target.to_owned(), kind: "application/json".to_owned(), body }
}

/// Sends it, and gives the HTTP status and the JSON of the answer.
pub fn call(connection: &mut Connection, method: &str, target: &str, body: &Value) -> Result<(u16, Value)> {
    let answer =
        connection.send(&request(method, target, body), TOKEN).with_context(|| format!("{method} {target}"))?;
    let reply = serde_json::from_slice(&answer.body).with_context(|| format!("{method} {target}: no JSON"))?;
    Ok((answer.status, reply))
}
