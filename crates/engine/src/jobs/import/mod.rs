//! Imports. Predictions have a module of their own. Here is that of a COCO dataset: read and check the whole file, take in the pictures, write in batches.
//!
//! Ids: input `<dataset>-<image id>`, annotation `<input>-a<annotation id>`, concept = slug of its name. Content hashes
//! tell what is there already: the same file again writes nothing; a changed image or annotation becomes a revision;
//! what the file no longer names is left alone. An image that another dataset brought in (same name, size, id and other
//! fields) joins instead of being added twice.

mod image;
mod predictions;
mod undo;

pub(super) use undo::{clear, undo};

use super::media::{self, is_picture, is_zip};
use super::row::{JobRow, is_of_predictions};
use super::stage::{self, refused};
use super::{Halt, Work};
use crate::fault::Fault;
use crate::ops::imports;
use crate::store::concept::{self, NewConcept};
use crate::store::dataset::{self, DatasetRow};
use crate::tx::{App, Tx, check_id, fold};
use labelscope_api::messages::StatusCode;
use labelscope_api::wire::{Int64, Struct};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Instant;

/// Names that a result lists at most.
const LISTED: usize = 100;
/// A step gives the writer back after this time.
const STEP: std::time::Duration = std::time::Duration::from_millis(60);

/// The phase of a job that has written all; only its end is not noted.
const WRITTEN: u32 = 4;

/// Runs an import from wherever it stands.
pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    if let Some(import) = work.job.import.clone().filter(is_of_predictions) {
        return predictions::run(work, &import);
    }
    if work.job.phase >= WRITTEN {
        return Ok(());
    }
    let folder = work.engine.import_folder(&work.job.id);
    let staged = folder.join("stage.db");
    // From phase 3 on the staging database is whole and durable, and inputs are being written.
    let stage =
        if work.job.phase >= 3 && staged.is_file() { stage::open(&staged)? } else { prepare(work, &folder, &staged)? };
    write(work, &stage)
}

fn prepare(work: &mut Work<'_>, folder: &std::path::Path, staged: &std::path::Path) -> Result<Connection, Halt> {
    let files = file_names(work)?;
    let name = annotations_file(work, &files)?;
    let path = folder.join("files").join(&name);
    let total = std::fs::metadata(&path)?.len();
    work.progress(1, 0, total)?;
    let stage = stage::fill(staged, &path, &mut |read| work.progress(1, read, total))?;
    let pictures: Vec<String> = files.into_iter().filter(|f| *f != name).collect();
    media::take_in(work, &stage, folder, &pictures)?;
    std::fs::File::open(staged)?.sync_all()?;
    let images: i64 = stage.query_row("SELECT count(*) FROM image", [], |r| r.get(0))?;
    begin(work, &stage, images)?;
    Ok(stage)
}

fn file_names(work: &mut Work<'_>) -> Result<Vec<String>, Halt> {
    work.step(|tx, _, job| {
        Ok(tx.all("SELECT name FROM import_file WHERE job = ?1 ORDER BY name", [&job.id], |r| r.get(0))?)
    })
}

/// Which file holds the annotations: the one that was named, or the only one that is JSON.
fn annotations_file(work: &Work<'_>, files: &[String]) -> Result<String, Halt> {
    let named = work.job.import.as_ref().map(|i| i.annotations_file.clone()).filter(|n| !n.is_empty());
    if let Some(name) = named {
        return if files.contains(&name) {
            Ok(name)
        } else {
            Err(refused(&name, "The file with the annotations has not arrived.", "Send it and start the import again."))
        };
    }
    let mut json = files.iter().filter(|f| !is_picture(f) && !is_zip(f));
    match (json.next(), json.next()) {
        (Some(one), None) => Ok(one.clone()),
        (None, _) => {
            Err(refused("", "No file with annotations has arrived.", "Choose a COCO file (.json) beside the pictures."))
        }
        (Some(a), Some(b)) => Err(refused(
            a,
            &format!("Two files could hold the annotations: {a} and {b}."),
            "Import them one after the other.",
        )),
    }
}

