//! Relations between concepts, and the knowledge graphs that they belong to.

use crate::fault::Fault;
use crate::tx::{App, Tx};
use labelscope_api::messages::{Concept, ConceptRelation, ConceptValue, Gettable, Visibility};
use rusqlite::Row;
use std::collections::HashMap;

/// How the subject stands to the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Predicate {
    /// The subject is the wider.
    Hypernym,
    /// The subject is the narrower.
    Hyponym,
    Synonym,
}

impl Predicate {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "hypernym" => Some(Self::Hypernym),
            "hyponym" => Some(Self::Hyponym),
            "synonym" => Some(Self::Synonym),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Hypernym => "hypernym",
            Self::Hyponym => "hyponym",
            Self::Synonym => "synonym",
        }
    }

    /// The same fact told from the other side.
    pub fn inverse(self) -> Self {
        match self {
            Self::Hypernym => Self::Hyponym,
            Self::Hyponym => Self::Hypernym,
            Self::Synonym => Self::Synonym,
        }
    }
}

pub(crate) struct RelationRow {
    pub rev: i64,
    pub id: String,
    pub subject: End,
    pub object: End,
    pub predicate: String,
    pub graph: String,
    pub visibility: i32,
}

/// A concept as a relation shows it.
pub(crate) struct End {
    pub key: i64,
    pub id: String,
    pub name: String,
}

fn row(r: &Row<'_>) -> rusqlite::Result<RelationRow> {
    Ok(RelationRow {
        rev: r.get(0)?,
        id: r.get(1)?,
        subject: End { key: r.get(2)?, id: r.get(3)?, name: r.get(4)? },
        object: End { key: r.get(5)?, id: r.get(6)?, name: r.get(7)? },
        predicate: r.get(8)?,
        graph: r.get(9)?,
        visibility: r.get(10)?,
    })
}

/// Rows of `relation` with the concepts at their ends. The page is cut before the concepts are looked up.
fn with_ends(page: &str) -> String {
    format!(
        "SELECT r.rev, r.id, s.key, s.id, s.name, o.key, o.id, o.name, r.predicate, r.graph, r.visibility FROM ({page}) r
         CROSS JOIN concept s ON s.key = r.subject AND s.died IS NULL CROSS JOIN concept o ON o.key = r.object AND o.died IS NULL ORDER BY r.key"
    )
}

const COLUMNS: &str = "rev, key, id, subject, object, predicate, graph, visibility";

/// Which relations are listed; empty means any.
pub(crate) struct Filter<'a> {
    pub predicate: Option<Predicate>,
    pub graph: &'a str,
}

/// Relations in order of making: those of one concept, or of the whole app, as they are stored.
pub(crate) fn list(
    tx: &Tx<'_>,
    app: &App,
    concept: Option<i64>,
    filter: &Filter<'_>,
    (offset, limit): (i64, i64),
) -> Result<Vec<RelationRow>, Fault> {
    let graph = if filter.graph.is_empty() { "?2 = ''" } else { "graph = ?2" };
    let (same, inverse) = match filter.predicate {
        None => ("", ""),
        Some(p) => (p.name(), p.inverse().name()),
    };
    let params = (concept.unwrap_or(app.key), filter.graph, same, inverse, limit, offset);
    let page = if concept.is_some() {
        // Each half is read in order along its index, and the two are merged.
        let side = |column: &str, predicate: &str| {
            format!(
                "SELECT {COLUMNS} FROM relation INDEXED BY relation_{column}_page WHERE {column} = ?1 AND died IS NULL AND {graph} AND (?3 = '' OR predicate = {predicate})"
            )
        };
        format!("{} UNION ALL {} ORDER BY key LIMIT ?5 OFFSET ?6", side("subject", "?3"), side("object", "?4"))
    } else {
        let index = if filter.graph.is_empty() { "relation_page" } else { "relation_graph" };
        format!(
            "SELECT {COLUMNS} FROM relation INDEXED BY {index} WHERE app = ?1 AND died IS NULL AND {graph} AND (?3 = '' OR predicate IN (?3, ?4)) ORDER BY key LIMIT ?5 OFFSET ?6"
        )
    };
    tx.all(&with_ends(&page), params, row)
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<RelationRow>, Fault> {
    let page = format!("SELECT {COLUMNS} FROM relation WHERE app = ?1 AND id = ?2 AND died IS NULL");
    tx.one(&with_ends(&page), (app.key, id), row)
}

/// A fact to be noted.
pub(crate) struct Fact<'a> {
    pub subject: i64,
    pub object: i64,
    pub predicate: Predicate,
    pub graph: &'a str,
}

