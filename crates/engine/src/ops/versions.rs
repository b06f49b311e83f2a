use crate::fault::{Fault, status};
use crate::jobs;
use crate::ops::annotation_filters;
use crate::store::dataset::{self, DatasetRow};
use crate::store::search as saved;
use crate::store::version::{self, COLUMNS, Filter, VersionRow};
use crate::store::{object, text};
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::extensions::JobKind;
use labelscope_api::messages::{
    AnnotationFilterConfig, BaseResponse, DatasetVersion, DatasetVersionExportInfo, DatasetVersionProcessingInfo,
    ExportFormat, Gettable, MultiDatasetVersionResponse, RequestOrigin, SingleDatasetVersionResponse, StatusCode,
    Visibility,
};
use labelscope_api::operations::{
    DeleteDatasetVersions, GetDatasetVersion, ListDatasetVersions, PatchDatasetVersions, PostDatasetVersions,
};
use labelscope_api::wire::{Struct, Timestamp};
use serde::{Deserialize, Serialize};

fn message(tx: &Tx<'_>, app: &App, dataset: &DatasetRow, row: VersionRow) -> Result<DatasetVersion, Fault> {
    let mut export_info = DatasetVersionExportInfo::default();
    for format in [ExportFormat::CLARIFAI_DATA_PROTOBUF, ExportFormat::COCO, ExportFormat::CLARIFAI_DATA_JSON] {
        let export = super::exports::find(tx, row.key, format)?.map(|e| e.message(tx.base_url));
        match format {
            ExportFormat::COCO => export_info.coco = export,
            ExportFormat::CLARIFAI_DATA_JSON => export_info.clarifai_data_json = export,
            _ => export_info.clarifai_data_protobuf = export,
        }
    }
    let body: Body = serde_json::from_str(&row.body).unwrap_or_default();
    let asked = export_info != DatasetVersionExportInfo::default();
    let status = if row.totals.is_some() {
        status(StatusCode::DATASET_VERSION_READY, "Dataset version is ready")
    } else {
        jobs::version_status(tx, row.key)?
    };
    Ok(DatasetVersion {
        id: row.id,
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at)),
        app_id: app.id.clone(),
        user_id: app.user_id.clone(),
        dataset_id: dataset.id.clone(),
        annotation_filter_config: row.filter.sent,
        status: Some(status),
        description: row.description,
        metrics: row
            .totals
            .as_deref()
            .and_then(|t| serde_json::from_str(t).ok())
            .map(|m| ("/".to_owned(), m))
            .into_iter()
            .collect(),
        processing_info: body.processing_info,
        embed_model_version_ids: body.embed_model_version_ids,
        export_info: asked.then_some(export_info),
        metadata: object(row.metadata),
        visibility: Some(Visibility { gettable: Gettable::PRIVATE }),
        request_origin: RequestOrigin(row.origin),
        ..DatasetVersion::default()
    })
}

pub(crate) fn need(tx: &Tx<'_>, dataset: &DatasetRow, id: &str) -> Result<VersionRow, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM dataset_version WHERE dataset = ?1 AND id = ?2");
    tx.one(&sql, (dataset.key, id), version::row)?.ok_or_else(|| Fault::not_found("dataset version", id))
}

/// The latest of those that hold labels.
pub(crate) fn latest(tx: &Tx<'_>, app: &App, dataset: &DatasetRow) -> Result<Option<DatasetVersion>, Fault> {
    let sql =
        format!("SELECT {COLUMNS} FROM dataset_version WHERE dataset = ?1 AND origin <> ?2 ORDER BY key DESC LIMIT 1");
    tx.one(&sql, (dataset.key, RequestOrigin::EVAL_PREDICTIONS.0), version::row)?
        .map(|row| message(tx, app, dataset, row))
        .transpose()
}

