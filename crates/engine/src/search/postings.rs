//! Kept lists of living inputs, in order: by a concept, by a fact of metadata, by a dataset.
//!
//! They know the present alone and what trusted annotations say; searches of the past go by the rows themselves.

use super::{Part, Place, SEED_MAX, Seed, Sql};
use crate::fault::Fault;
use rusqlite::types::Value;

/// One such list: a table `p` with what narrows it.
#[derive(Debug, Clone)]
pub(super) struct Posting(Sql);

impl Posting {
    /// Inputs on which a concept stands, on or off.
    pub fn tag(concept: i64, on: bool) -> Self {
        Self(Sql::new(format!("tag p WHERE p.concept = {concept} AND p.side = {}", i64::from(on)), []))
    }

    /// Inputs whose metadata says this.
    pub fn fact(app: i64, fact: String) -> Self {
        Self(Sql::new("input_fact p WHERE p.app = ? AND p.fact = ?", [app.into(), Value::Text(fact)]))
    }

    /// Members of a dataset.
    pub fn member(dataset: i64) -> Self {
        Self(Sql::new(format!("member p WHERE p.dataset = {dataset} AND p.died IS NULL"), []))
    }

    fn keys(&self) -> Sql {
        self.0.clone().within("SELECT p.input AS key FROM ", "")
    }

    /// `i` is in the list. Of EXISTS SQLite may make a join and begin with the longer list.
    fn holds(&self) -> Sql {
        self.0.clone().within("(SELECT 1 FROM ", " AND p.input = i.key) IS NOT NULL")
    }

    fn estimate(&self, place: &Place<'_>) -> Result<i64, Fault> {
        let sql = self.0.clone().within("SELECT count(*) FROM (SELECT 1 FROM ", &format!(" LIMIT {SEED_MAX})"));
        Ok(place.keys(&sql.text, sql.values)?.first().copied().unwrap_or(SEED_MAX))
    }

    /// The lowest and the highest key; of no keys a range that holds none.
    fn range(&self, place: &Place<'_>) -> Result<(i64, i64), Fault> {
        let end = |which: &str, none: i64| {
            let sql = self.0.clone().within(&format!("SELECT coalesce({which}(p.input), {none}) FROM "), "");
            Ok::<_, Fault>(place.keys(&sql.text, sql.values)?.first().copied().unwrap_or(none))
        };
        Ok((end("min", i64::MAX)?, end("max", 0)?))
    }
}

/// A way in by any of these lists. `exact`: it finds no other inputs than are wanted.
pub(super) fn seed(place: &Place<'_>, lists: &[Posting], exact: bool) -> Result<Option<Seed>, Fault> {
    let mut estimate = 0;
    for list in lists {
        estimate += list.estimate(place)?;
    }
    Ok(match lists {
        [] => None,
        [one] => Some(Seed { ordered: true, exact, range: one.range(place)?, ..Seed::plain(estimate, one.keys()) }),
        _ if estimate >= SEED_MAX => None,
        several => {
            let mut sql = Sql::default();
            for list in several {
                sql.push(list.keys().within(if sql.text.is_empty() { "" } else { " UNION " }, ""));
            }
            Some(Seed { exact, ..Seed::plain(estimate, sql) })
        }
    })
}

/// The condition to be in one of these lists.
pub(super) fn part(place: &Place<'_>, lists: &[Posting]) -> Result<Option<Part>, Fault> {
    let Some(condition) = Sql::any(lists.iter().map(Posting::holds).collect()) else { return Ok(None) };
    Ok(Some(Part { condition, keyed: true, seed: seed(place, lists, true)?, excluded: None }))
}
