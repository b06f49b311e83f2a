//! Searches: run, saved, changed.

use crate::fault::Fault;
use crate::search::{Found, Plan, Target};
use crate::store::annotation;
use crate::store::input;
use crate::store::search::{self, ANNOTATIONS, COLUMNS, INPUTS, OLDER, SearchRow};
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::messages::{
    BaseResponse, Hit, HitCount, MultiSearchResponse, Pagination, Search, SearchMetric, SingleSearchResponse,
    StatusCode,
};
use labelscope_api::operations::{
    DeleteSearch, GetSearch, ListSearches, PatchAnnotationsSearches, PatchInputsSearches, PatchSearches,
    PostAnnotationsSearches, PostInputsSearches, PostSearches, PostSearchesByID,
};
use labelscope_api::wire::UInt64;

/// The last hit that a page may reach.
const DEEPEST: i64 = 1_000_000;

pub(crate) fn post_inputs(tx: &Tx<'_>, op: PostInputsSearches) -> Result<MultiSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    post_all(tx, &app, INPUTS, op.searches, op.pagination, op.only_count)
}

pub(crate) fn post_annotations(tx: &Tx<'_>, op: PostAnnotationsSearches) -> Result<MultiSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    post_all(tx, &app, ANNOTATIONS, op.searches, op.pagination, false)
}

pub(crate) fn post(tx: &Tx<'_>, op: PostSearches) -> Result<MultiSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let mut searches = op.searches;
    searches.extend(op.query.map(|query| Search { query: Some(query), ..Search::default() }));
    post_all(tx, &app, OLDER, searches, op.pagination, false)
}

pub(crate) fn post_by_id(tx: &Tx<'_>, op: PostSearchesByID) -> Result<MultiSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = search::need(tx, &app, &op.id)?;
    let saved = row.search()?;
    let mut reply = MultiSearchResponse { id: row.id.clone(), query: saved.query.clone(), ..Default::default() };
    run(tx, &app, row.target(), &saved, pages(op.pagination.as_ref())?, &mut reply)?;
    Ok(reply)
}

/// Offset and size of a page.
fn pages(pagination: Option<&Pagination>) -> Result<(i64, i64), Fault> {
    let (offset, limit) = pagination.map_or_else(|| page(0, 0), |p| page(p.page, p.per_page))?;
    if offset + limit > DEEPEST {
        return Err(Fault::invalid(format!(
            "page * perPage cannot exceed {DEEPEST}; narrow the search, or stream the inputs"
        )));
    }
    Ok((offset, limit))
}

fn post_all(
    tx: &Tx<'_>,
    app: &App,
    kind: i64,
    searches: Vec<Search>,
    pagination: Option<Pagination>,
    only_count: bool,
) -> Result<MultiSearchResponse, Fault> {
    let pages = pages(pagination.as_ref())?;
    if searches.is_empty() {
        return Err(Fault::refused(StatusCode::SEARCH_INVALID_REQUEST, "searches is empty: send at least one"));
    }
    let target = if kind == ANNOTATIONS { Target::Annotations } else { Target::Inputs };
    let mut reply = MultiSearchResponse { id: tx.new_id(), ..Default::default() };
    if let [only] = searches.as_slice() {
        reply.query.clone_from(&only.query);
    }
    for (index, mut sent) in searches.into_iter().enumerate() {
        if sent.save {
            if sent.id.is_empty() {
                sent.id = tx.new_id();
            }
            check_id("search", &sent.id, StatusCode::SEARCH_INVALID_REQUEST)?;
            if search::find(tx, app, &sent.id)?.is_some() {
                return Err(Fault::refused(
                    StatusCode::SEARCH_INVALID_REQUEST,
                    format!("searches[{index}].id \"{}\" is there already (duplicate id)", sent.id),
                ));
            }
            search::check(tx, app, target, &sent)?;
            search::insert(tx, app, None, kind, &sent)?;
            reply.searches.push(message(app, &search::need(tx, app, &sent.id)?)?);
        } else if only_count {
            let place = search::place(tx, app, search::as_of(tx, app, sent.as_of)?);
            let count = Plan::new(&place, target, &sent)?.count(&place)?;
            reply.hit_counts.push(HitCount { estimated_total: UInt64(count.unsigned_abs()) });
        } else {
            run(tx, app, target, &sent, pages, &mut reply)?;
        }
    }
    Ok(reply)
}

fn run(
    tx: &Tx<'_>,
    app: &App,
    target: Target,
    sent: &Search,
    (offset, limit): (i64, i64),
    reply: &mut MultiSearchResponse,
) -> Result<(), Fault> {
    let at = search::as_of(tx, app, sent.as_of)?;
    let place = search::place(tx, app, at);
    for found in Plan::new(&place, target, sent)?.run(&place, limit, offset)? {
        reply.hits.extend(hit(tx, app, target, found, at)?);
    }
    Ok(())
}