pub(crate) fn list(tx: &Tx<'_>, op: ListDatasetVersions) -> Result<MultiDatasetVersionResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (app, dataset) = dataset::read(tx, app, &op.dataset_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let origins: Vec<String> = op.request_origins.iter().map(|o| o.0.to_string()).collect();
    // What evaluations froze of predictions is told to those who ask for it.
    let wanted = if origins.is_empty() {
        format!(" AND origin <> {}", RequestOrigin::EVAL_PREDICTIONS.0)
    } else {
        format!(" AND origin IN ({})", origins.join(","))
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM dataset_version WHERE dataset = ?1{wanted} ORDER BY key DESC LIMIT ?2 OFFSET ?3"
    );
    let rows = tx.all(&sql, (dataset.key, limit, offset), version::row)?;
    let dataset_versions = rows.into_iter().map(|row| message(tx, &app, &dataset, row)).collect::<Result<_, _>>()?;
    Ok(MultiDatasetVersionResponse { dataset_versions, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetDatasetVersion) -> Result<SingleDatasetVersionResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (app, dataset) = dataset::read(tx, app, &op.dataset_id)?;
    let row = need(tx, &dataset, &op.dataset_version_id)?;
    Ok(SingleDatasetVersionResponse { dataset_version: Some(message(tx, &app, &dataset, row)?), ..Default::default() })
}

/// The filter of a new version, frozen: a kept one, or the dataset's default, is taken over as it is now.
pub(crate) fn filter(tx: &Tx<'_>, app: &App, dataset: &DatasetRow, sent: &DatasetVersion) -> Result<Filter, Fault> {
    if sent.model_predict_config.is_some() {
        return Err(Fault::refused(
            StatusCode::NOT_IMPLEMENTED,
            "model_predict_config (this server runs no models) is not available on this server",
        ));
    }
    let default = || super::datasets::default_filter(dataset).map(|f| (f, false));
    let (chosen, ignore_empty) = match sent.annotation_filter_config.clone() {
        None => match default() {
            None => return Ok(Filter::default()),
            Some((filter, ignore)) => (Some(filter), ignore),
        },
        Some(config) => (config.annotation_filter, config.ignore_empty_inputs),
    };
    let kept = match chosen {
        Some(filter) if filter.search.is_none() && !filter.id.is_empty() => {
            Some(Box::new(annotation_filters::by_id(tx, app, &filter.id)?))
        }
        other => other,
    };
    let search = kept.as_ref().and_then(|f| f.search.as_deref());
    if let Some(search) = search {
        saved::check_filter(tx, app, search, "annotation_filter_config.annotation_filter.search")?;
    }
    Ok(Filter {
        search: search.cloned(),
        caller: tx.caller.user_id.clone(),
        sent: Some(AnnotationFilterConfig { annotation_filter: kept, ignore_empty_inputs: ignore_empty }),
        ignore_empty,
        ..Filter::default()
    })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostDatasetVersions) -> Result<MultiDatasetVersionResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    if op.dataset_versions.is_empty() {
        return Err(Fault::invalid("dataset_versions is empty: send at least one, it may be {}"));
    }
    let mut dataset_versions = Vec::new();
    for sent in op.dataset_versions {
        let new = NewVersion {
            filter: filter(tx, &app, &dataset, &sent)?,
            body: Body { processing_info: sent.processing_info, embed_model_version_ids: sent.embed_model_version_ids },
            id: sent.id,
            description: sent.description,
            metadata: sent.metadata,
            origin: RequestOrigin::MANUAL,
        };
        let row = make(tx, &app, &dataset, new)?;
        dataset_versions.push(message(tx, &app, &dataset, row)?);
    }
    Ok(MultiDatasetVersionResponse { dataset_versions, ..Default::default() })
}

/// What a version keeps beside its columns.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Body {
    pub processing_info: Option<DatasetVersionProcessingInfo>,
    pub embed_model_version_ids: Vec<String>,
}

/// A version to be made. Without an id it gets one; without processing info the dataset's default.
pub(crate) struct NewVersion {
    pub id: String,
    pub description: String,
    pub metadata: Option<Struct>,
    pub filter: Filter,
    pub body: Body,
    pub origin: RequestOrigin,
}

