//! Searches: a query compiled into SQL, over the rows of now or of a past sequence number.

mod annotations;
mod concepts;
mod functions;
mod inputs;
mod legacy;
mod places;
mod plan;
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

/// A narrow way into the rows: keys of inputs, or revisions of annotations, and about how many they are.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    pub estimate: i64,
    pub sql: Sql,
}

/// The filters of a query as one condition on `i` (and `a`, for annotations).
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    pub parts: Vec<Sql>,
    pub seeds: Vec<Seed>,
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
    let (mut parts, mut seeds) = (Vec::new(), Vec::new());
    if let Some(annotation) = &filter.annotation {
        let read = annotations::read(place, annotation, &format!("{at}.annotation"))?;
        out.names_worker |= read.names_worker;
        seeds.extend(read.seed(place, target)?);
        parts.extend(read.condition(place, target));
    }
    if let Some(input) = &filter.input {
        let (conditions, more) = inputs::read(place, input, &format!("{at}.input"))?;
        parts.extend(conditions);
        if target == Target::Inputs {
            seeds.extend(more);
        }
    }
    if let Some(range) = &filter.last_updated_time_range {
        let column = if target == Target::Inputs { "i.modified_at" } else { "a.modified_at" };
        parts.extend(range.start_time.map(|t| Sql::is(&format!("{column} >= ?"), t.0)));
        parts.extend(range.end_time.map(|t| Sql::is(&format!("{column} <= ?"), t.0)));
    }
    // Of no condition at all there is nothing to turn round.
    let Some(condition) = Sql::all(parts) else { return Ok(()) };
    if filter.negate {
        out.parts.push(condition.negated());
    } else {
        out.parts.push(condition);
        out.seeds.extend(seeds);
    }
    Ok(())
}
