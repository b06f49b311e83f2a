//! Exports: a version's inputs and annotations, streamed into a ZIP. Nothing shows before the archive is whole; a run
//! that was broken off begins again.

use super::row::JobRow;
use super::{Halt, Work};
use crate::fault::Fault;
use crate::ops::exports;
use crate::store::annotation::{self, Place};
use crate::store::version::{self, Part, Seen, VersionRow, View};
use crate::store::{geometry, input};
use crate::tx::Tx;
use labelscope_api::extensions::JobError;
use labelscope_api::messages::{Concept, ConceptValue, Data, ExportFormat, Input, StatusCode};
use labelscope_formats::{archive, clarifai, coco};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{BufWriter, Write};

/// Inputs that are read in one go.
const CHUNK: usize = 500;

/// A concept as archives name it.
struct Named {
    id: String,
    name: String,
    supercategory: String,
}

struct Source {
    version: VersionRow,
    format: ExportFormat,
    concepts: HashMap<i64, Named>,
    extras: Map<String, Value>,
    total: u64,
    embeddings: bool,
    /// Inputs that the format has no place for.
    left_out: u64,
}

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    let key = work.job.export.unwrap_or_default();
    let gone = || Halt::Cancelled;
    let format = work.step(|tx, _, _| {
        let state = StatusCode::DATASET_VERSION_EXPORT_IN_PROGRESS.0;
        tx.exec("UPDATE export SET state = ?2, details = '', percent = 0 WHERE key = ?1", (key, state))?;
        Ok(tx.one("SELECT format, embeddings FROM export WHERE key = ?1", [key], |r| {
            Ok((ExportFormat(r.get(0)?), r.get(1)?))
        })?)
    })?;
    let (format, embeddings) = format.ok_or_else(gone)?;
    let source = source(work, format, embeddings)?.ok_or_else(gone)?;
    work.progress(1, 0, source.total)?;
    let mut draft = work.engine.blobs().begin()?;
    match format {
        ExportFormat::COCO => write_coco(work, &source, draft.writer()?)?,
        ExportFormat::CLARIFAI_DATA_JSON => write_clarifai(work, &source, clarifai::Format::Json, draft.writer()?)?,
        _ => write_clarifai(work, &source, clarifai::Format::Protobuf, draft.writer()?)?,
    }
    work.progress(3, source.total, source.total)?;
    let stored = draft.keep()?;
    let details = match source.left_out {
        0 => String::new(),
        n => format!("{n} inputs that are no images are left out: a COCO file holds images only"),
    };
    work.step(|tx, _, job| {
        // Deleted meanwhile, it leaves no archive behind.
        if tx.one("SELECT 1 FROM export WHERE key = ?1", [key], |_| Ok(()))?.is_none() {
            exports::forget_blob(tx, &stored.sha256)?;
            return Err(Halt::Cancelled);
        }
        if tx.blobs().path(&stored.sha256).is_none() {
            return Err(
                std::io::Error::other("the archive was removed with another of the same content; ask again").into()
            );
        }
        let state = StatusCode::DATASET_VERSION_EXPORT_SUCCESS.0;
        tx.exec(
            "UPDATE export SET state = ?2, percent = 100, size = ?3, sha256 = ?4, details = ?5 WHERE key = ?1",
            (key, state, stored.bytes as i64, &stored.sha256, &details),
        )?;
        job.notes.clone_from(&details);
        Ok(())
    })
}

/// An export that ended early says so, and can be asked for again.
pub(super) fn fail(tx: &Tx<'_>, job: &JobRow, error: Option<&JobError>) -> Result<(), Halt> {
    let details = error.map_or("it was cancelled; ask for it again to begin anew", |e| e.message.as_str());
    tx.exec(
        "UPDATE export SET state = ?2, details = ?3 WHERE key = ?1",
        (job.export, StatusCode::DATASET_VERSION_EXPORT_FAILED.0, details),
    )?;
    Ok(())
}

