//! Concepts that a search names.

use super::postings::Posting;
use super::{Place, Sql, wrong};
use crate::fault::Fault;
use crate::tx::fold;
use labelscope_api::messages::Concept;
use rusqlite::types::Value;

/// A concept with what is wanted of it: on (from 0.5), or off.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub keys: Vec<i64>,
    pub on: bool,
}

impl Wanted {
    pub fn list(&self) -> String {
        self.keys.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
    }

    /// The inputs that carry it by what trusted annotations say.
    pub fn postings(&self) -> impl Iterator<Item = Posting> {
        self.keys.iter().map(|key| Posting::tag(*key, self.on))
    }

    /// The annotation `a` carries it.
    pub fn carried(&self) -> Sql {
        let list = self.list();
        let compare = if self.on { ">=" } else { "<" };
        Sql::new(
            format!(
                "EXISTS (SELECT 1 FROM label l WHERE l.annotation = a.rev AND l.concept IN ({list}) AND l.value {compare} 0.5)"
            ),
            [],
        )
    }
}

/// Finds a concept by id, or by name in its folded form, which several may have.
pub(super) fn find(place: &Place<'_>, concept: &Concept, at: &str) -> Result<Wanted, Fault> {
    let alive = place.alive("c");
    let (column, text) = match (concept.id.as_str(), concept.name.trim()) {
        ("", "") => return Err(wrong(at, "has neither id nor name")),
        ("", name) => ("folded", fold(name)),
        (id, _) => ("id", id.to_owned()),
    };
    let sql = format!("SELECT c.key FROM concept c WHERE c.app = ? AND c.{column} = ? AND {alive} ORDER BY c.key");
    let keys = place.keys(&sql, vec![place.app.into(), Value::Text(text)])?;
    if keys.is_empty() {
        let named = if concept.id.is_empty() { &concept.name } else { &concept.id };
        return Err(wrong(at, &format!("\"{named}\" does not exist")));
    }
    let value = concept.value.0;
    if !(0.0..=1.0).contains(&value) {
        return Err(wrong(at, &format!("has value {value}; it must lie from 0 to 1")));
    }
    Ok(Wanted { keys, on: value >= 0.5 })
}