/// The first step that writes: the dataset, and what the result says about the pictures.
fn begin(work: &mut Work<'_>, stage: &Connection, images: i64) -> Result<(), Halt> {
    let names = |sql: &str| -> Result<Vec<String>, Fault> {
        Ok(stage.prepare(sql)?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
    };
    let missing_count: i64 = stage.query_row("SELECT count(*) FROM image WHERE sha256 IS NULL", [], |r| r.get(0))?;
    let missing = names(&format!("SELECT file_name FROM image WHERE sha256 IS NULL ORDER BY idx LIMIT {LISTED}"))?;
    let unused = names(&format!("SELECT name FROM media WHERE used = 0 ORDER BY name LIMIT {LISTED}"))?;
    let warnings = warnings(stage)?;
    work.step(|_, _, job| {
        (job.phase, job.done, job.total, job.cursor) = (3, 0, images, -1);
        job.result.missing_media_count = Int64(missing_count);
        (job.result.missing_media, job.result.unused_media, job.result.warnings) = (missing, unused, warnings);
        Ok(())
    })
}

/// Boxes that reach out of their image: worth a look, no reason to refuse.
fn warnings(stage: &Connection) -> Result<Vec<String>, Fault> {
    let sql = format!(
        "SELECT a.idx, i.file_name FROM annotation a JOIN image i ON i.id = a.image
         WHERE a.x IS NOT NULL AND (a.x < -0.5 OR a.y < -0.5 OR a.x + a.w > i.width + 0.5 OR a.y + a.h > i.height + 0.5) ORDER BY a.idx LIMIT {LISTED}"
    );
    let mut statement = stage.prepare(&sql)?;
    let rows = statement.query_map([], |r| {
        Ok(format!("annotations[{}].bbox reaches out of {}", r.get::<_, i64>(0)?, r.get::<_, String>(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

struct Category {
    concept: i64,
    name: String,
}

fn write(work: &mut Work<'_>, stage: &Connection) -> Result<(), Halt> {
    let (dataset, categories) = work.step(|tx, app, job| {
        let categories = concepts(tx, app, job, stage)?;
        let dataset = the_dataset(tx, app, job, stage)?;
        Ok((dataset, categories))
    })?;
    loop {
        let more = work.step(|tx, app, job| {
            let begun = Instant::now();
            let sql = "SELECT id, idx, file_name, width, height, extra, sha256 FROM image WHERE idx > ?1 ORDER BY idx LIMIT 1000";
            let mut statement = stage.prepare_cached(sql)?;
            let mut rows = statement.query([job.cursor])?;
            let mut any = false;
            while let Some(r) = rows.next()? {
                let image = image::Staged {
                    id: r.get(0)?,
                    index: r.get(1)?,
                    file_name: r.get(2)?,
                    width: r.get(3)?,
                    height: r.get(4)?,
                    extra: r.get(5)?,
                    sha256: r.get(6)?,
                };
                image::write(tx, app, job, stage, &dataset, &categories, &image)?;
                (job.cursor, job.done, any) = (image.index, job.done + 1, true);
                if begun.elapsed() > STEP {
                    break;
                }
            }
            Ok(any)
        })?;
        if !more {
            break;
        }
    }
    work.step(|tx, app, job| {
        let r = &mut job.result;
        let moved = r.inputs_added.0
            + r.inputs_changed.0
            + r.inputs_joined.0
            + r.annotations_added.0
            + r.annotations_changed.0
            + r.concepts_added.0
            + r.media_added.0;
        r.unchanged = moved == 0;
        job.phase = WRITTEN;
        match &job.import {
            Some(import) if !import.model_version_id.is_empty() => Ok(imports::sample_predictions(tx, app, import)?),
            _ => Ok(()),
        }
    })
}

/// The concept of each category: the one of that name, or a new one.
fn concepts(tx: &Tx<'_>, app: &App, job: &mut JobRow, stage: &Connection) -> Result<HashMap<i64, Category>, Halt> {
    let mut out = HashMap::new();
    let mut statement = stage.prepare("SELECT id, name, super FROM category ORDER BY idx")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let (id, name, supercategory): (i64, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let known = tx.one(
            "SELECT key FROM concept INDEXED BY concept_name WHERE app = ?1 AND folded = ?2 AND name = ?3 AND died IS NULL ORDER BY key LIMIT 1",
            (app.key, fold(&name), &name),
            |r| r.get(0),
        )?;
        let concept = if let Some(key) = known {
            key
        } else {
            let free = concept::free_id(tx, app, &name)?;
            job.result.concepts_added.0 += 1;
            let new = NewConcept { id: &free, name: &name, supercategory: &supercategory, ..NewConcept::default() };
            concept::insert(tx, app, &new)?
        };
        out.insert(id, Category { concept, name });
    }
    Ok(out)
}

/// The dataset, with what the file says besides images and annotations, so that an export can say it again.
fn the_dataset(tx: &Tx<'_>, app: &App, job: &JobRow, stage: &Connection) -> Result<DatasetRow, Halt> {
    let id = job.dataset_id.clone();
    let found = dataset::find(tx, app, &id)?;
    let mut row = found.clone().unwrap_or(DatasetRow { id: id.clone(), ..DatasetRow::default() });
    let mut extras: Struct = row.extras.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    let top: Struct = stage
        .prepare("SELECT key, value FROM extra ORDER BY key")?
        .query_map([], |r| Ok((r.get(0)?, serde_json::from_str(&r.get::<_, String>(1)?).unwrap_or(Value::Null))))?
        .collect::<rusqlite::Result<_>>()?;
    let description =
        top.get("info").and_then(|i| i.get("description")).and_then(Value::as_str).unwrap_or_default().to_owned();
    extras.insert("top".into(), top.into());
    // Categories of an earlier file stay; those of this one replace theirs of the same name.
    let mut categories: Vec<Value> = extras.get("categories").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut statement = stage.prepare("SELECT id, name, super, extra FROM category ORDER BY idx")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let extra = r.get::<_, Option<String>>(3)?.and_then(|t| serde_json::from_str::<Value>(&t).ok());
        let (id, name): (i64, String) = (r.get(0)?, r.get(1)?);
        let entry = json!({"id": id, "name": name, "supercategory": r.get::<_, String>(2)?, "extra": extra});
        match categories.iter_mut().find(|c| c.get("name").and_then(Value::as_str) == Some(&name)) {
            Some(old) => *old = entry,
            None => categories.push(entry),
        }
    }
    extras.insert("categories".into(), categories.into());
    let text = serde_json::to_string(&extras)?;
    if found.is_none() {
        check_id("dataset", &id, StatusCode::CONN_INVALID_REQUEST)?;
        row.description = description;
    }
    if found.is_none() || row.extras.as_deref() != Some(text.as_str()) {
        row.extras = Some(text);
        dataset::insert(tx, app, &row)?;
    }
    Ok(dataset::need(tx, app, &id)?)
}
