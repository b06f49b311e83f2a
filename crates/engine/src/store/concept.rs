//! Concepts.

use super::{object, text};
use crate::fault::Fault;
use crate::tx::{App, Tx, check_id, fold};
use labelscope_api::messages::{Concept, ConceptValue, Gettable, Image, KeypointInfo, StatusCode, Visibility};
use labelscope_api::wire::{Struct, Timestamp};
use rusqlite::Row;

pub(crate) struct ConceptRow {
    pub rev: i64,
    pub key: i64,
    pub id: String,
    pub name: String,
    pub definition: String,
    pub supercategory: String,
    pub metadata: Option<String>,
    pub created_at: i64,
    pub body: Body,
}

/// What a concept carries beside its columns.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keypoint_info: Option<KeypointInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
}

impl Body {
    /// Takes over what a message has; what it leaves out stays.
    pub fn take(&mut self, from: &Concept) {
        let Concept { image, keypoint_info, visibility, .. } = from;
        self.image = image.clone().or_else(|| self.image.take());
        self.keypoint_info = keypoint_info.clone().or_else(|| self.keypoint_info.take());
        self.visibility = visibility.clone().or_else(|| self.visibility.take());
    }

    fn text(&self) -> Result<Option<String>, Fault> {
        Ok((*self != Self::default()).then(|| serde_json::to_string(self)).transpose()?)
    }
}

pub(crate) const COLUMNS: &str = "rev, key, id, name, definition, supercategory, metadata, created_at, body";

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<ConceptRow> {
    Ok(ConceptRow {
        rev: r.get(0)?,
        key: r.get(1)?,
        id: r.get(2)?,
        name: r.get(3)?,
        definition: r.get(4)?,
        supercategory: r.get(5)?,
        metadata: r.get(6)?,
        created_at: r.get(7)?,
        body: r.get::<_, Option<String>>(8)?.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default(),
    })
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<ConceptRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM concept WHERE app = ?1 AND id = ?2 AND died IS NULL"), (app.key, id), row)
}

/// What a new concept is made of.
#[derive(Default)]
pub(crate) struct NewConcept<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub definition: &'a str,
    pub supercategory: &'a str,
    pub metadata: Option<&'a Struct>,
    pub body: Body,
}

/// Adds a concept whose id is free, and gives its key.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, new: &NewConcept<'_>) -> Result<i64, Fault> {
    check_id("concept", new.id, StatusCode::CONCEPTS_INVALID_REQUEST)?;
    let name = if new.name.trim().is_empty() { new.id } else { new.name };
    let seq = tx.seq(app)?;
    tx.exec(
        "INSERT INTO concept (app, key, id, name, folded, definition, supercategory, metadata, created_at, modified_at, born, body)
         VALUES (?1, (SELECT coalesce(max(rev), 0) + 1 FROM concept), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10)",
        (app.key, new.id, name, fold(name), new.definition, new.supercategory, text(new.metadata)?, tx.now, seq, new.body.text()?),
    )?;
    tx.bump(app, "concepts", 1)?;
    Ok(tx.conn.last_insert_rowid())
}

/// Closes a row and opens the next.
pub(crate) fn replace(tx: &Tx<'_>, app: &App, row: &ConceptRow) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    tx.exec("UPDATE concept SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    tx.exec(
        "INSERT INTO concept (app, key, id, name, folded, definition, supercategory, metadata, created_at, modified_at, born, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        (
            app.key, row.key, &row.id, &row.name, fold(&row.name), &row.definition, &row.supercategory, &row.metadata, row.created_at, tx.now, seq,
            row.body.text()?,
        ),
    )?;
    Ok(())
}

/// The key of a concept that an annotation mentions; it is made where it is new.
pub(crate) fn find_or_insert(tx: &Tx<'_>, app: &App, concept: &Concept) -> Result<i64, Fault> {
    if !concept.id.is_empty()
        && let Some(found) = find(tx, app, &concept.id)?
    {
        return Ok(found.key);
    }
    if concept.id.is_empty() {
        // By name alone: the first of that name, in order of making.
        let known = tx.one(
            "SELECT key FROM concept INDEXED BY concept_name WHERE app = ?1 AND folded = ?2 AND died IS NULL ORDER BY key LIMIT 1",
            (app.key, fold(&concept.name)),
            |r| r.get(0),
        )?;
        if let Some(key) = known {
            return Ok(key);
        }
    }
    let made = match (concept.id.is_empty(), concept.name.trim().is_empty()) {
        (false, _) => concept.id.clone(),
        (true, false) => free_id(tx, app, &concept.name)?,
        (true, true) => {
            return Err(Fault::refused(StatusCode::CONCEPTS_INVALID_REQUEST, "a concept has neither id nor name"));
        }
    };
    insert(
        tx,
        app,
        &NewConcept { id: &made, name: &concept.name, metadata: concept.metadata.as_ref(), ..NewConcept::default() },
    )
}

/// An id for a new concept of that name: its slug, with a number behind it where that is taken.
pub(crate) fn free_id(tx: &Tx<'_>, app: &App, name: &str) -> Result<String, Fault> {
    let slug = slug(name);
    let mut id = slug.clone();
    let mut n = 1;
    while find(tx, app, &id)?.is_some() {
        n += 1;
        let suffix = format!("-{n}");
        id = slug.chars().take(32 - suffix.len()).collect::<String>() + &suffix;
    }
    Ok(id)
}

/// An id made of a name: letters, digits, `_` and `-` in lower case, at most 32 characters.
pub(crate) fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().to_lowercase().chars() {
        let c = if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '-' };
        if !(c == '-' && out.ends_with('-')) {
            out.push(c);
        }
        if out.len() == 32 {
            break;
        }
    }
    let out = out.trim_matches('-');
    if out.is_empty() {
        format!("c{:08x}", super::short_hash(&[name.as_bytes()]).unsigned_abs() as u32)
    } else {
        out.to_owned()
    }
}

/// The message of a concept.
pub(crate) fn message(app: &App, row: ConceptRow, value: f32) -> Concept {
    Concept {
        id: row.id,
        name: row.name,
        value: ConceptValue(value),
        created_at: Some(Timestamp(row.created_at)),
        language: app.language.clone(),
        app_id: app.id.clone(),
        user_id: app.user_id.clone(),
        definition: row.definition,
        visibility: row.body.visibility.or(Some(Visibility { gettable: Gettable::PRIVATE })),
        image: row.body.image,
        keypoint_info: row.body.keypoint_info,
        metadata: object(row.metadata),
        ..Concept::default()
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs() {
        assert_eq!(slug("Dining Table"), "dining-table");
        assert_eq!(slug("a / b"), "a-b");
        assert_eq!(slug(&"x".repeat(50)).len(), 32);
        assert!(slug("椅子").starts_with('c') && slug("椅子") != slug("机"));
    }
}