/// Makes a version of what the dataset holds now, and the job that counts it.
pub(crate) fn make(tx: &Tx<'_>, app: &App, dataset: &DatasetRow, new: NewVersion) -> Result<VersionRow, Fault> {
    let id = if new.id.is_empty() { tx.new_id() } else { new.id };
    check_id("dataset version", &id, StatusCode::CONN_INVALID_REQUEST)?;
    let taken =
        tx.one("SELECT 1 FROM dataset_version WHERE dataset = ?1 AND id = ?2", (dataset.key, &id), |_| Ok(()))?;
    if taken.is_some() {
        return Err(Fault::invalid(format!("dataset version \"{id}\" is there already (duplicate id)")));
    }
    let mut body = new.body;
    body.processing_info = body.processing_info.or_else(|| super::datasets::default_processing_info(dataset));
    let seq = tx.seq(app)?;
    // The key of a deleted version is not used again: a job may still work on it.
    let key: Option<i64> = tx.one(
        "SELECT 1 + max((SELECT coalesce(max(key), 0) FROM dataset_version), (SELECT coalesce(max(cursor), 0) FROM job WHERE kind IN (?1, ?2)))",
        (JobKind::VERSION.0, JobKind::EXPORT.0),
        |r| r.get(0),
    )?;
    tx.exec(
        "INSERT INTO dataset_version (key, dataset, id, seq, description, metadata, filter, origin, created_at, modified_at, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)",
        (
            key, dataset.key, &id, seq, &new.description, text(new.metadata.as_ref())?,
            serde_json::to_string(&new.filter)?, new.origin.0, tx.now, serde_json::to_string(&body)?,
        ),
    )?;
    jobs::add(
        tx,
        app,
        &jobs::NewJob {
            kind: JobKind::VERSION,
            dataset_id: &dataset.id,
            version_id: &id,
            cursor: tx.conn.last_insert_rowid(),
            ..jobs::NewJob::default()
        },
    )?;
    // A new version is news of the dataset.
    dataset::insert(tx, app, &DatasetRow { modified_at: tx.now, ..dataset.clone() })?;
    need(tx, dataset, &id)
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchDatasetVersions) -> Result<MultiDatasetVersionResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    if !matches!(op.action.as_str(), "" | "overwrite") {
        return Err(Fault::invalid(format!(
            "action is \"{}\"; dataset versions are changed with \"overwrite\"",
            op.action
        )));
    }
    let mut dataset_versions = Vec::new();
    for sent in op.dataset_versions {
        let row = need(tx, &dataset, &sent.id)?;
        let known = DatasetVersion {
            id: sent.id.clone(),
            description: sent.description.clone(),
            metadata: sent.metadata.clone(),
            ..DatasetVersion::default()
        };
        if known != sent {
            return Err(Fault::invalid(format!(
                "dataset version \"{}\": only description and metadata can be changed; make a new version for the rest",
                sent.id
            )));
        }
        tx.seq(&app)?;
        let description = if sent.description.is_empty() { row.description } else { sent.description };
        let metadata = if sent.metadata.is_some() { text(sent.metadata.as_ref())? } else { row.metadata };
        tx.exec(
            "UPDATE dataset_version SET description = ?2, metadata = ?3, modified_at = ?4 WHERE key = ?1",
            (row.key, description, metadata, tx.now),
        )?;
        dataset_versions.push(message(tx, &app, &dataset, need(tx, &dataset, &sent.id)?)?);
    }
    Ok(MultiDatasetVersionResponse { dataset_versions, ..Default::default() })
}

/// Forgets a version, its counts and its exports. A job that still works on it finds it gone and ends.
pub(crate) fn drop_version(tx: &Tx<'_>, key: i64) -> Result<(), Fault> {
    tx.exec("DELETE FROM version_group WHERE version = ?1", [key])?;
    let shas: Vec<String> =
        tx.all("SELECT sha256 FROM export WHERE version = ?1 AND sha256 <> ''", [key], |r| r.get(0))?;
    tx.exec("DELETE FROM export WHERE version = ?1", [key])?;
    tx.exec("DELETE FROM dataset_version WHERE key = ?1", [key])?;
    for sha in shas {
        tx.doom(&sha)?;
    }
    Ok(())
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteDatasetVersions) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    if op.dataset_version_ids.is_empty() {
        return Err(Fault::invalid("dataset_version_ids is empty: name the versions to delete"));
    }
    let rows: Vec<VersionRow> =
        op.dataset_version_ids.iter().map(|id| need(tx, &dataset, id)).collect::<Result<_, _>>()?;
    tx.seq(&app)?;
    for row in rows {
        drop_version(tx, row.key)?;
    }
    Ok(BaseResponse::default())
}
