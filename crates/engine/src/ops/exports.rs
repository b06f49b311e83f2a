use crate::fault::{Fault, status};
use crate::jobs;
use crate::ops::versions;
use crate::store::dataset;
use crate::tx::Tx;
use labelscope_api::extensions::{EXPORT_FILE_PATH, JobKind};
use labelscope_api::messages::{
    DatasetVersionExport, ExportFormat, MultiDatasetVersionExportResponse, Status, StatusCode,
};
use labelscope_api::operations::PutDatasetVersionExports;
use labelscope_api::wire::UInt64;

pub(crate) struct ExportRow {
    pub format: ExportFormat,
    pub id: String,
    pub file_name: String,
    pub state: StatusCode,
    pub details: String,
    pub percent: u32,
    pub size: u64,
    pub embeddings: bool,
}

impl ExportRow {
    pub fn message(&self, base_url: &str) -> DatasetVersionExport {
        let done = self.state == StatusCode::DATASET_VERSION_EXPORT_SUCCESS;
        DatasetVersionExport {
            format: self.format,
            status: Some(Status {
                details: self.details.clone(),
                percent_completed: if done { 100 } else { self.percent },
                ..status(self.state, describe(self.state))
            }),
            url: if done {
                format!("{base_url}{EXPORT_FILE_PATH}/{}/{}", self.id, self.file_name)
            } else {
                String::new()
            },
            size: UInt64(self.size),
            include_embeddings: self.embeddings,
        }
    }
}

fn describe(state: StatusCode) -> &'static str {
    match state {
        StatusCode::DATASET_VERSION_EXPORT_SUCCESS => "Dataset version export success",
        StatusCode::DATASET_VERSION_EXPORT_PENDING => "Dataset version export pending",
        StatusCode::DATASET_VERSION_EXPORT_IN_PROGRESS => "Dataset version export in progress",
        _ => "Dataset version export failed",
    }
}

pub(crate) fn find(tx: &Tx<'_>, version: i64, format: ExportFormat) -> Result<Option<ExportRow>, Fault> {
    tx.one(
        "SELECT format, id, file_name, state, details, percent, size, embeddings FROM export WHERE version = ?1 AND format = ?2",
        (version, format.0),
        row,
    )
}

pub(crate) fn row(r: &rusqlite::Row<'_>) -> rusqlite::Result<ExportRow> {
    Ok(ExportRow {
        format: ExportFormat(r.get(0)?),
        id: r.get(1)?,
        file_name: r.get(2)?,
        state: StatusCode(r.get(3)?),
        details: r.get(4)?,
        percent: r.get(5)?,
        size: r.get::<_, i64>(6)?.unsigned_abs(),
        embeddings: r.get(7)?,
    })
}

/// The word for a format in file names.
pub(crate) fn word(format: ExportFormat) -> Option<&'static str> {
    match format {
        ExportFormat::CLARIFAI_DATA_PROTOBUF => Some("clarifai-protobuf"),
        ExportFormat::CLARIFAI_DATA_JSON => Some("clarifai-json"),
        ExportFormat::COCO => Some("coco"),
        _ => None,
    }
}

pub(crate) fn put(tx: &Tx<'_>, op: PutDatasetVersionExports) -> Result<MultiDatasetVersionExportResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    let version = versions::need(tx, &dataset, &op.dataset_version_id)?;
    if op.exports.is_empty() {
        return Err(Fault::invalid("exports is empty: name at least one format"));
    }
    let mut exports = Vec::new();
    for (index, sent) in op.exports.iter().enumerate() {
        let Some(word) = word(sent.format) else {
            return Err(Fault::invalid(format!(
                "exports[{index}].format is {}; the formats are CLARIFAI_DATA_PROTOBUF (1), COCO (2) and CLARIFAI_DATA_JSON (3)",
                sent.format.0
            )));
        };
        // Asked for again, an export that is in work or done tells how it stands; one that failed is begun anew,
        // and so is one that was made with other wishes about embeddings.
        let before = find(tx, version.key, sent.format)?;
        let anew = match &before {
            None => true,
            Some(row) => {
                row.embeddings != sent.include_embeddings
                    || !matches!(
                        row.state,
                        StatusCode::DATASET_VERSION_EXPORT_SUCCESS
                            | StatusCode::DATASET_VERSION_EXPORT_PENDING
                            | StatusCode::DATASET_VERSION_EXPORT_IN_PROGRESS
                    )
            }
        };
        if anew {
            let old: Option<String> = tx.one(
                "SELECT sha256 FROM export WHERE version = ?1 AND format = ?2 AND sha256 <> ''",
                (version.key, sent.format.0),
                |r| r.get(0),
            )?;
            // Its key is not used again: a job may still work on it.
            let key: Option<i64> = tx.one(
                "SELECT 1 + max((SELECT coalesce(max(key), 0) FROM export), (SELECT coalesce(max(export), 0) FROM job))",
                [],
                |r| r.get(0),
            )?;
            tx.exec("DELETE FROM export WHERE version = ?1 AND format = ?2", (version.key, sent.format.0))?;
            let safe: String = format!("{}-{}-{word}.zip", dataset.id, version.id)
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' })
                .collect();
            tx.exec(
                "INSERT INTO export (key, version, format, id, file_name, state, details, percent, size, sha256, embeddings)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', 0, 0, '', ?7)",
                (key, version.key, sent.format.0, tx.new_id(), safe, StatusCode::DATASET_VERSION_EXPORT_PENDING.0, sent.include_embeddings),
            )?;
            if let Some(sha) = old {
                tx.doom(&sha)?;
            }
            let export = Some(tx.conn.last_insert_rowid());
            jobs::add(
                tx,
                &app,
                &jobs::NewJob {
                    kind: JobKind::EXPORT,
                    dataset_id: &dataset.id,
                    version_id: &version.id,
                    cursor: version.key,
                    export,
                    ..jobs::NewJob::default()
                },
            )?;
        }
        exports.extend(find(tx, version.key, sent.format)?.map(|e| e.message(tx.base_url)));
    }
    Ok(MultiDatasetVersionExportResponse { exports, ..Default::default() })
}
