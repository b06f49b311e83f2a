//! Dataset versions: a sequence number and a filter, through which the past is read.

use super::annotation::{self, AnnotationRow};
use super::input::{self, InputRow};
use crate::fault::Fault;
use crate::search::{self, Conditions, Place, Sql, Target};
use labelscope_api::messages::{AnnotationFilterConfig, Search};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

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
    /// The search that an annotation must be found by, as it was when the version was made.
    #[serde(default)]
    pub search: Option<Search>,
    /// Who made the version: whom `me` means in the search.
    #[serde(default)]
    pub caller: String,
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
    /// What else was sent with it, as JSON.
    pub body: String,
}

pub(crate) const COLUMNS: &str =
    "key, dataset, id, seq, description, metadata, filter, origin, totals, created_at, modified_at, body";

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
        body: r.get(11)?,
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

/// Inputs with what is said about them, and the key of the last that was looked at.
pub(crate) type Chunk = (Vec<(InputRow, Vec<Seen>)>, Option<i64>);

/// How much of the annotations is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The inputs alone.
    Nothing,
    /// Labels alone.
    Labels,
    /// Shapes and labels: what a COCO file says.
    Geometry,
    /// All of it.
    Whole,
}

const LABELS: &str = "a.rev, a.input";
const GEOMETRY: &str = "a.rev, a.input, a.exact, a.px, a.py, a.pw, a.ph, a.area, a.crowd, a.segmentation, a.origin, a.top, a.left, a.bottom, a.right, a.info";

fn geometry(r: &Row<'_>, rev: i64) -> rusqlite::Result<AnnotationRow> {
    let bbox = match r.get::<_, Option<f64>>(5)? {
        None => None,
        Some(x) => Some([x, r.get(6)?, r.get(7)?, r.get(8)?]),
    };
    let mut row = AnnotationRow {
        rev,
        exact: r.get(4)?,
        bbox,
        area: r.get(9)?,
        crowd: r.get(10)?,
        segmentation: r.get(11)?,
        origin: r.get(12)?,
        ..AnnotationRow::default()
    };
    // The API's geometry counts only where exact pixels do not.
    if !row.exact {
        row.bounds = annotation::bounds_at(r, 13)?;
        row.info = r.get(17)?;
    }
    Ok(row)
}

/// The condition of a version's filter on `a` and `i`.
fn compiled(conn: &Connection, version: &VersionRow) -> Result<Option<(Sql, bool)>, Fault> {
    let Some(query) = version.filter.search.as_ref().and_then(|s| s.query.as_ref()) else { return Ok(None) };
    let app = conn
        .prepare_cached("SELECT app FROM dataset WHERE key = ?1 LIMIT 1")?
        .query_row([version.dataset], |r| r.get(0))?;
    let place = Place { conn, app, at: Some(version.seq), me: &version.filter.caller };
    let Conditions { parts, names_worker, .. } = search::filters(&place, Target::Annotations, query)?;
    Ok(Sql::all(parts.into_iter().map(|part| part.condition).collect()).map(|found| (found, names_worker)))
}

/// A version's view of the tables.
pub(crate) struct View<'a> {
    conn: &'a Connection,
    version: &'a VersionRow,
    /// Keys of the concepts that the filter wants.
    concepts: Option<HashSet<i64>>,
    /// The filter's search, and whether it lets in other than trusted annotations.
    search: Option<(Sql, bool)>,
}