fn hit(tx: &Tx<'_>, app: &App, target: Target, found: Found, at: Option<i64>) -> Result<Option<Hit>, Fault> {
    let seq = at.unwrap_or(i64::MAX - 1);
    let sql = format!(
        "SELECT {} FROM input i WHERE i.key = ?1 AND i.born <= ?2 AND (i.died IS NULL OR i.died > ?2)",
        input::COLUMNS
    );
    let Some(row) = tx.one(&sql, (found.input, seq), input::row)? else { return Ok(None) };
    let annotation = if target == Target::Annotations {
        let sql = format!("SELECT {} FROM annotation a WHERE a.rev = ?1", annotation::COLUMNS);
        let Some(said) = tx.one(&sql, [found.rev], annotation::row)? else { return Ok(None) };
        let place = annotation::Place { input_id: &row.id, width: row.width, height: row.height };
        Some(Box::new(annotation::message(&said, place, annotation::labels(tx, app, said.rev, at)?)?))
    } else {
        None
    };
    let input = if at.is_some() {
        let concepts = annotation::own_labels(tx, app, row.key, at)?;
        input::bare(tx.base_url, row, concepts)
    } else {
        input::message(tx, app, row)?
    };
    Ok(Some(Hit {
        score: found.score as f32,
        input: Some(Box::new(input)),
        annotation,
        user_id: app.user_id.clone(),
        app_id: app.id.clone(),
    }))
}

fn message(app: &App, row: &SearchRow) -> Result<Search, Fault> {
    Ok(Search { application_id: app.id.clone(), ..row.search()? })
}

pub(crate) fn list(tx: &Tx<'_>, op: ListSearches) -> Result<MultiSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let sql = format!("SELECT {COLUMNS} FROM search WHERE app = ?1 AND died IS NULL ORDER BY key LIMIT ?2 OFFSET ?3");
    let rows = tx.all(&sql, (app.key, limit, offset), search::row)?;
    let searches = rows.iter().map(|row| message(&app, row)).collect::<Result<_, _>>()?;
    Ok(MultiSearchResponse { searches, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetSearch) -> Result<SingleSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let found = message(&app, &search::need(tx, &app, &op.id)?)?;
    Ok(SingleSearchResponse { search: Some(Box::new(found)), ..Default::default() })
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchSearches) -> Result<MultiSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    patch_all(tx, &app, None, op.searches, &op.action)
}

pub(crate) fn patch_inputs(tx: &Tx<'_>, op: PatchInputsSearches) -> Result<MultiSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    patch_all(tx, &app, Some(INPUTS), op.searches, &op.action)
}

pub(crate) fn patch_annotations(tx: &Tx<'_>, op: PatchAnnotationsSearches) -> Result<MultiSearchResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    patch_all(tx, &app, Some(ANNOTATIONS), op.searches, &op.action)
}

/// Overwrites what is sent of each search; all or none.
fn patch_all(
    tx: &Tx<'_>,
    app: &App,
    kind: Option<i64>,
    searches: Vec<Search>,
    action: &str,
) -> Result<MultiSearchResponse, Fault> {
    if !matches!(action, "" | "overwrite") {
        return Err(Fault::invalid(format!("action is \"{action}\"; searches are changed with \"overwrite\"")));
    }
    if searches.is_empty() {
        return Err(Fault::invalid("searches is empty: name those to change"));
    }
    let mut changed = Vec::new();
    for sent in searches {
        let row = search::need(tx, app, &sent.id)?;
        if kind.is_some_and(|kind| kind != row.kind) {
            return Err(Fault::not_found("search over these", &sent.id));
        }
        let old: Search = serde_json::from_str(&row.body)?;
        let text = |new: String, old: String| if new.is_empty() { old } else { new };
        let next = Search {
            query: sent.query.or(old.query.clone()),
            name: text(sent.name, old.name.clone()),
            algorithm: text(sent.algorithm, old.algorithm.clone()),
            as_of: sent.as_of.or(old.as_of),
            min_value: if sent.min_value == 0.0 { old.min_value } else { sent.min_value },
            metric: if sent.metric == SearchMetric::METRIC_NOT_SET { old.metric } else { sent.metric },
            visibility: sent.visibility.or(old.visibility.clone()),
            ..old
        };
        search::check(tx, app, row.target(), &next)?;
        search::insert(tx, app, Some(&row), row.kind, &next)?;
        changed.push(message(app, &search::need(tx, app, &next.id)?)?);
    }
    Ok(MultiSearchResponse { searches: changed, ..Default::default() })
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteSearch) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = search::need(tx, &app, &op.id)?;
    let seq = tx.seq(&app)?;
    tx.exec("UPDATE search SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    Ok(BaseResponse::default())
}
