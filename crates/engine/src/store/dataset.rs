//! Datasets and their members.

use super::object;
use crate::fault::Fault;
use crate::tx::{App, Tx};
use labelscope_api::messages::{BookmarkOrigin, UserAppIdSet};
use rusqlite::Row;

#[derive(Default, Clone)]
pub(crate) struct DatasetRow {
    pub rev: i64,
    pub key: i64,
    pub id: String,
    pub description: String,
    pub notes: String,
    pub metadata: Option<String>,
    pub extras: Option<String>,
    pub created_at: i64,
    pub modified_at: i64,
}

/// For `FROM dataset d`.
pub(crate) const COLUMNS: &str =
    "d.rev, d.key, d.id, d.description, d.notes, d.metadata, d.extras, d.created_at, d.modified_at";

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<DatasetRow> {
    Ok(DatasetRow {
        rev: r.get(0)?,
        key: r.get(1)?,
        id: r.get(2)?,
        description: r.get(3)?,
        notes: r.get(4)?,
        metadata: r.get(5)?,
        extras: r.get(6)?,
        created_at: r.get(7)?,
        modified_at: r.get(8)?,
    })
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<DatasetRow>, Fault> {
    tx.one(
        &format!("SELECT {COLUMNS} FROM dataset d WHERE d.app = ?1 AND d.id = ?2 AND d.died IS NULL"),
        (app.key, id),
        row,
    )
}

/// The dataset of a call that works on what it holds. A bookmark holds nothing of its own.
pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<DatasetRow, Fault> {
    let row = find(tx, app, id)?.ok_or_else(|| Fault::not_found("dataset", id))?;
    if let Some(origin) = bookmark_origin(&row) {
        return Err(Fault::invalid(format!(
            "dataset \"{id}\" is a bookmark and can only be read; change dataset \"{}\" of app \"{}\" instead",
            origin.id, origin.app_id
        )));
    }
    Ok(row)
}

/// The dataset of a call that reads, with its app. A bookmark is read through to its origin.
pub(crate) fn read(tx: &Tx<'_>, app: App, id: &str) -> Result<(App, DatasetRow), Fault> {
    let row = find(tx, &app, id)?.ok_or_else(|| Fault::not_found("dataset", id))?;
    match bookmark_origin(&row) {
        None => Ok((app, row)),
        Some(origin) => behind(tx, &origin)?.ok_or_else(|| {
            Fault::not_found(
                &format!("the dataset behind bookmark \"{id}\""),
                &format!("{}/{}", origin.app_id, origin.id),
            )
        }),
    }
}

/// Where a bookmark points, of a row that is one.
pub(crate) fn bookmark_origin(row: &DatasetRow) -> Option<BookmarkOrigin> {
    let extras = object(row.extras.clone())?;
    serde_json::from_value(extras.get("bookmark_origin")?.clone()).ok()
}

/// The dataset behind a bookmark, while it is there.
pub(crate) fn behind(tx: &Tx<'_>, origin: &BookmarkOrigin) -> Result<Option<(App, DatasetRow)>, Fault> {
    let scope = UserAppIdSet { user_id: origin.user_id.clone(), app_id: origin.app_id.clone() };
    let app = match tx.app(&scope) {
        Err(Fault::Refused { .. }) => return Ok(None),
        app => app?,
    };
    // A bookmark of a bookmark is refused when it is made.
    Ok(find(tx, &app, &origin.id)?.filter(|row| bookmark_origin(row).is_none()).map(|row| (app, row)))
}

/// Adds a row: a new dataset with `key` 0, else the next revision of that one. Gives the key.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, row: &DatasetRow) -> Result<i64, Fault> {
    let seq = tx.seq(app)?;
    if row.key != 0 {
        tx.exec("UPDATE dataset SET died = ?2 WHERE key = ?1 AND died IS NULL", (row.key, seq))?;
    }
    tx.exec(
        "INSERT INTO dataset (app, key, id, description, notes, metadata, extras, created_at, modified_at, born)
         VALUES (?1, CASE WHEN ?2 = 0 THEN (SELECT coalesce(max(rev), 0) + 1 FROM dataset) ELSE ?2 END, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        (
            app.key, row.key, &row.id, &row.description, &row.notes, &row.metadata, &row.extras,
            if row.key == 0 { tx.now } else { row.created_at }, tx.now, seq,
        ),
    )?;
    if row.key != 0 {
        return Ok(row.key);
    }
    tx.bump(app, "datasets", 1)?;
    Ok(tx.conn.last_insert_rowid())
}

/// Puts an input into a dataset. False where it is there already.
pub(crate) fn join(tx: &Tx<'_>, app: &App, dataset: i64, input: i64) -> Result<bool, Fault> {
    if is_member(tx, dataset, input)? {
        return Ok(false);
    }
    let seq = tx.seq(app)?;
    tx.exec(
        "INSERT INTO member (dataset, input, created_at, born) VALUES (?1, ?2, ?3, ?4)",
        (dataset, input, tx.now, seq),
    )?;
    tx.bump(app, &format!("dataset:{dataset}"), 1)?;
    Ok(true)
}

/// Puts all inputs of an app into a dataset that are not in it yet.
pub(crate) fn join_all(tx: &Tx<'_>, app: &App, dataset: i64) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    let joined = tx.exec(
        "INSERT INTO member (dataset, input, created_at, born) SELECT ?2, i.key, ?3, ?4 FROM input i
         WHERE i.app = ?1 AND i.died IS NULL
           AND NOT EXISTS (SELECT 1 FROM member m WHERE m.dataset = ?2 AND m.input = i.key AND m.died IS NULL) ORDER BY i.key",
        (app.key, dataset, tx.now, seq),
    )?;
    tx.bump(app, &format!("dataset:{dataset}"), joined as i64)
}

/// Takes an input out of a dataset. False where it is not in it.
pub(crate) fn leave(tx: &Tx<'_>, app: &App, dataset: i64, input: i64) -> Result<bool, Fault> {
    if !is_member(tx, dataset, input)? {
        return Ok(false);
    }
    let seq = tx.seq(app)?;
    tx.exec("UPDATE member SET died = ?3 WHERE dataset = ?1 AND input = ?2 AND died IS NULL", (dataset, input, seq))?;
    tx.bump(app, &format!("dataset:{dataset}"), -1)?;
    Ok(true)
}

pub(crate) fn is_member(tx: &Tx<'_>, dataset: i64, input: i64) -> Result<bool, Fault> {
    let found = tx.one(
        "SELECT 1 FROM member WHERE dataset = ?1 AND input = ?2 AND died IS NULL",
        (dataset, input),
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}