fn source(work: &Work<'_>, format: ExportFormat, embeddings: bool) -> Result<Option<Source>, Halt> {
    let conn = &work.reader.conn;
    let Some(version) = version::by_key(conn, work.job.cursor)? else { return Ok(None) };
    let mut statement = conn.prepare(
        "SELECT c.key, c.id, c.name, c.supercategory FROM concept c JOIN dataset d ON d.app = c.app AND d.key = ?1
         WHERE c.born <= ?2 AND (c.died IS NULL OR c.died > ?2) GROUP BY c.key",
    )?;
    let concepts = statement
        .query_map((version.dataset, version.seq), |r| {
            Ok((r.get(0)?, Named { id: r.get(1)?, name: r.get(2)?, supercategory: r.get(3)? }))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let extras: Option<String> = conn.query_row(
        "SELECT extras FROM dataset WHERE key = ?1 AND born <= ?2 ORDER BY born DESC LIMIT 1",
        (version.dataset, version.seq),
        |r| r.get(0),
    )?;
    let extras = extras.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default();
    let total = View::new(conn, &version)?.inputs()?.unsigned_abs();
    let left_out: i64 = if format == ExportFormat::COCO {
        conn.query_row(
            "SELECT count(*) FROM member m JOIN input i ON i.key = m.input AND i.born <= ?2 AND (i.died IS NULL OR i.died > ?2)
             WHERE m.dataset = ?1 AND m.born <= ?2 AND (m.died IS NULL OR m.died > ?2) AND i.kind IN (?3, ?4, ?5)",
            (version.dataset, version.seq, input::TEXT, input::VIDEO, input::AUDIO),
            |r| r.get(0),
        )?
    } else {
        0
    };
    let left_out = left_out.unsigned_abs();
    Ok(Some(Source { version, format, concepts, extras, total, embeddings, left_out }))
}

/// Goes through the version's inputs in order, chunk by chunk, each read in a transaction of its own.
fn each(
    work: &mut Work<'_>,
    source: &Source,
    phase: u32,
    f: &mut dyn FnMut(crate::store::input::InputRow, Vec<Seen>) -> Result<(), Halt>,
) -> Result<(), Halt> {
    let (mut after, mut done) = (0, 0);
    loop {
        let view = View::new(&work.reader.conn, &source.version)?;
        let part = match (source.format, phase) {
            (ExportFormat::COCO, 1) => Part::Nothing,
            (ExportFormat::COCO, _) => Part::Geometry,
            _ => Part::Whole,
        };
        let (rows, last) = view.chunk(part, after, CHUNK)?;
        let Some(last) = last else { return Ok(()) };
        after = last;
        for (row, seen) in rows {
            done += 1;
            f(row, seen)?;
        }
        percent(work, source, phase, done)?;
    }
}

fn percent(work: &mut Work<'_>, source: &Source, phase: u32, done: u64) -> Result<(), Halt> {
    let passes = if source.format == ExportFormat::COCO { 2 } else { 1 };
    let share = (u64::from(phase - 1) * source.total + done) * 99 / (passes * source.total).max(1);
    let key = work.job.export;
    let before = work.job.updated_percent();
    work.progress(phase, done, source.total)?;
    if share / 5 != before / 5 {
        work.step(|tx, _, _| {
            tx.exec("UPDATE export SET percent = ?2 WHERE key = ?1", (key, share as i64))?;
            Ok(())
        })?;
    }
    Ok(())
}

impl JobRow {
    fn updated_percent(&self) -> u64 {
        if self.total > 0 { (self.done * 99 / self.total).unsigned_abs() } else { 0 }
    }
}

fn picture(row: &input::InputRow) -> bool {
    !matches!(row.kind, input::TEXT | input::VIDEO | input::AUDIO)
}

/// The part of the dataset that an input belongs to: `split` in its metadata, else `all`.
fn split(metadata: Option<&str>) -> String {
    let name = metadata
        .and_then(|t| serde_json::from_str::<Map<String, Value>>(t).ok())
        .and_then(|m| m.get("split").and_then(Value::as_str).map(str::to_owned));
    let name: String = name.unwrap_or_default().chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
    if name.is_empty() { "all".to_owned() } else { name }
}

fn write_coco(work: &mut Work<'_>, source: &Source, out: &mut BufWriter<std::fs::File>) -> Result<(), Halt> {
    let splits = splits(work, source)?;
    let (categories, category_of) = categories(source, &used(work, source)?);
    let mut zip = archive::Writer::new(out);
    for wanted in &splits {
        let entry = zip.entry(&format!("annotations/instances_{wanted}.json"), true)?;
        let mut writer = coco::Writer::new(BufWriter::with_capacity(1 << 16, entry))?;
        if let Some(top) = source.extras.get("top").and_then(Value::as_object) {
            for (key, value) in top {
                writer.extra(key, value)?;
            }
        }
        for category in &categories {
            writer.category(category)?;
        }
        let only = splits.len() > 1;
        let mut number = 0;
        each(work, source, 1, &mut |row, _| {
            if !picture(&row) || only && split(row.metadata.as_deref()) != *wanted {
                return Ok(());
            }
            number += 1;
            let extra = row.origin.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
            let file_name = row.file_name.unwrap_or(row.id);
            writer.image(&coco::Image {
                id: number,
                file_name,
                width: row.width.unsigned_abs() as u32,
                height: row.height.unsigned_abs() as u32,
                extra,
            })?;
            Ok(())
        })?;
        let (mut number, mut object) = (0, 0);
        each(work, source, 2, &mut |row, seen| {
            if !picture(&row) || only && split(row.metadata.as_deref()) != *wanted {
                return Ok(());
            }
            number += 1;
            for (a, labels) in seen {
                let (bbox, area, segmentation) = pixels(&row, &a)?;
                for (concept, _) in labels.iter().filter(|(_, value)| *value >= 0.5) {
                    let Some(category_id) = category_of.get(concept) else { continue };
                    object += 1;
                    let extra = a.origin.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
                    let segmentation = segmentation.clone();
                    writer.annotation(&coco::Annotation {
                        id: Some(object),
                        image_id: number,
                        category_id: *category_id,
                        bbox,
                        area,
                        segmentation,
                        iscrowd: a.crowd,
                        extra,
                    })?;
                }
            }
            Ok(())
        })?;
        writer.finish()?.flush()?;
    }
    zip.finish()?;
    Ok(())
}

/// The parts of the version, in order; mostly there is one.
fn splits(work: &Work<'_>, source: &Source) -> Result<BTreeSet<String>, Halt> {
    let mut statement = work.reader.conn.prepare(
        "SELECT DISTINCT i.metadata FROM member m JOIN input i ON i.key = m.input AND i.born <= ?2 AND (i.died IS NULL OR i.died > ?2)
         WHERE m.dataset = ?1 AND m.born <= ?2 AND (m.died IS NULL OR m.died > ?2)",
    )?;
    let mut out = BTreeSet::new();
    let mut rows = statement.query((source.version.dataset, source.version.seq))?;
    while let Some(r) = rows.next()? {
        out.insert(split(r.get::<_, Option<String>>(0)?.as_deref()));
    }
    if out.is_empty() {
        out.insert("all".to_owned());
    }
    Ok(out)
}

/// The categories of the file: those that came with the import, with their ids where these are sound, then every other
/// concept that the version uses.
fn categories(source: &Source, used: &HashSet<i64>) -> (Vec<coco::Category>, HashMap<i64, i64>) {
    let (mut out, mut ids): (Vec<coco::Category>, HashMap<i64, i64>) = (Vec::new(), HashMap::new());
    let by_name: HashMap<&str, i64> = source.concepts.iter().map(|(key, c)| (c.name.as_str(), *key)).collect();
    let mut taken = BTreeSet::new();
    let came = source.extras.get("categories").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for entry in came {
        let text = |k: &str| entry.get(k).and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = text("name");
        let wanted = entry.get("id").and_then(Value::as_i64).filter(|id| *id >= 1 && !taken.contains(id));
        let id = wanted.unwrap_or_else(|| taken.last().map_or(1, |last| last + 1));
        taken.insert(id);
        if let Some(key) = by_name.get(name.as_str()) {
            ids.insert(*key, id);
        }
        let extra = entry.get("extra").and_then(Value::as_object).cloned().unwrap_or_default();
        out.push(coco::Category { id, name, supercategory: text("supercategory"), extra });
    }
    let mut rest: Vec<(&i64, &Named)> =
        source.concepts.iter().filter(|(key, _)| used.contains(key) && !ids.contains_key(key)).collect();
    rest.sort_unstable_by_key(|(key, _)| **key);
    for (key, c) in rest {
        let id = taken.last().map_or(1, |last| last + 1);
        taken.insert(id);
        ids.insert(*key, id);
        out.push(coco::Category {
            id,
            name: c.name.clone(),
            supercategory: c.supercategory.clone(),
            extra: Map::new(),
        });
    }
    (out, ids)
}

fn used(work: &Work<'_>, source: &Source) -> Result<HashSet<i64>, Halt> {
    let mut statement = work.reader.conn.prepare(
        "SELECT DISTINCT l.concept FROM member m JOIN annotation a ON a.input = m.input AND a.born <= ?2 AND (a.died IS NULL OR a.died > ?2) AND a.trusted = 1
         JOIN label l ON l.annotation = a.rev WHERE m.dataset = ?1 AND m.born <= ?2 AND (m.died IS NULL OR m.died > ?2)",
    )?;
    let rows = statement.query_map((source.version.dataset, source.version.seq), |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

type Pixels = (Option<[f64; 4]>, Option<f64>, Option<coco::Segmentation>);

/// Exact pixels while they hold, else the API's geometry times the size of the image.
fn pixels(row: &input::InputRow, a: &annotation::AnnotationRow) -> Result<Pixels, Halt> {
    if a.exact {
        let segmentation = a.segmentation.as_deref().map(serde_json::from_str).transpose()?;
        return Ok((a.bbox, a.area, segmentation));
    }
    let info = a.info.as_deref().map(serde_json::from_str).transpose()?;
    let (bbox, segmentation) = geometry::pixels_of_api(row.width, row.height, a.bounds, info.as_ref());
    let area = match &segmentation {
        Some(coco::Segmentation::Polygons(rings)) => {
            Some(rings.iter().map(|r| labelscope_geometry::polygon_area(r)).sum())
        }
        Some(mask) => mask.mask().and_then(Result::ok).map(|m| m.area() as f64),
        None => bbox.map(|[_, _, w, h]| w * h),
    };
    Ok((bbox, area, segmentation))
}

fn write_clarifai(
    work: &mut Work<'_>,
    source: &Source,
    format: clarifai::Format,
    out: &mut BufWriter<std::fs::File>,
) -> Result<(), Halt> {
    let mut writer = clarifai::Writer::new(out, format, "all")?;
    let base_url = work.job.base_url.clone();
    each(work, source, 1, &mut |row, seen| {
        writer.push(&flat(source, &base_url, row, seen)?)?;
        Ok(())
    })?;
    writer.finish()?;
    Ok(())
}

/// An input with all that is said about it. Archives know only `id` and `data`, so annotations become regions, and what
/// an annotation says beside its labels goes into the region's metadata.
fn flat(source: &Source, base_url: &str, row: input::InputRow, seen: Vec<Seen>) -> Result<Input, Fault> {
    let (width, height, id) = (row.width, row.height, row.id.clone());
    let (mut own, mut regions, mut embeddings) = (Vec::new(), Vec::new(), Vec::new());
    for (a, labels) in seen {
        let concepts: Vec<Concept> = labels
            .iter()
            .filter_map(|(key, value)| {
                let c = source.concepts.get(key)?;
                Some(Concept {
                    id: c.id.clone(),
                    name: c.name.clone(),
                    value: ConceptValue(*value as f32),
                    ..Concept::default()
                })
            })
            .collect();
        let message = annotation::message(&a, Place { input_id: &id, width, height }, concepts)?;
        let mut data: Data = message.data.map(|d| *d).unwrap_or_default();
        own.append(&mut data.concepts);
        if source.embeddings {
            embeddings.append(&mut data.embeddings);
        }
        for mut region in data.regions {
            if !source.embeddings
                && let Some(inner) = region.data.as_deref_mut()
            {
                inner.embeddings.clear();
            }
            if let Some(metadata) = data.metadata.take() {
                region.data.get_or_insert_default().metadata = Some(metadata);
            }
            regions.push(region);
        }
    }
    let mut input = input::bare(base_url, row, own);
    if let Some(data) = input.data.as_deref_mut() {
        data.regions = regions;
        data.embeddings = embeddings;
    }
    Ok(input)
}
