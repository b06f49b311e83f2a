//! Saved searches and annotation filters: kept as they were sent.

use crate::fault::Fault;
use crate::search::{Place, Plan, Target};
use crate::tx::{App, Tx};
use labelscope_api::messages::{Search, StatusCode};
use labelscope_api::wire::Timestamp;
use rusqlite::Row;

/// What a saved search is over.
pub(crate) const INPUTS: i64 = 1;
pub(crate) const ANNOTATIONS: i64 = 2;
pub(crate) const OLDER: i64 = 3;

pub(crate) struct SearchRow {
    pub rev: i64,
    pub key: i64,
    pub id: String,
    pub kind: i64,
    pub body: String,
    pub created_at: i64,
    pub modified_at: i64,
}

pub(crate) const COLUMNS: &str = "rev, key, id, kind, body, created_at, modified_at";

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<SearchRow> {
    Ok(SearchRow {
        rev: r.get(0)?,
        key: r.get(1)?,
        id: r.get(2)?,
        kind: r.get(3)?,
        body: r.get(4)?,
        created_at: r.get(5)?,
        modified_at: r.get(6)?,
    })
}

impl SearchRow {
    pub fn target(&self) -> Target {
        if self.kind == ANNOTATIONS { Target::Annotations } else { Target::Inputs }
    }

    pub fn search(&self) -> Result<Search, Fault> {
        Ok(Search {
            id: self.id.clone(),
            created_at: Some(Timestamp(self.created_at)),
            modified_at: Some(Timestamp(self.modified_at)),
            save: true,
            ..serde_json::from_str(&self.body)?
        })
    }
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<SearchRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM search WHERE app = ?1 AND id = ?2 AND died IS NULL"), (app.key, id), row)
}

pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<SearchRow, Fault> {
    find(tx, app, id)?.ok_or_else(|| Fault::not_found("search", id))
}

/// Adds a row, or the next revision of `old`, of a search that has an id.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, old: Option<&SearchRow>, kind: i64, search: &Search) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    if let Some(old) = old {
        tx.exec("UPDATE search SET died = ?2 WHERE rev = ?1", (old.rev, seq))?;
    }
    tx.exec(
        "INSERT INTO search (app, key, id, kind, name, body, created_at, modified_at, born)
         VALUES (?1, coalesce(?2, (SELECT coalesce(max(rev), 0) + 1 FROM search)), ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            app.key,
            old.map(|o| o.key),
            &search.id,
            kind,
            &search.name,
            serde_json::to_string(search)?,
            old.map_or(tx.now, |o| o.created_at),
            tx.now,
            seq,
        ),
    )?;
    Ok(())
}

/// The sequence number at a time; now for none, or a time to come.
pub(crate) fn as_of(tx: &Tx<'_>, app: &App, time: Option<Timestamp>) -> Result<Option<i64>, Fault> {
    match time {
        Some(time) if time.0 < tx.now => {
            let sql = "SELECT seq FROM revision WHERE app = ?1 AND at <= ?2 ORDER BY seq DESC LIMIT 1";
            Ok(Some(tx.one(sql, (app.key, time.0), |r| r.get(0))?.unwrap_or(0)))
        }
        _ => Ok(None),
    }
}

/// Where a search of this call looks.
pub(crate) fn place<'a>(tx: &'a Tx<'_>, app: &App, at: Option<i64>) -> Place<'a> {
    Place { conn: tx.conn, app: app.key, at, me: &tx.caller.user_id }
}

/// The search that is meant where one says what is to be changed. With an id and no query it is the saved one: taken as
/// sent, a search without a query would mean everything.
pub(crate) fn meant(tx: &Tx<'_>, app: &App, target: Target, sent: &Search) -> Result<Search, Fault> {
    if sent.query.is_some() || sent.id.is_empty() {
        return Ok(sent.clone());
    }
    let row = need(tx, app, &sent.id)?;
    if row.target() != target {
        let over = if target == Target::Inputs { "inputs" } else { "annotations" };
        let details = format!("the saved search \"{}\" is not over {over}", sent.id);
        return Err(Fault::refused(StatusCode::SEARCH_INVALID_REQUEST, details));
    }
    let kept = row.search()?;
    Ok(Search { as_of: sent.as_of.or(kept.as_of), ..kept })
}

/// Compiles a search to see that it can be run.
pub(crate) fn check(tx: &Tx<'_>, app: &App, target: Target, search: &Search) -> Result<(), Fault> {
    Plan::new(&place(tx, app, None), target, search).map(drop)
}

/// What an annotation filter must be: filters, and nothing that orders.
pub(crate) fn check_filter(tx: &Tx<'_>, app: &App, search: &Search, at: &str) -> Result<(), Fault> {
    let query = search.query.clone().unwrap_or_default();
    if !query.ranks.is_empty() || !query.ands.is_empty() {
        return Err(Fault::refused(
            StatusCode::SEARCH_INVALID_REQUEST,
            format!("{at} has ranks or ands; an annotation filter is made of query.filters alone"),
        ));
    }
    check(tx, app, Target::Annotations, search)
}
