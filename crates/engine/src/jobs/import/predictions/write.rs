//! The one step that writes: what the version said of the dataset ends, and what the file says begins.

use super::super::WRITTEN;
use super::names::Missing;
use super::ready::{self, COLUMNS};
use super::tell;
use crate::fault::Fault;
use crate::jobs::Halt;
use crate::jobs::row::JobRow;
use crate::ops::model_types;
use crate::store::annotation;
use crate::store::dataset;
use crate::store::model::{self, ModelRow, VersionRow};
use crate::tx::{App, Tx};
use labelscope_api::extensions::Import;
use labelscope_api::messages::{EvaluationType, Model, ModelVersion, StatusCode};
use labelscope_api::wire::Int64;
use rusqlite::Connection;

/// Replaces all. False where the dataset is no longer what it was when its inputs were looked up: nothing is written then.
pub(super) fn replace(
    tx: &Tx<'_>,
    app: &App,
    job: &mut JobRow,
    stage: &Connection,
    dataset: i64,
    missing: &Missing,
) -> Result<bool, Halt> {
    if dataset::need(tx, app, &job.dataset_id)?.key != dataset || moved(tx, stage, dataset)? {
        return Ok(false);
    }
    let import = job.import.clone().unwrap_or_default();
    let version = &import.model_version_id;
    tell(missing, &mut job.result);
    the_version(tx, app, &import, stage, &mut job.result.warnings)?;
    let old = living(tx, app, dataset, version)?;
    if same(stage, &old)? {
        job.result.annotations_unchanged = Int64(old.len() as i64);
    } else {
        let seq = tx.seq(app)?;
        job.result.predictions_replaced = Int64(scores_of(tx, &old)?);
        for (rev, _, _) in &old {
            tx.exec("UPDATE annotation SET died = ?2 WHERE rev = ?1", (rev, seq))?;
        }
        (job.result.annotations_added, job.result.predictions_added) = add(tx, app, stage, version)?;
    }
    let staged = |sql: &str| stage.query_row(sql, [], |r| r.get::<_, i64>(0));
    let kept = staged("SELECT count(*) FROM label")?;
    job.result.predictions_skipped = Int64(staged("SELECT count(*) FROM score")? - kept);
    job.result.unchanged = tx.written().is_none();
    (job.phase, job.done) = (WRITTEN, job.total);
    Ok(true)
}

