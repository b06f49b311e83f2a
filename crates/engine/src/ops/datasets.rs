use crate::fault::Fault;
use crate::ops::{order, versions};
use crate::store::dataset::{self, COLUMNS, DatasetRow};
use crate::store::wanted::Wanted;
use crate::store::words::Words;
use crate::store::{object, text, unite};
use crate::tx::{App, Tx, check_id, fold, page};
use labelscope_api::messages::{
    AnnotationFilter, BaseResponse, BookmarkOrigin, BookmarkType, Dataset, DatasetVersionProcessingInfo, Gettable,
    Image, MultiDatasetResponse, SingleDatasetResponse, StatusCode, Visibility,
};
use labelscope_api::operations::{DeleteDatasets, GetDataset, ListDatasets, PatchDatasets, PostDatasets};
use labelscope_api::wire::{Struct, Timestamp};
use serde::{Deserialize, Serialize};

/// The most that notes may hold, in bytes.
const MAX_NOTES: usize = 64 << 10;

pub(super) fn message(tx: &Tx<'_>, app: &App, row: DatasetRow, stars: bool) -> Result<Dataset, Fault> {
    let origin = dataset::bookmark_origin(&row);
    // A bookmark shows what its origin says now, and nothing once that is gone.
    let behind = origin.as_ref().map(|o| dataset::behind(tx, o)).transpose()?.flatten();
    let (shown_app, shown) = match &behind {
        Some((app, row)) => (app, row),
        None => (app, &row),
    };
    let version = versions::latest(tx, shown_app, shown)?;
    let Defaults { default_annotation_filter, default_processing_info, image } = Defaults::of(shown);
    let (mut is_starred, mut star_count) = (false, 0);
    if stars {
        let mine = tx.one(
            "SELECT 1 FROM star WHERE user_id = ?1 AND dataset = ?2",
            (&tx.caller.user_id, row.key),
            |_| Ok(()),
        )?;
        is_starred = mine.is_some();
        star_count = tx.count("SELECT count(*) FROM star WHERE dataset = ?1", [row.key])? as i32;
    }
    Ok(Dataset {
        default_annotation_filter,
        default_processing_info,
        image,
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at.max(shown.modified_at))),
        app_id: app.id.clone(),
        user_id: app.user_id.clone(),
        description: shown.description.clone(),
        notes: shown.notes.clone(),
        metadata: object(shown.metadata.clone()),
        visibility: Some(Visibility { gettable: Gettable::PRIVATE }),
        version: version.map(Box::new),
        is_starred,
        star_count,
        bookmark_origin: origin,
        id: row.id,
    })
}

/// Are stars among the fields that are asked for? They are not counted otherwise.
fn wants_stars(fields: &[String]) -> bool {
    fields.iter().any(|f| matches!(f.as_str(), "stars" | "is_starred" | "star_count" | "all"))
}

/// What a dataset says about its versions to come, and its picture. Kept with the row as sent.
#[derive(Default, Serialize, Deserialize)]
struct Defaults {
    default_annotation_filter: Option<Box<AnnotationFilter>>,
    default_processing_info: Option<DatasetVersionProcessingInfo>,
    image: Option<Image>,
}

/// How versions of this dataset are to be made where they do not say.
pub(crate) fn default_processing_info(row: &DatasetRow) -> Option<DatasetVersionProcessingInfo> {
    Defaults::of(row).default_processing_info
}

impl Defaults {
    fn of(row: &DatasetRow) -> Self {
        let kept = object(row.extras.clone()).and_then(|mut extras| extras.remove("defaults"));
        kept.and_then(|d| serde_json::from_value(d).ok()).unwrap_or_default()
    }

    /// Takes over what was sent, and leaves the rest as it is.
    fn change(row: &mut DatasetRow, index: usize, sent: &mut Dataset) -> Result<(), Fault> {
        let mut now = Self::of(row);
        let (filter, info, image) =
            (sent.default_annotation_filter.take(), sent.default_processing_info.take(), sent.image.take());
        if filter.is_none() && info.is_none() && image.is_none() {
            return Ok(());
        }
        if image.as_ref().is_some_and(|i| i.url.is_empty()) {
            return Err(Fault::invalid(format!(
                "datasets[{index}].image has no url; a dataset's picture is kept by url"
            )));
        }
        now.default_annotation_filter = filter.or(now.default_annotation_filter);
        now.default_processing_info = info.or(now.default_processing_info);
        now.image = image.map(|i| Image { url: i.url, ..Image::default() }).or(now.image);
        now.keep(row)
    }