/// The stored relation that says the same, in either spelling.
pub(crate) fn find_fact(tx: &Tx<'_>, fact: &Fact<'_>) -> Result<Option<RelationRow>, Fault> {
    let page = format!(
        "SELECT {COLUMNS} FROM relation WHERE subject = ?1 AND graph = ?2 AND predicate = ?3 AND object = ?4 AND died IS NULL
         UNION ALL SELECT {COLUMNS} FROM relation WHERE subject = ?4 AND graph = ?2 AND predicate = ?5 AND object = ?1 AND died IS NULL LIMIT 1"
    );
    let names = (fact.predicate.name(), fact.predicate.inverse().name());
    tx.one(&with_ends(&page), (fact.subject, fact.graph, names.0, fact.object, names.1), row)
}

/// Adds a relation whose id is free and whose fact is new.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, id: &str, fact: &Fact<'_>, visibility: Gettable) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    tx.exec(
        "INSERT INTO relation (app, key, id, subject, object, predicate, graph, visibility, created_at, born)
         VALUES (?1, (SELECT coalesce(max(rev), 0) + 1 FROM relation), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (app.key, id, fact.subject, fact.object, fact.predicate.name(), fact.graph, visibility.0, tx.now, seq),
    )?;
    Ok(())
}

pub(crate) fn delete(tx: &Tx<'_>, app: &App, rev: i64) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    tx.exec("UPDATE relation SET died = ?2 WHERE rev = ?1", (rev, seq))?;
    Ok(())
}

/// The wider concepts of one, in one graph.
fn parents(tx: &Tx<'_>, concept: i64, graph: &str) -> Result<Vec<i64>, Fault> {
    tx.all(
        "SELECT object FROM relation WHERE subject = ?1 AND graph = ?2 AND predicate = 'hyponym' AND died IS NULL
         UNION ALL SELECT subject FROM relation WHERE object = ?1 AND graph = ?2 AND predicate = 'hypernym' AND died IS NULL",
        (concept, graph),
        |r| r.get(0),
    )
}

fn has_children(tx: &Tx<'_>, concept: i64, graph: &str) -> Result<bool, Fault> {
    let found = tx.count(
        "SELECT EXISTS (SELECT 1 FROM relation WHERE object = ?1 AND graph = ?2 AND predicate = 'hyponym' AND died IS NULL)
             OR EXISTS (SELECT 1 FROM relation WHERE subject = ?1 AND graph = ?2 AND predicate = 'hypernym' AND died IS NULL)",
        (concept, graph),
    )?;
    Ok(found != 0)
}

/// The circle that a fact would close: keys from the narrower concept upwards until it comes round again.
pub(crate) fn circle(tx: &Tx<'_>, fact: &Fact<'_>) -> Result<Option<Vec<i64>>, Fault> {
    let (narrow, wide) = match fact.predicate {
        Predicate::Hyponym => (fact.subject, fact.object),
        Predicate::Hypernym => (fact.object, fact.subject),
        Predicate::Synonym => return Ok(None),
    };
    // A taxonomy mostly grows at its leaves: nothing can come round through those.
    if !has_children(tx, narrow, fact.graph)? {
        return Ok(None);
    }
    let mut below = HashMap::from([(wide, narrow)]);
    let mut front = vec![wide];
    while !front.is_empty() {
        let mut next = Vec::new();
        for concept in front {
            for parent in parents(tx, concept, fact.graph)? {
                if below.contains_key(&parent) {
                    continue;
                }
                below.insert(parent, concept);
                if parent == narrow {
                    let mut path = vec![narrow];
                    let mut at = concept;
                    while at != narrow {
                        path.push(at);
                        at = below.get(&at).copied().unwrap_or(narrow);
                    }
                    path.push(narrow);
                    path.reverse();
                    return Ok(Some(path));
                }
                next.push(parent);
            }
        }
        front = next;
    }
    Ok(None)
}

pub(crate) fn graph_exists(tx: &Tx<'_>, app: &App, id: &str) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM knowledge_graph WHERE app = ?1 AND id = ?2 AND died IS NULL";
    Ok(tx.one(sql, (app.key, id), |_| Ok(()))?.is_some())
}

/// The message of a relation, turned where it is to be told from the other side.
pub(crate) fn message(app: &App, row: RelationRow, turned: bool) -> ConceptRelation {
    let (subject, object, predicate) = if turned {
        let inverse = Predicate::parse(&row.predicate).map_or("", |p| p.inverse().name());
        (row.object, row.subject, inverse.to_owned())
    } else {
        (row.subject, row.object, row.predicate)
    };
    let concept = |end: End| {
        Some(Concept {
            id: end.id,
            name: end.name,
            value: ConceptValue(1.0),
            language: app.language.clone(),
            app_id: app.id.clone(),
            user_id: app.user_id.clone(),
            ..Concept::default()
        })
    };
    ConceptRelation {
        id: row.id,
        subject_concept: concept(subject),
        object_concept: concept(object),
        predicate,
        knowledge_graph_id: row.graph,
        visibility: Some(Visibility { gettable: Gettable(row.visibility) }),
    }
}
