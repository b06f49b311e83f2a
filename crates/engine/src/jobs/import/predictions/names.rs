//! Which input and which concept each name in the file means.
//!
//! A number is what an imported COCO file called its image or its category. A text is first an id of here, then a number or a
//! file name of there. A name that fits two is as good as unknown.

use super::listed;
use crate::fault::Fault;
use crate::jobs::{Halt, Work};
use crate::store::dataset;
use crate::tx::fold;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;
use std::collections::HashMap;

/// Progress is told after so many names.
const CHUNK: usize = 1000;

/// What the file names and nobody knows.
pub(super) struct Missing {
    pub inputs: Vec<String>,
    pub concepts: Vec<String>,
    pub inputs_count: i64,
    pub concepts_count: i64,
    /// Of so many.
    pub inputs_of: i64,
    pub concepts_of: i64,
    /// Where the first of them stands.
    pub first: String,
}

impl Missing {
    pub fn any(&self) -> bool {
        self.inputs_count + self.concepts_count > 0
    }
}

/// Looks up all names of the staging database. Gives the key of the dataset.
pub(super) fn find(work: &mut Work<'_>, stage: &Connection) -> Result<i64, Halt> {
    let (dataset, categories) = work.step(|tx, app, job| {
        let row = dataset::need(tx, app, &job.dataset_id)?;
        Ok((row.key, categories(row.extras.as_deref())))
    })?;
    stage.execute_batch("BEGIN; UPDATE input SET key = NULL; UPDATE concept SET key = NULL")?;
    inputs(work, stage, dataset)?;
    concepts(work, stage, &categories)?;
    stage.execute_batch("COMMIT")?;
    Ok(dataset)
}

pub(super) fn missing(stage: &Connection) -> Result<Missing, Fault> {
    let count = |sql: &str| stage.query_row(sql, [], |r| r.get::<_, i64>(0));
    let first = "SELECT place FROM (SELECT place, min(idx) AS at FROM item t WHERE t.input IN (SELECT id FROM input WHERE key IS NULL)
          OR EXISTS (SELECT 1 FROM score s JOIN concept c ON c.id = s.concept WHERE s.item = t.idx AND c.key IS NULL))";
    let first: Option<String> = stage.query_row(first, [], |r| r.get(0))?;
    Ok(Missing {
        inputs: listed(stage, "input")?,
        concepts: listed(stage, "concept")?,
        inputs_count: count("SELECT count(*) FROM input WHERE key IS NULL")?,
        concepts_count: count("SELECT count(*) FROM concept WHERE key IS NULL")?,
        inputs_of: count("SELECT count(*) FROM input")?,
        concepts_of: count("SELECT count(*) FROM concept")?,
        first: first.unwrap_or_default(),
    })
}

/// An input of the dataset.
struct Found {
    key: i64,
    id: String,
    width: i64,
    height: i64,
}

fn inputs(work: &mut Work<'_>, stage: &Connection, dataset: i64) -> Result<(), Halt> {
    let names: Vec<(i64, Option<i64>, Option<String>)> = stage
        .prepare("SELECT id, number, text FROM input ORDER BY id")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let total = names.len() as u64;
    let (app, prefix) = (work.app.key, work.job.dataset_id.clone());
    let mut open = Vec::new();
    for (at, (id, number, text)) in names.into_iter().enumerate() {
        if at % CHUNK == 0 {
            work.progress(2, at as u64, total)?;
        }
        let conn = &work.reader.conn;
        let found = match (number, &text) {
            (Some(n), _) => by_id(conn, app, dataset, &format!("{prefix}-{n}"))?,
            (None, Some(text)) => match by_id(conn, app, dataset, text)? {
                Some(found) => Some(found),
                None => by_id(conn, app, dataset, &format!("{prefix}-{text}"))?,
            },
            (None, None) => None,
        };
        match found {
            Some(found) => note(stage, id, &found)?,
            None => open.push((id, number, text.unwrap_or_default())),
        }
    }
    if !open.is_empty() {
        by_origin(work, stage, dataset, open)?;
    }
    Ok(())
}

fn by_id(conn: &Connection, app: i64, dataset: i64, id: &str) -> Result<Option<Found>, Fault> {
    let sql = "SELECT i.key, i.id, i.width, i.height FROM input i JOIN member m ON m.dataset = ?2 AND m.input = i.key AND m.died IS NULL
        WHERE i.app = ?1 AND i.id = ?3 AND i.died IS NULL";
    Ok(conn.prepare_cached(sql)?.query_row((app, dataset, id), found).optional()?)
}

fn found(r: &rusqlite::Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found { key: r.get(0)?, id: r.get(1)?, width: r.get(2)?, height: r.get(3)? })
}

fn note(stage: &Connection, name: i64, found: &Found) -> Result<(), Fault> {
    stage
        .prepare_cached("UPDATE input SET key = ?2, input_id = ?3, width = ?4, height = ?5 WHERE id = ?1")?
        .execute((name, found.key, &found.id, found.width, found.height))?;
    Ok(())
}

/// The best that was found for a name so far: its rank (0 is best), and the input, unless two fit alike.
type Best = (usize, Option<Found>);

fn offer<K: std::hash::Hash + Eq>(
    best: &mut HashMap<K, Option<Best>>,
    key: &K,
    rank: usize,
    input: impl FnOnce() -> Found,
) {
    let Some(slot) = best.get_mut(key) else { return };
    let input = input();
    match slot {
        Some((now, _)) if *now < rank => {}
        Some((now, Some(other))) if *now == rank && other.key == input.key => {}
        Some((now, held)) if *now == rank => *held = None,
        _ => *slot = Some((rank, Some(input))),
    }
}

