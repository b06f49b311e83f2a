//! Rows and the messages made of them. Handlers and jobs share these.

pub(crate) mod add_job;
pub(crate) mod annotation;
pub(crate) mod app;
pub(crate) mod bulk;
pub(crate) mod concept;
pub(crate) mod counts;
pub(crate) mod dataset;
pub(crate) mod duplication;
pub(crate) mod evaluation;
pub(crate) mod extraction;
pub(crate) mod fields;
pub(crate) mod geometry;
pub(crate) mod input;
pub(crate) mod language;
pub(crate) mod media;
mod media_facts;
pub(crate) mod model;
pub(crate) mod patch;
pub(crate) mod relation;
pub(crate) mod search;
pub(crate) mod upload;
pub(crate) mod version;
pub(crate) mod wanted;
pub(crate) mod words;

use crate::fault::Fault;
use labelscope_api::wire::Struct;
use serde_json::Value;

/// A stored JSON object.
pub(crate) fn object(text: Option<String>) -> Option<Struct> {
    text.and_then(|t| serde_json::from_str(&t).ok())
}

/// A JSON object to store; `None` where there is none.
pub(crate) fn text(object: Option<&Struct>) -> Result<Option<String>, Fault> {
    Ok(object.map(serde_json::to_string).transpose()?)
}

/// Puts one object into another: objects are united key by key, anything else is replaced.
pub(crate) fn unite(into: &mut Struct, from: Struct) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => unite(old, new),
            (_, value) => drop(into.insert(key, value)),
        }
    }
}

/// The first eight bytes of a SHA-256 as a number, for telling contents apart.
pub(crate) fn short_hash(parts: &[&[u8]]) -> i64 {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let mut first = [0; 8];
    first.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    i64::from_le_bytes(first)
}
