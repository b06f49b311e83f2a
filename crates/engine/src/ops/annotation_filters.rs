//! Annotation filters: searches over annotations, kept for versions of datasets.

use crate::fault::Fault;
use crate::store::search;
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::messages::{
    AnnotationFilter, BaseResponse, MultiAnnotationFilterResponse, Search, SingleAnnotationFilterResponse, StatusCode,
};
use labelscope_api::operations::{
    DeleteAnnotationFilters, GetAnnotationFilter, ListAnnotationFilters, PatchAnnotationFilters, PostAnnotationFilters,
};
use labelscope_api::wire::Timestamp;
use rusqlite::Row;

struct FilterRow {
    rev: i64,
    key: i64,
    id: String,
    body: String,
    created_at: i64,
    modified_at: i64,
}

const COLUMNS: &str = "rev, key, id, body, created_at, modified_at";

fn row(r: &Row<'_>) -> rusqlite::Result<FilterRow> {
    Ok(FilterRow {
        rev: r.get(0)?,
        key: r.get(1)?,
        id: r.get(2)?,
        body: r.get(3)?,
        created_at: r.get(4)?,
        modified_at: r.get(5)?,
    })
}

fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<FilterRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM annotation_filter WHERE app = ?1 AND id = ?2 AND died IS NULL");
    tx.one(&sql, (app.key, id), row)
}

fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<FilterRow, Fault> {
    find(tx, app, id)?.ok_or_else(|| Fault::not_found("annotation filter", id))
}

fn message(app: &App, row: &FilterRow) -> Result<AnnotationFilter, Fault> {
    Ok(AnnotationFilter {
        id: row.id.clone(),
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at)),
        user_id: app.user_id.clone(),
        app_id: app.id.clone(),
        search: Some(Box::new(serde_json::from_str(&row.body)?)),
    })
}

/// A kept filter as it is now.
pub(crate) fn by_id(tx: &Tx<'_>, app: &App, id: &str) -> Result<AnnotationFilter, Fault> {
    message(app, &need(tx, app, id)?)
}

fn insert(tx: &Tx<'_>, app: &App, id: &str, old: Option<&FilterRow>, search: &Search) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    if let Some(old) = old {
        tx.exec("UPDATE annotation_filter SET died = ?2 WHERE rev = ?1", (old.rev, seq))?;
    }
    tx.exec(
        "INSERT INTO annotation_filter (app, key, id, body, created_at, modified_at, born)
         VALUES (?1, coalesce(?2, (SELECT coalesce(max(rev), 0) + 1 FROM annotation_filter)), ?3, ?4, ?5, ?6, ?7)",
        (
            app.key,
            old.map(|o| o.key),
            id,
            serde_json::to_string(search)?,
            old.map_or(tx.now, |o| o.created_at),
            tx.now,
            seq,
        ),
    )?;
    Ok(())
}

pub(crate) fn list(tx: &Tx<'_>, op: ListAnnotationFilters) -> Result<MultiAnnotationFilterResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM annotation_filter WHERE app = ?1 AND died IS NULL ORDER BY key LIMIT ?2 OFFSET ?3"
    );
    let rows = tx.all(&sql, (app.key, limit, offset), row)?;
    let annotation_filters = rows.iter().map(|row| message(&app, row)).collect::<Result<_, _>>()?;
    Ok(MultiAnnotationFilterResponse { annotation_filters, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetAnnotationFilter) -> Result<SingleAnnotationFilterResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let annotation_filter = Some(by_id(tx, &app, &op.annotation_filter_id)?);
    Ok(SingleAnnotationFilterResponse { annotation_filter, ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostAnnotationFilters) -> Result<MultiAnnotationFilterResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.annotation_filters.is_empty() {
        return Err(Fault::invalid("annotation_filters is empty: send at least one"));
    }
    let mut annotation_filters = Vec::new();
    for (index, sent) in op.annotation_filters.into_iter().enumerate() {
        let at = format!("annotation_filters[{index}]");
        let id = if sent.id.is_empty() { tx.new_id() } else { sent.id };
        check_id("annotation filter", &id, StatusCode::CONN_INVALID_REQUEST)?;
        if find(tx, &app, &id)?.is_some() {
            return Err(Fault::invalid(format!("{at}.id \"{id}\" is there already (duplicate id)")));
        }
        let search = sent.search.ok_or_else(|| Fault::invalid(format!("{at}.search is missing")))?;
        search::check_filter(tx, &app, &search, &format!("{at}.search"))?;
        insert(tx, &app, &id, None, &search)?;
        annotation_filters.push(by_id(tx, &app, &id)?);
    }
    Ok(MultiAnnotationFilterResponse { annotation_filters, ..Default::default() })
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchAnnotationFilters) -> Result<MultiAnnotationFilterResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if !matches!(op.action.as_str(), "" | "overwrite") {
        return Err(Fault::invalid(format!(
            "action is \"{}\"; annotation filters are changed with \"overwrite\"",
            op.action
        )));
    }
    if op.annotation_filters.is_empty() {
        return Err(Fault::invalid("annotation_filters is empty: name those to change"));
    }
    let mut annotation_filters = Vec::new();
    for (index, sent) in op.annotation_filters.into_iter().enumerate() {
        let old = need(tx, &app, &sent.id)?;
        if let Some(search) = sent.search {
            search::check_filter(tx, &app, &search, &format!("annotation_filters[{index}].search"))?;
            insert(tx, &app, &sent.id, Some(&old), &search)?;
        }
        annotation_filters.push(by_id(tx, &app, &sent.id)?);
    }
    Ok(MultiAnnotationFilterResponse { annotation_filters, ..Default::default() })
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteAnnotationFilters) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.annotation_filter_ids.is_empty() {
        return Err(Fault::invalid("annotation_filter_ids is empty: name the filters to delete"));
    }
    for id in &op.annotation_filter_ids {
        let row = need(tx, &app, id)?;
        let seq = tx.seq(&app)?;
        tx.exec("UPDATE annotation_filter SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    }
    Ok(BaseResponse::default())
}
