use crate::fault::Fault;
use crate::ops::versions;
use crate::store::dataset::{self, COLUMNS, DatasetRow};
use crate::store::{object, text};
use crate::tx::{App, Tx, check_id, fold, like_escape, page};
use labelscope_api::messages::{
    BaseResponse, Dataset, Gettable, MultiDatasetResponse, SingleDatasetResponse, StatusCode, Visibility,
};
use labelscope_api::operations::{DeleteDatasets, GetDataset, ListDatasets, PatchDatasets, PostDatasets};
use labelscope_api::wire::Timestamp;

/// The most that notes may hold, in bytes.
const MAX_NOTES: usize = 64 << 10;

fn message(tx: &Tx<'_>, app: &App, row: DatasetRow) -> Result<Dataset, Fault> {
    let version = versions::latest(tx, app, &row)?;
    Ok(Dataset {
        id: row.id,
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at)),
        app_id: app.id.clone(),
        user_id: app.user_id.clone(),
        description: row.description,
        notes: row.notes,
        metadata: object(row.metadata),
        visibility: Some(Visibility { gettable: Gettable::PRIVATE }),
        version: version.map(Box::new),
        ..Dataset::default()
    })
}

pub(crate) fn list(tx: &Tx<'_>, op: ListDatasets) -> Result<MultiDatasetResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    if op.starred_only || op.bookmark {
        return Ok(MultiDatasetResponse::default());
    }
    let column = match () {
        () if op.sort_by_id => "d.id",
        () if op.sort_by_created_at => "d.created_at",
        () => "d.modified_at",
    };
    let direction = if op.sort_ascending { "ASC" } else { "DESC" };
    // Each word of the search must begin a word somewhere.
    let words: Vec<String> = fold(&op.search).split_whitespace().map(like_escape).collect();
    let clauses: String = (0..words.len())
        .map(|n| format!(" AND lower(' ' || replace(replace(d.id, '-', ' '), '_', ' ') || ' ' || d.id || ' ' || d.description || ' ' || d.notes) LIKE ?{} ESCAPE '\\'", n + 5))
        .collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM dataset d WHERE d.app = ?1 AND d.died IS NULL AND (?2 = '' OR instr(lower(d.id), ?2)){clauses} ORDER BY {column} {direction}, d.key {direction} LIMIT ?3 OFFSET ?4"
    );
    let mut params: Vec<Box<dyn rusqlite::ToSql>> =
        vec![Box::new(app.key), Box::new(fold(&op.id)), Box::new(limit), Box::new(offset)];
    params.extend(words.into_iter().map(|w| Box::new(format!("% {w}%")) as Box<dyn rusqlite::ToSql>));
    let rows = tx.all(&sql, rusqlite::params_from_iter(params), dataset::row)?;
    let datasets = rows.into_iter().map(|row| message(tx, &app, row)).collect::<Result<_, _>>()?;
    Ok(MultiDatasetResponse { datasets, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetDataset) -> Result<SingleDatasetResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = dataset::need(tx, &app, &op.dataset_id)?;
    Ok(SingleDatasetResponse { dataset: Some(message(tx, &app, row)?), ..Default::default() })
}

fn check_notes(index: usize, notes: &str) -> Result<(), Fault> {
    if notes.len() > MAX_NOTES {
        return Err(Fault::invalid(format!(
            "datasets[{index}].notes has {} bytes; the most is {MAX_NOTES}",
            notes.len()
        )));
    }
    Ok(())
}

pub(crate) fn post(tx: &Tx<'_>, op: PostDatasets) -> Result<MultiDatasetResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.datasets.is_empty() {
        return Err(Fault::invalid("datasets is empty: name at least one dataset to make"));
    }
    let mut datasets = Vec::new();
    for (index, sent) in op.datasets.into_iter().enumerate() {
        let id = if sent.id.is_empty() { tx.new_id() } else { sent.id };
        check_id("dataset", &id, StatusCode::CONN_INVALID_REQUEST)?;
        check_notes(index, &sent.notes)?;
        if dataset::find(tx, &app, &id)?.is_some() {
            return Err(Fault::invalid(format!("datasets[{index}]: the id \"{id}\" is taken (duplicate id)")));
        }
        let row = DatasetRow {
            id,
            description: sent.description,
            notes: sent.notes,
            metadata: text(sent.metadata.as_ref())?,
            ..DatasetRow::default()
        };
        dataset::insert(tx, &app, &row)?;
        datasets.push(message(tx, &app, dataset::need(tx, &app, &row.id)?)?);
    }
    Ok(MultiDatasetResponse { datasets, ..Default::default() })
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchDatasets) -> Result<MultiDatasetResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if !matches!(op.action.as_str(), "" | "overwrite" | "merge" | "remove") {
        return Err(Fault::invalid(format!(
            "action is \"{}\"; datasets are changed with \"overwrite\", \"merge\" or \"remove\"",
            op.action
        )));
    }
    let mut datasets = Vec::new();
    for (index, sent) in op.datasets.into_iter().enumerate() {
        let mut row = dataset::need(tx, &app, &sent.id)?;
        check_notes(index, &sent.notes)?;
        if op.action == "remove" {
            if !sent.description.is_empty() {
                row.description.clear();
            }
            if !sent.notes.is_empty() {
                row.notes.clear();
            }
            if let (Some(gone), Some(mut have)) = (sent.metadata, object(row.metadata.clone())) {
                have.retain(|k, _| !gone.contains_key(k));
                row.metadata = text(Some(&have))?;
            }
        } else {
            // A field that is not sent stays as it is.
            if !sent.description.is_empty() {
                row.description = sent.description;
            }
            if !sent.notes.is_empty() {
                row.notes = sent.notes;
            }
            if let Some(metadata) = sent.metadata {
                let mut whole = if op.action == "merge" {
                    object(row.metadata.clone()).unwrap_or_default()
                } else {
                    Default::default()
                };
                whole.extend(metadata);
                row.metadata = text(Some(&whole))?;
            }
        }
        dataset::insert(tx, &app, &row)?;
        datasets.push(message(tx, &app, dataset::need(tx, &app, &sent.id)?)?);
    }
    Ok(MultiDatasetResponse { datasets, ..Default::default() })
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteDatasets) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.dataset_ids.is_empty() {
        return Err(Fault::invalid("dataset_ids is empty: name the datasets to delete"));
    }
    for id in &op.dataset_ids {
        let row = dataset::need(tx, &app, id)?;
        let seq = tx.seq(&app)?;
        tx.exec("UPDATE dataset SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
        tx.exec("UPDATE member SET died = ?2 WHERE dataset = ?1 AND died IS NULL", (row.key, seq))?;
        let versions: Vec<i64> =
            tx.all("SELECT key FROM dataset_version WHERE dataset = ?1", [row.key], |r| r.get(0))?;
        for version in versions {
            versions::drop_version(tx, version)?;
        }
        tx.exec("DELETE FROM counter WHERE app = ?1 AND name = ?2", (app.key, format!("dataset:{}", row.key)))?;
        tx.bump(&app, "datasets", -1)?;
    }
    Ok(BaseResponse::default())
}
