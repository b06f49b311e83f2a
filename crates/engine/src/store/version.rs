//! Dataset versions: a sequence number and a filter, through which the past is read.

use super::annotation::{self, AnnotationRow};
use super::input::{self, InputRow};
use crate::fault::Fault;
use labelscope_api::messages::AnnotationFilterConfig;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Which annotations a version holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Filter {
    /// As it was sent, to be answered again.
    pub sent: Option<AnnotationFilterConfig>,
    /// Inputs without an annotation are left out.
    pub ignore_empty: bool,
    /// Annotations with one of these concepts; empty for all.
    pub concepts: Vec<String>,
    /// Annotations by one of these users; empty for all.
    pub users: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct VersionRow {
    pub key: i64,
    pub dataset: i64,
    pub id: String,
    pub seq: i64,
    pub description: String,
    pub metadata: Option<String>,
    pub filter: Filter,
    pub origin: i32,
    /// The counts of the whole, once they are there.
    pub totals: Option<String>,
    pub created_at: i64,
    pub modified_at: i64,
}

pub(crate) const COLUMNS: &str =
    "key, dataset, id, seq, description, metadata, filter, origin, totals, created_at, modified_at";

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<VersionRow> {
    Ok(VersionRow {
        key: r.get(0)?,
        dataset: r.get(1)?,
        id: r.get(2)?,
        seq: r.get(3)?,
        description: r.get(4)?,
        metadata: r.get(5)?,
        filter: serde_json::from_str(&r.get::<_, String>(6)?).unwrap_or_default(),
        origin: r.get(7)?,
        totals: r.get(8)?,
        created_at: r.get(9)?,
        modified_at: r.get(10)?,
    })
}

pub(crate) fn by_key(conn: &Connection, key: i64) -> Result<Option<VersionRow>, Fault> {
    Ok(conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM dataset_version WHERE key = ?1"))?
        .query_row([key], row)
        .optional()?)
}

/// An annotation as a version sees it, with its labels as concept keys and values.
pub(crate) type Seen = (AnnotationRow, Vec<(i64, f64)>);

/// A version's view of the tables.
pub(crate) struct View<'a> {
    conn: &'a Connection,
    version: &'a VersionRow,
    /// Keys of the concepts that the filter wants.
    concepts: Option<HashSet<i64>>,
}

impl<'a> View<'a> {
    pub fn new(conn: &'a Connection, version: &'a VersionRow) -> Result<Self, Fault> {
        let concepts = if version.filter.concepts.is_empty() {
            None
        } else {
            let mut keys = HashSet::new();
            let mut statement = conn.prepare_cached(
                "SELECT c.key FROM concept c JOIN dataset d ON d.app = c.app WHERE d.key = ?1 AND c.id = ?2",
            )?;
            for id in &version.filter.concepts {
                for key in statement.query_map((version.dataset, id), |r| r.get(0))? {
                    keys.insert(key?);
                }
            }
            Some(keys)
        };
        Ok(Self { conn, version, concepts })
    }

    /// The next inputs after `after`, in the order in which they came, with their annotations. Inputs that the filter
    /// leaves out are not among them, but `after` of the next chunk is the last key that was looked at.
    pub fn chunk(&self, after: i64, limit: usize) -> Result<(Vec<(InputRow, Vec<Seen>)>, Option<i64>), Fault> {
        let sql = format!(
            "SELECT {} FROM member m JOIN input i ON i.key = m.input AND i.born <= ?3 AND (i.died IS NULL OR i.died > ?3)
             WHERE m.dataset = ?1 AND m.input > ?2 AND m.born <= ?3 AND (m.died IS NULL OR m.died > ?3) ORDER BY m.input LIMIT ?4",
            input::COLUMNS
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map((self.version.dataset, after, self.version.seq, limit as i64), input::row)?;
        let mut out = Vec::new();
        let mut last = None;
        for row in rows {
            let row = row?;
            last = Some(row.key);
            let seen = self.annotations(row.key)?;
            if !(self.version.filter.ignore_empty && seen.is_empty()) {
                out.push((row, seen));
            }
        }
        Ok((out, last))
    }

    fn annotations(&self, input: i64) -> Result<Vec<Seen>, Fault> {
        let sql = format!(
            "SELECT {}, l.concept, l.value FROM annotation a LEFT JOIN label l ON l.annotation = a.rev
             WHERE a.input = ?1 AND a.born <= ?2 AND (a.died IS NULL OR a.died > ?2) AND a.trusted = 1 ORDER BY a.key",
            annotation::COLUMNS
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query((input, self.version.seq))?;
        let mut out: Vec<Seen> = Vec::new();
        while let Some(r) = rows.next()? {
            let rev: i64 = r.get(0)?;
            let label = r
                .get::<_, Option<i64>>(29)?
                .map(|concept| Ok::<_, rusqlite::Error>((concept, r.get(30)?)))
                .transpose()?;
            match out.last_mut() {
                Some((row, labels)) if row.rev == rev => labels.extend(label),
                _ => out.push((annotation::row(r)?, label.into_iter().collect())),
            }
        }
        let filter = &self.version.filter;
        out.retain(|(row, labels)| {
            (filter.users.is_empty() || filter.users.contains(&row.user_id))
                && self.concepts.as_ref().is_none_or(|wanted| labels.iter().any(|(c, _)| wanted.contains(c)))
        });
        Ok(out)
    }

    /// How many inputs the dataset had, before the filter.
    pub fn inputs(&self) -> Result<i64, Fault> {
        let sql =
            "SELECT count(*) FROM member m WHERE m.dataset = ?1 AND m.born <= ?2 AND (m.died IS NULL OR m.died > ?2)";
        Ok(self.conn.prepare_cached(sql)?.query_row((self.version.dataset, self.version.seq), |r| r.get(0))?)
    }
}
