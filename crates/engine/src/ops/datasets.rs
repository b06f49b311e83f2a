use crate::fault::Fault;
use crate::ops::versions;
use crate::store::dataset::{self, COLUMNS, DatasetRow};
use crate::store::{object, text, unite};
use crate::tx::{App, Tx, check_id, fold, page};
use labelscope_api::messages::{
    AnnotationFilter, BaseResponse, Dataset, DatasetVersionProcessingInfo, Gettable, Image, MultiDatasetResponse,
    SingleDatasetResponse, StatusCode, Visibility,
};
use labelscope_api::operations::{DeleteDatasets, GetDataset, ListDatasets, PatchDatasets, PostDatasets};
use labelscope_api::wire::{Struct, Timestamp};
use serde::{Deserialize, Serialize};

/// The most that notes may hold, in bytes.
const MAX_NOTES: usize = 64 << 10;

fn message(tx: &Tx<'_>, app: &App, row: DatasetRow) -> Result<Dataset, Fault> {
    let version = versions::latest(tx, app, &row)?;
    let Defaults { default_annotation_filter, default_processing_info, image } = Defaults::of(&row);
    Ok(Dataset {
        default_annotation_filter,
        default_processing_info,
        image,
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

/// What a dataset says about its versions to come, and its picture. Kept with the row as sent.
#[derive(Default, Serialize, Deserialize)]
struct Defaults {
    default_annotation_filter: Option<Box<AnnotationFilter>>,
    default_processing_info: Option<DatasetVersionProcessingInfo>,
    image: Option<Image>,
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
    let sql = format!(
        "SELECT {COLUMNS} FROM dataset d WHERE d.app = ?1 AND d.died IS NULL AND (?2 = '' OR instr(lower(d.id), ?2)) ORDER BY {column} {direction}, d.key {direction} LIMIT ?3 OFFSET ?4"
    );
    let words: Vec<String> = fold(&op.search).split_whitespace().map(str::to_owned).collect();
    let rows = if words.is_empty() {
        tx.all(&sql, (app.key, fold(&op.id), limit, offset), dataset::row)?
    } else {
        let mut rows = tx.all(&sql, (app.key, fold(&op.id), -1, 0), dataset::row)?;
        rows.retain(|row| words.iter().all(|word| begins_one(row, word)));
        rows.into_iter().skip(offset as usize).take(limit as usize).collect()
    };
    let datasets = rows.into_iter().map(|row| message(tx, &app, row)).collect::<Result<_, _>>()?;
    Ok(MultiDatasetResponse { datasets, ..Default::default() })
}

/// Does a word of the dataset's id, description or notes begin so?
fn begins_one(row: &DatasetRow, word: &str) -> bool {
    [&row.id, &row.description, &row.notes].into_iter().any(|text| {
        let text = fold(text);
        let breaks = |c: char| !c.is_alphanumeric();
        text.starts_with(word)
            || text.match_indices(breaks).any(|(at, c)| text.get(at + c.len()..).is_some_and(|t| t.starts_with(word)))
    })
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
    for (index, mut sent) in op.datasets.into_iter().enumerate() {
        let id = if sent.id.is_empty() { tx.new_id() } else { std::mem::take(&mut sent.id) };
        check_id("dataset", &id, StatusCode::CONN_INVALID_REQUEST)?;
        check_notes(index, &sent.notes)?;
        if dataset::find(tx, &app, &id)?.is_some() {
            return Err(Fault::invalid(format!("datasets[{index}]: the id \"{id}\" is taken (duplicate id)")));
        }
        let mut row = DatasetRow::default();
        Defaults::change(&mut row, index, &mut sent)?;
        let row = DatasetRow {
            id,
            description: sent.description,
            notes: sent.notes,
            metadata: text(sent.metadata.as_ref())?,
            ..row
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
    for (index, mut sent) in op.datasets.into_iter().enumerate() {
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