/// Ranges that hold these sorted keys: one where they lie close together, else one each.
pub(crate) fn ranges(keys: &[i64]) -> Vec<(i64, i64)> {
    match (keys.first(), keys.last()) {
        (Some(first), Some(last)) if (last - first) as usize <= keys.len() * 4 => vec![(*first, *last)],
        _ => keys.iter().map(|key| (*key, *key)).collect(),
    }
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
        Ok(Self { conn, version, concepts, search: compiled(conn, version)? })
    }

    /// The next inputs after `after`, in the order in which they came, with what `part` asks for of their annotations.
    /// Inputs that the filter leaves out are not among them, but the key given is the last that was looked at.
    pub fn chunk(&self, part: Part, after: i64, limit: usize) -> Result<Chunk, Fault> {
        let sql = format!(
            "SELECT {} FROM member m JOIN input i ON i.key = m.input AND i.born <= ?3 AND (i.died IS NULL OR i.died > ?3)
             WHERE m.dataset = ?1 AND m.input > ?2 AND m.born <= ?3 AND (m.died IS NULL OR m.died > ?3) ORDER BY m.input LIMIT ?4",
            input::COLUMNS
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let inputs: Vec<InputRow> = statement
            .query_map((self.version.dataset, after, self.version.seq, limit as i64), input::row)?
            .collect::<rusqlite::Result<_>>()?;
        let Some(last) = inputs.last().map(|i| i.key) else { return Ok((Vec::new(), None)) };
        // Which inputs are empty only their annotations tell.
        let part = if part == Part::Nothing && self.version.filter.ignore_empty { Part::Labels } else { part };
        let mut seen = if part == Part::Nothing { HashMap::new() } else { self.annotations(part, &inputs)? };
        let mut out = Vec::with_capacity(inputs.len());
        for row in inputs {
            let here = seen.remove(&row.key).unwrap_or_default();
            if !(self.version.filter.ignore_empty && here.is_empty()) {
                out.push((row, here));
            }
        }
        Ok((out, Some(last)))
    }

    /// The annotations of these inputs, which are sorted by key: in one go where the keys lie close together.
    fn annotations(&self, part: Part, inputs: &[InputRow]) -> Result<HashMap<i64, Vec<Seen>>, Fault> {
        let columns = match part {
            // What a COCO file says of an object; most of an annotation's columns are not looked at.
            Part::Geometry if self.version.filter.users.is_empty() => GEOMETRY,
            Part::Labels if self.version.filter.users.is_empty() => LABELS,
            _ => annotation::COLUMNS,
        };
        let lean = columns != annotation::COLUMNS;
        let seq = self.version.seq;
        let (join, condition, values) = match &self.search {
            None => (String::new(), " AND a.trusted = 1".to_owned(), [].as_slice()),
            Some((found, any)) => (
                format!("JOIN input i ON i.key = a.input AND i.born <= {seq} AND (i.died IS NULL OR i.died > {seq})"),
                format!("{} AND {}", if *any { "" } else { " AND a.trusted = 1" }, found.text),
                found.values.as_slice(),
            ),
        };
        let sql = format!(
            "SELECT l.concept, l.value, {columns} FROM annotation a {join} LEFT JOIN label l ON l.annotation = a.rev
             WHERE a.input BETWEEN ?1 AND ?2 AND a.born <= ?3 AND (a.died IS NULL OR a.died > ?3){condition} ORDER BY a.input, a.key"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let keys: Vec<i64> = inputs.iter().map(|i| i.key).collect();
        let wanted: HashSet<i64> = keys.iter().copied().collect();
        let mut out: HashMap<i64, Vec<Seen>> = HashMap::with_capacity(inputs.len());
        for (from, to) in ranges(&keys) {
            let mut rows = statement
                .query(params_from_iter([from, to, seq].map(rusqlite::types::Value::Integer).iter().chain(values)))?;
            while let Some(r) = rows.next()? {
                let (rev, input): (i64, i64) = if lean { (r.get(2)?, r.get(3)?) } else { (r.get(2)?, r.get(4)?) };
                if !wanted.contains(&input) {
                    continue;
                }
                let label = match r.get::<_, Option<i64>>(0)? {
                    Some(concept) => Some((concept, r.get(1)?)),
                    None => None,
                };
                let here = out.entry(input).or_default();
                match here.last_mut() {
                    Some((row, labels)) if row.rev == rev => labels.extend(label),
                    _ => here.push((
                        match columns {
                            LABELS => AnnotationRow { rev, ..AnnotationRow::default() },
                            GEOMETRY => geometry(r, rev)?,
                            _ => annotation::row_at(r, 2)?,
                        },
                        label.into_iter().collect(),
                    )),
                }
            }
        }
        let filter = &self.version.filter;
        if !filter.users.is_empty() || self.concepts.is_some() {
            for here in out.values_mut() {
                here.retain(|(row, labels)| {
                    (filter.users.is_empty() || filter.users.contains(&row.user_id))
                        && self.concepts.as_ref().is_none_or(|wanted| labels.iter().any(|(c, _)| wanted.contains(c)))
                });
            }
        }
        Ok(out)
    }

    /// How many inputs the dataset had, before the filter.
    pub fn inputs(&self) -> Result<i64, Fault> {
        let sql =
            "SELECT count(*) FROM member m WHERE m.dataset = ?1 AND m.born <= ?2 AND (m.died IS NULL OR m.died > ?2)";
        Ok(self.conn.prepare_cached(sql)?.query_row((self.version.dataset, self.version.seq), |r| r.get(0))?)
    }
}
