//! Searches: a query compiled into SQL, over the rows of now or of a past sequence number.

mod annotations;
mod concepts;
mod facts;
mod functions;
mod inputs;
mod legacy;
mod places;
mod plan;
mod postings;
mod ranks;
mod sql;

pub(crate) use functions::{bytes, register};
pub(crate) use legacy::modern;
pub(crate) use plan::{Found, Plan};
pub(crate) use sql::Sql;

use crate::fault::Fault;
use labelscope_api::messages::{Filter, Query, StatusCode};
use rusqlite::Connection;
use rusqlite::types::Value;

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Inputs,
    Annotations,
}

/// Where a search looks: an app, now or as of a sequence number.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub conn: &'a Connection,
    pub app: i64,
    pub at: Option<i64>,
    /// Whom `me` means.
    pub me: &'a str,
}

impl Place<'_> {
    /// The rows under this alias that hold.
    pub fn alive(&self, alias: &str) -> String {
        match self.at {
            None => format!("{alias}.died IS NULL"),
            Some(seq) => format!("{alias}.born <= {seq} AND ({alias}.died IS NULL OR {alias}.died > {seq})"),
        }
    }

    fn keys(&self, sql: &str, values: Vec<Value>) -> Result<Vec<i64>, Fault> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let keys = statement.query_map(rusqlite::params_from_iter(values), |r| r.get(0))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }
}

/// A refusal of what the server cannot do.
pub(crate) fn not_here(place: &str, why: &str) -> Fault {
    Fault::refused(StatusCode::NOT_IMPLEMENTED, format!("{place}: {why}"))
}

/// A search that says something impossible.
pub(crate) fn wrong(place: &str, why: &str) -> Fault {
    Fault::refused(StatusCode::SEARCH_INVALID_REQUEST, format!("{place} {why}"))
}

/// From so many rows on, counting them ahead costs more than it tells.
pub(super) const SEED_MAX: i64 = 50_000;

/// A way into the rows: keys of inputs, or revisions of annotations, each once, and about how many they are.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    pub estimate: i64,
    pub sql: Sql,
    /// They come out of an index in their order, so that a page can end early.
    pub ordered: bool,
    /// It finds living inputs, and no others than its part wants.
    pub exact: bool,
    /// The lowest and the highest of its keys, where they are known.
    pub range: (i64, i64),
}

impl Seed {
    /// One of which no more is known.
    fn plain(estimate: i64, sql: Sql) -> Self {
        Self { estimate, sql, ordered: false, exact: false, range: (0, i64::MAX) }
    }
}

/// One condition on `i` (and `a`, for annotations).
#[derive(Debug)]
pub(crate) struct Part {
    pub condition: Sql,
    /// It speaks of `i.key` alone.
    pub keyed: bool,
    pub seed: Option<Seed>,
    /// All living inputs but these are wanted.
    pub excluded: Option<Seed>,
}

impl Part {
    fn of(condition: Sql) -> Self {
        Self { condition, keyed: false, seed: None, excluded: None }
    }
}

/// The filters of a query: all of the parts hold.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    pub parts: Vec<Part>,
    /// A filter names who made the annotation, so that predictions count too.
    pub names_worker: bool,
}

/// Compiles the filters of a query. Ranks and the older `ands` are another matter.
pub(crate) fn filters(place: &Place<'_>, target: Target, query: &Query) -> Result<Conditions, Fault> {
    let mut out = Conditions::default();
    for (index, filter) in query.filters.iter().enumerate() {
        add(place, target, filter, &format!("query.filters[{index}]"), &mut out)?;
    }
    Ok(out)
}

fn add(place: &Place<'_>, target: Target, filter: &Filter, at: &str, out: &mut Conditions) -> Result<(), Fault> {
    let mut parts = Vec::new();
    if let Some(annotation) = &filter.annotation {
        let read = annotations::read(place, target, annotation, &format!("{at}.annotation"))?;
        out.names_worker |= read.names_worker;
        parts.extend(read.part(place, target)?);
    }
    if let Some(input) = &filter.input {
        parts.extend(inputs::read(place, target, input, &format!("{at}.input"))?);
    }
    if let Some(range) = &filter.last_updated_time_range {
        let column = if target == Target::Inputs { "i.modified_at" } else { "a.modified_at" };
        parts.extend(range.start_time.map(|t| Part::of(Sql::is(&format!("{column} >= ?"), t.0))));
        parts.extend(range.end_time.map(|t| Part::of(Sql::is(&format!("{column} <= ?"), t.0))));
    }
    if filter.negate {
        out.parts.extend(negated(parts));
    } else {
        out.parts.extend(parts);
    }
    Ok(())
}

/// Not all of them hold. Of no condition at all there is nothing to turn round.
fn negated(mut parts: Vec<Part>) -> Option<Part> {
    let excluded = match parts.as_mut_slice() {
        [one] => one.seed.take().filter(|seed| seed.exact),
        _ => None,
    };
    let keyed = parts.iter().all(|part| part.keyed);
    let condition = Sql::all(parts.into_iter().map(|part| part.condition).collect())?.negated();
    Some(Part { condition, keyed, seed: None, excluded })
}