/// Has an input left the dataset, or a concept gone, since they were looked up?
fn moved(tx: &Tx<'_>, stage: &Connection, dataset: i64) -> Result<bool, Fault> {
    let gone = |table: &str, sql: &str| -> Result<bool, Fault> {
        let mut statement = stage.prepare(&format!("SELECT DISTINCT key FROM {table} WHERE key IS NOT NULL"))?;
        let mut keys = statement.query([])?;
        while let Some(r) = keys.next()? {
            if tx.one(sql, (r.get::<_, i64>(0)?, dataset), |_| Ok(()))?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    };
    Ok(gone(
        "input",
        "SELECT 1 FROM member m JOIN input i ON i.key = m.input AND i.died IS NULL WHERE m.input = ?1 AND m.dataset = ?2 AND m.died IS NULL",
    )? || gone("concept", "SELECT ?2 FROM concept WHERE key = ?1 AND died IS NULL")?)
}

/// Makes model and version where they are not there.
fn the_version(
    tx: &Tx<'_>,
    app: &App,
    import: &Import,
    stage: &Connection,
    warnings: &mut Vec<String>,
) -> Result<(), Halt> {
    let objects =
        stage.query_row("SELECT EXISTS (SELECT 1 FROM ready WHERE shape <> 0)", [], |r| r.get::<_, bool>(0))?;
    let (id, version) = (&import.model_id, &import.model_version_id);
    model::check_version_id(tx, app, id, version)?;
    if model::find(tx, app, id)?.is_none() {
        let told = if objects { "visual-detector" } else { "visual-classifier" };
        let model_type_id = Some(import.model_type_id.clone()).filter(|t| !t.is_empty());
        let new = ModelRow {
            rev: 0,
            app: app.key,
            key: 0,
            id: id.clone(),
            name: id.clone(),
            model_type_id: model_type_id.unwrap_or_else(|| told.to_owned()),
            body: Model::default(),
            created_at: 0,
            modified_at: 0,
        };
        model::insert(tx, app, &new)?;
    }
    let found = model::need(tx, app, id)?;
    if objects && model_types::evaluation_type(&found.model_type_id) == EvaluationType::Classification {
        warnings.push(format!(
            "model \"{id}\" is a {}, but the file holds objects: an evaluation of it looks at inputs as a whole",
            found.model_type_id
        ));
    }
    if model::find_version(tx, found.key, version)?.is_none() {
        let body = ModelVersion::default();
        let new =
            VersionRow { rev: 0, model: found.key, key: 0, id: version.clone(), body, created_at: 0, modified_at: 0 };
        model::insert_version(tx, app, &new)?;
    }
    Ok(())
}

/// A living prediction: its revision, its input, and the hash of what it said when it came, unless it was changed since.
type Old = (i64, i64, Option<i64>);

/// What the version says of inputs of the dataset now, in order.
fn living(tx: &Tx<'_>, app: &App, dataset: i64, version: &str) -> Result<Vec<Old>, Fault> {
    let sql = "SELECT a.rev, a.input, CASE WHEN a.modified_at = a.created_at THEN a.hash END FROM annotation a
        WHERE a.model_version_id = ?1 AND a.model_version_id <> '' AND a.died IS NULL AND a.app = ?2
          AND EXISTS (SELECT 1 FROM member m WHERE m.dataset = ?3 AND m.input = a.input AND m.died IS NULL) ORDER BY a.key";
    tx.all(sql, (version, app.key, dataset), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
}

/// Does the file say what is said already?
fn same(stage: &Connection, old: &[Old]) -> Result<bool, Fault> {
    let mut statement = stage.prepare("SELECT input, hash FROM ready ORDER BY idx")?;
    let mut rows = statement.query([])?;
    let mut old = old.iter();
    while let Some(r) = rows.next()? {
        match old.next() {
            Some((_, input, Some(hash))) if (*input, *hash) == (r.get(0)?, r.get(1)?) => {}
            _ => return Ok(false),
        }
    }
    Ok(old.next().is_none())
}

fn scores_of(tx: &Tx<'_>, old: &[Old]) -> Result<i64, Fault> {
    let mut sum = 0;
    for (rev, _, _) in old {
        sum += tx.count("SELECT count(*) FROM label WHERE annotation = ?1", [rev])?;
    }
    Ok(sum)
}

/// Gives how many annotations and scores were written.
fn add(tx: &Tx<'_>, app: &App, stage: &Connection, version: &str) -> Result<(Int64, Int64), Halt> {
    let mut statement = stage.prepare(&format!("SELECT {COLUMNS} FROM ready ORDER BY idx"))?;
    let mut labels = stage.prepare("SELECT concept, value FROM label WHERE target = ?1 ORDER BY item, ordinal")?;
    let mut rows = statement.query([])?;
    let (mut annotations, mut scores) = (0, 0);
    while let Some(r) = rows.next()? {
        let mut row = ready::row(r)?;
        version.clone_into(&mut row.model_version_id);
        row.user_id.clone_from(&app.user_id);
        row.status = StatusCode::ANNOTATION_SUCCESS.0;
        let said: Vec<(i64, f64)> = labels
            .query_map([r.get::<_, i64>(0)?], |l| Ok((l.get(0)?, l.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        annotation::insert(tx, app, &row, &said)?;
        annotations += 1;
        scores += said.len() as i64;
    }
    Ok((Int64(annotations), Int64(scores)))
}