    /// Takes the picture away. Its url must be the one that is there.
    fn remove_image(row: &mut DatasetRow, index: usize, sent: &Image) -> Result<(), Fault> {
        let mut now = Self::of(row);
        if now.image.as_ref().map(|i| &i.url) != Some(&sent.url) {
            return Err(Fault::invalid(format!("datasets[{index}].image.url is not the url of the dataset's picture")));
        }
        now.image = None;
        now.keep(row)
    }

    fn keep(&self, row: &mut DatasetRow) -> Result<(), Fault> {
        let mut extras = object(row.extras.take()).unwrap_or_default();
        extras.insert("defaults".into(), serde_json::to_value(self)?);
        row.extras = text(Some(&extras))?;
        Ok(())
    }
}

/// The filter of versions for which none is sent.
pub(crate) fn default_filter(row: &DatasetRow) -> Option<Box<AnnotationFilter>> {
    Defaults::of(row).default_annotation_filter
}

pub(crate) fn list(tx: &Tx<'_>, op: ListDatasets) -> Result<MultiDatasetResponse, Fault> {
    let apps = tx.apps(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let column = order(&[
        (op.sort_by_created_at, "sort_by_created_at", "d.created_at"),
        (op.sort_by_star_count, "sort_by_star_count", "(SELECT count(*) FROM star s WHERE s.dataset = d.key)"),
        (op.sort_by_modified_at, "sort_by_modified_at", "d.modified_at"),
        (op.sort_by_id, "sort_by_id", "d.id"),
        (op.sort_by_relevance, "sort_by_relevance", "relevance"),
    ])?
    .unwrap_or("d.modified_at");
    let direction = if op.sort_ascending { "ASC" } else { "DESC" };
    let keys: Vec<i64> = apps.iter().map(|app| app.key).collect();
    let words = Words::of(&op.search);
    let mut wanted =
        Wanted::with(vec![serde_json::to_string(&keys)?.into(), fold(&op.id).into(), limit.into(), offset.into()]);
    words.conditions(&mut wanted);
    if op.starred_only {
        let mine = "EXISTS (SELECT 1 FROM star s WHERE s.user_id = ? AND s.dataset = d.key)";
        wanted.and(mine, tx.caller.user_id.clone());
    }
    let is_bookmark = "coalesce(json_type(d.extras, '$.bookmark_origin') = 'object', 0) = ?";
    wanted.and(is_bookmark, i64::from(op.bookmark));
    // The index gives the best match the lowest number. An id says most, notes and metadata least.
    let mut with = String::new();
    let mut joined = "";
    let mut score = "0";
    if column == "relevance"
        && let Some(any) = words.any()
    {
        let any = wanted.value(any);
        with = format!(
            "WITH found AS MATERIALIZED (SELECT rowid AS key, -bm25(dataset_words, 4.0, 2.0, 1.0, 1.0) AS score FROM dataset_words WHERE dataset_words MATCH {any})"
        );
        joined = "LEFT JOIN found ON found.key = d.key";
        score = "coalesce(found.score, 0)";
    }
    let sql = format!(
        "{with} SELECT {COLUMNS}, d.app, {score} AS relevance FROM dataset d {joined} WHERE d.app IN (SELECT value FROM json_each(?1)) AND d.died IS NULL
         AND (?2 = '' OR instr(fold(d.id), ?2)){} ORDER BY {column} {direction}, d.modified_at {direction}, d.key {direction} LIMIT ?3 OFFSET ?4",
        wanted.sql
    );
    let rows =
        tx.all(&sql, rusqlite::params_from_iter(wanted.values), |r| Ok((dataset::row(r)?, r.get::<_, i64>(9)?)))?;
    let stars = op.starred_only || op.sort_by_star_count || wants_stars(&op.additional_fields);
    let mut datasets = Vec::with_capacity(rows.len());
    for (row, key) in rows {
        if let Some(app) = apps.iter().find(|app| app.key == key) {
            datasets.push(message(tx, app, row, stars)?);
        }
    }
    Ok(MultiDatasetResponse { datasets, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetDataset) -> Result<SingleDatasetResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = dataset::find(tx, &app, &op.dataset_id)?.ok_or_else(|| Fault::not_found("dataset", &op.dataset_id))?;
    let dataset = Some(message(tx, &app, row, wants_stars(&op.additional_fields))?);
    Ok(SingleDatasetResponse { dataset, ..Default::default() })
}

/// Checks where a bookmark is to point: a dataset of another app of this server, and no bookmark itself.
fn check_origin(tx: &Tx<'_>, app: &App, index: usize, sent: &Dataset) -> Result<Option<BookmarkOrigin>, Fault> {
    let Some(origin) = &sent.bookmark_origin else { return Ok(None) };
    let place = format!("datasets[{index}].bookmark_origin");
    if !matches!(origin.resource_type, BookmarkType::dataset | BookmarkType::unknown) {
        return Err(Fault::invalid(format!("{place}.resource_type is not dataset")));
    }
    let own = Dataset {
        id: sent.id.clone(),
        app_id: sent.app_id.clone(),
        user_id: sent.user_id.clone(),
        bookmark_origin: Some(origin.clone()),
        ..Dataset::default()
    };
    if own != *sent {
        return Err(Fault::invalid(format!(
            "{place}: a bookmark shows what its origin says; send no more than its id and bookmark_origin"
        )));
    }
    let user_id = tx.user(&origin.user_id).to_owned();
    let app_id = if origin.app_id.is_empty() { app.id.clone() } else { origin.app_id.clone() };
    let origin = BookmarkOrigin { id: origin.id.clone(), app_id, user_id, resource_type: BookmarkType::dataset };
    match dataset::behind(tx, &origin)? {
        None => Err(Fault::refused(
            StatusCode::CONN_DOES_NOT_EXIST,
            format!(
                "{place}: dataset \"{}\" of app \"{}\" does not exist here, or is a bookmark itself",
                origin.id, origin.app_id
            ),
        )),
        Some((there, _)) if there == *app => {
            Err(Fault::invalid(format!("{place} is in the same app; a bookmark points to a dataset of another app")))
        }
        Some(_) => Ok(Some(origin)),
    }
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
    for (index, mut sent) in op.datasets.into_iter().enumerate() {
        let id = if sent.id.is_empty() { tx.new_id() } else { std::mem::take(&mut sent.id) };
        check_id("dataset", &id, StatusCode::CONN_INVALID_REQUEST)?;
        check_notes(index, &sent.notes)?;
        if dataset::find(tx, &app, &id)?.is_some() {
            return Err(Fault::invalid(format!("datasets[{index}]: the id \"{id}\" is taken (duplicate id)")));
        }
        let mut row = DatasetRow::default();
        if let Some(origin) = check_origin(tx, &app, index, &sent)? {
            let mut extras = Struct::new();
            extras.insert("bookmark_origin".into(), serde_json::to_value(origin)?);
            row.extras = text(Some(&extras))?;
        }
        Defaults::change(&mut row, index, &mut sent)?;
        let row = DatasetRow {
            id,
            description: sent.description,
            notes: sent.notes,
            metadata: text(sent.metadata.as_ref())?,
            ..row
        };
        dataset::insert(tx, &app, &row)?;
        datasets.extend(dataset::find(tx, &app, &row.id)?.map(|row| message(tx, &app, row, false)).transpose()?);
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
    if op.datasets.is_empty() {
        return Err(Fault::invalid("datasets is empty: name at least one dataset to change"));
    }
    let mut datasets = Vec::new();
    for (index, mut sent) in op.datasets.into_iter().enumerate() {
        if sent.id.is_empty() {
            return Err(Fault::invalid(format!("datasets[{index}] has no id")));
        }
        let mut row = dataset::need(tx, &app, &sent.id)?;
        check_notes(index, &sent.notes)?;
        if op.action == "remove" {
            // As on the platform, the picture is all that can be removed.
            let Some(image) = &sent.image else {
                return Err(Fault::invalid(format!(
                    "datasets[{index}]: \"remove\" takes away the image alone; name it by its url"
                )));
            };
            Defaults::remove_image(&mut row, index, image)?;
        } else {
            // A field that is not sent stays as it is.
            Defaults::change(&mut row, index, &mut sent)?;
            if !sent.description.is_empty() {
                row.description = sent.description;
            }
            if !sent.notes.is_empty() {
                row.notes = sent.notes;
            }
            if let Some(metadata) = sent.metadata {
                let mut whole = match op.action.as_str() {
                    "merge" => object(row.metadata.take()).unwrap_or_default(),
                    _ => Struct::new(),
                };
                unite(&mut whole, metadata);
                row.metadata = text(Some(&whole))?;
            }
        }
        dataset::insert(tx, &app, &row)?;
        datasets.push(message(tx, &app, dataset::need(tx, &app, &sent.id)?, false)?);
    }
    Ok(MultiDatasetResponse { datasets, ..Default::default() })
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteDatasets) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.dataset_ids.is_empty() {
        return Err(Fault::invalid("dataset_ids is empty: name the datasets to delete"));
    }
    for id in &op.dataset_ids {
        let row = dataset::find(tx, &app, id)?.ok_or_else(|| Fault::not_found("dataset", id))?;
        let seq = tx.seq(&app)?;
        tx.exec("DELETE FROM star WHERE dataset = ?1", [row.key])?;
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