/// Names that are no ids: what an imported file called its images. One walk over the dataset finds all.
fn by_origin(
    work: &mut Work<'_>,
    stage: &Connection,
    dataset: i64,
    open: Vec<(i64, Option<i64>, String)>,
) -> Result<(), Halt> {
    // 000000000139 is the image 139.
    let number_of = |text: &str| text.parse::<i64>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let mut numbers: HashMap<i64, Option<Best>> = HashMap::new();
    let mut texts: HashMap<String, Option<Best>> = HashMap::new();
    for (_, number, text) in &open {
        numbers.extend(number.or_else(|| number_of(text)).map(|n| (n, None)));
        if number.is_none() {
            texts.insert(text.clone(), None);
        }
    }
    let sql = "SELECT i.key, i.id, i.width, i.height, i.origin_id, i.file_name FROM member m JOIN input i ON i.key = m.input AND i.died IS NULL
        WHERE m.dataset = ?1 AND m.died IS NULL AND (i.origin_id IS NOT NULL OR i.file_name IS NOT NULL)";
    {
        let conn = &work.reader.conn;
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([dataset])?;
        while let Some(r) = rows.next()? {
            let input = found(r)?;
            let one = || Found { key: input.key, id: input.id.clone(), width: input.width, height: input.height };
            if let Some(n) = r.get::<_, Option<i64>>(4)? {
                offer(&mut numbers, &n, 0, one);
            }
            if let Some(name) = r.get::<_, Option<String>>(5)? {
                let base = name.rsplit('/').next().unwrap_or(&name);
                let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
                for (rank, text) in [name.as_str(), base, stem].into_iter().enumerate() {
                    offer(&mut texts, &text.to_owned(), rank, one);
                }
            }
        }
    }
    work.check()?;
    let (app, conn) = (work.app.key, &work.reader.conn);
    for (id, number, text) in open {
        let best = texts.get(&text).and_then(Option::as_ref).filter(|_| number.is_none());
        let best = best.or_else(|| numbers.get(&number.or_else(|| number_of(&text))?)?.as_ref());
        match best {
            Some((_, Some(found))) => note(stage, id, found)?,
            Some((_, None)) => {}
            // Ids may be plain numbers, too.
            None => {
                if let Some(n) = number
                    && let Some(found) = by_id(conn, app, dataset, &n.to_string())?
                {
                    note(stage, id, &found)?;
                }
            }
        }
    }
    Ok(())
}

/// The categories that a COCO import has kept of its file: names by number.
fn categories(extras: Option<&str>) -> HashMap<i64, String> {
    let extras: Value = extras.and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    let list = extras.get("categories").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pair = |c: &Value| Some((c.get("id")?.as_i64()?, c.get("name")?.as_str()?.to_owned()));
    let mut out = HashMap::new();
    let mut twice = Vec::new();
    for (id, name) in list.iter().filter_map(pair) {
        if out.insert(id, name).is_some() {
            twice.push(id);
        }
    }
    // Two files with different names for one number: nobody can tell which is meant.
    twice.iter().for_each(|id| drop(out.remove(id)));
    out
}

fn concepts(work: &mut Work<'_>, stage: &Connection, categories: &HashMap<i64, String>) -> Result<(), Halt> {
    work.check()?;
    let names: Vec<(i64, Option<i64>, Option<String>, String)> = stage
        .prepare("SELECT id, number, text, name FROM concept ORDER BY id")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let (app, conn) = (work.app.key, &work.reader.conn);
    let with_id = |id: &str| -> Result<Option<i64>, Fault> {
        let sql = "SELECT key FROM concept WHERE app = ?1 AND id = ?2 AND died IS NULL";
        Ok(conn.prepare_cached(sql)?.query_row((app, id), |r| r.get(0)).optional()?)
    };
    let named = |name: &str| -> Result<Option<i64>, Fault> {
        let sql = "SELECT key FROM concept INDEXED BY concept_name WHERE app = ?1 AND folded = ?2 AND name = ?3 AND died IS NULL ORDER BY key LIMIT 1";
        Ok(conn.prepare_cached(sql)?.query_row((app, fold(name), name), |r| r.get(0)).optional()?)
    };
    // A concept may have got another name since its file came.
    let once_named = |name: &str| -> Result<Option<i64>, Fault> {
        let sql = "SELECT c.key FROM concept c WHERE c.app = ?1 AND c.name = ?2 AND c.died IS NOT NULL
            AND EXISTS (SELECT 1 FROM concept n WHERE n.key = c.key AND n.died IS NULL) ORDER BY c.born DESC LIMIT 1";
        Ok(conn.prepare_cached(sql)?.query_row((app, name), |r| r.get(0)).optional()?)
    };
    let category = |n: Option<i64>| -> Result<Option<i64>, Fault> {
        let Some(name) = n.and_then(|n| categories.get(&n)) else { return Ok(None) };
        Ok(match named(name)? {
            Some(key) => Some(key),
            None => once_named(name)?,
        })
    };
    for (id, number, text, name) in names {
        let text = number.map_or_else(|| text.unwrap_or_default(), |n| n.to_string());
        let mut key = category(number)?;
        if key.is_none() {
            key = with_id(&text)?;
        }
        if key.is_none() {
            key = category(text.parse().ok())?;
        }
        for name in [name.as_str(), text.as_str()] {
            if key.is_none() && !name.is_empty() {
                key = named(name)?;
            }
        }
        if let Some(key) = key {
            stage.prepare_cached("UPDATE concept SET key = ?2 WHERE id = ?1")?.execute((id, key))?;
        }
    }
    Ok(())
}
