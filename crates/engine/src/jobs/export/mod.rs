//! Exports: a version's inputs and annotations, streamed into a ZIP. Nothing shows before the archive is whole; a run
//! that was broken off begins again.

mod clarifai;
mod coco;

pub(super) use coco::pixels;

use super::row::JobRow;
use super::{Halt, Work};
use crate::store::input::{self, InputRow};
use crate::store::version::{self, Part, Seen, VersionRow, View};
use crate::tx::Tx;
use labelscope_api::extensions::JobError;
use labelscope_api::messages::{ExportFormat, StatusCode};
use labelscope_formats::clarifai::Format;
use serde_json::{Map, Value};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Inputs that are read in one go.
const CHUNK: usize = 500;
/// The last phase of the job.
const CLOSING: u32 = 4;

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
    /// The percentage that was noted last.
    noted: Cell<u64>,
}

/// Keys of the first and the last input of a part of the dataset.
type Range = (i64, i64);

/// What a look through the version tells before anything is written.
#[derive(Default)]
struct Survey {
    /// The parts of the dataset that have something to write, by name; mostly there is one.
    splits: BTreeMap<String, Range>,
    /// Concepts that positive labels name.
    used: HashSet<i64>,
    /// Inputs that the format has no place for.
    left_out: u64,
}

/// One way through the version, perhaps in several parts.
struct Pass {
    phase: u32,
    part: Part,
    /// Inputs that were dealt with.
    done: u64,
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
    let survey = survey(work, &source)?;
    let mut draft = work.engine.blobs().begin()?;
    match format {
        ExportFormat::COCO => coco::write(work, &source, &survey, draft.writer()?)?,
        ExportFormat::CLARIFAI_DATA_JSON => clarifai::write(work, &source, &survey, Format::Json, draft.writer()?)?,
        _ => clarifai::write(work, &source, &survey, Format::Protobuf, draft.writer()?)?,
    }
    work.progress(CLOSING, source.total, source.total)?;
    let sealed = draft.seal()?;
    let sha256 = sealed.stored().sha256.clone();
    let details = match survey.left_out {
        0 => String::new(),
        1 => "1 input that is no image is left out: a COCO file holds images only".to_owned(),
        n => format!("{n} inputs that are no images are left out: a COCO file holds images only"),
    };
    let done = work.step(|tx, _, job| {
        // Deleted meanwhile, or without an input that was purged, it leaves no archive behind.
        let wanted = (key, StatusCode::DATASET_VERSION_EXPORT_IN_PROGRESS.0);
        if tx.one("SELECT 1 FROM export WHERE key = ?1 AND state = ?2", wanted, |_| Ok(()))?.is_none() {
            return Err(Halt::Cancelled);
        }
        // The writer is locked, so a file of the same content is not swept between this and the commit.
        let stored = sealed.keep()?;
        let state = StatusCode::DATASET_VERSION_EXPORT_SUCCESS.0;
        tx.exec(
            "UPDATE export SET state = ?2, percent = 100, size = ?3, sha256 = ?4, details = ?5 WHERE key = ?1",
            (key, state, stored.bytes as i64, &stored.sha256, &details),
        )?;
        job.notes.clone_from(&details);
        Ok(())
    });
    if done.is_err() {
        let _nobody_writes = work.writer.lock();
        work.engine.forget_blob_if_unknown(&sha256);
    }
    done
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
    Ok(Some(Source { version, format, concepts, extras, total, embeddings, noted: Cell::new(0) }))
}

/// Looks through what the version's filter lets in.
fn survey(work: &mut Work<'_>, source: &Source) -> Result<Survey, Halt> {
    let coco = source.format == ExportFormat::COCO;
    let mut out = Survey::default();
    let mut pass = Pass { phase: 1, part: if coco { Part::Labels } else { Part::Nothing }, done: 0 };
    each(work, source, &mut pass, (0, i64::MAX), &mut |row, seen| {
        if coco && !is_picture(&row) {
            out.left_out += 1;
            return Ok(true);
        }
        out.splits.entry(split(row.metadata.as_deref())).or_insert((row.key, row.key)).1 = row.key;
        out.used.extend(seen.iter().flat_map(|(_, labels)| labels).filter(|(_, v)| *v >= 0.5).map(|(c, _)| *c));
        Ok(true)
    })?;
    if out.splits.is_empty() {
        out.splits.insert("all".to_owned(), (0, 0));
    }
    Ok(out)
}

/// Goes through the inputs of a range in order, chunk by chunk, each read in a transaction of its own. `f` tells whether
/// it has dealt with an input.
fn each(
    work: &mut Work<'_>,
    source: &Source,
    pass: &mut Pass,
    (first, last): Range,
    f: &mut dyn FnMut(InputRow, Vec<Seen>) -> Result<bool, Halt>,
) -> Result<(), Halt> {
    let mut after = first - 1;
    while after < last {
        let view = View::new(&work.reader.conn, &source.version)?;
        let (rows, reached) = view.chunk(pass.part, after, CHUNK)?;
        let Some(reached) = reached else { break };
        after = reached;
        for (row, seen) in rows {
            pass.done += u64::from(f(row, seen)?);
        }
        percent(work, source, pass)?;
    }
    Ok(())
}

fn percent(work: &mut Work<'_>, source: &Source, pass: &Pass) -> Result<(), Halt> {
    work.progress(pass.phase, pass.done, source.total)?;
    let passes = if source.format == ExportFormat::COCO { 3 } else { 2 };
    let share = (u64::from(pass.phase - 1) * source.total + pass.done) * 99 / (passes * source.total).max(1);
    if share >= source.noted.get() + 5 {
        source.noted.set(share);
        let key = work.job.export;
        work.step(|tx, _, _| {
            tx.exec("UPDATE export SET percent = ?2 WHERE key = ?1", (key, share as i64))?;
            Ok(())
        })?;
    }
    Ok(())
}

fn is_picture(row: &InputRow) -> bool {
    !matches!(row.kind, input::TEXT | input::VIDEO | input::AUDIO)
}

/// The part of the dataset that an input belongs to: `split` in its metadata, else `all`.
fn split(metadata: Option<&str>) -> String {
    let name = metadata
        .filter(|t| t.contains("\"split\""))
        .and_then(|t| serde_json::from_str::<Map<String, Value>>(t).ok())
        .and_then(|m| m.get("split").and_then(Value::as_str).map(str::to_owned));
    let name: String = name.unwrap_or_default().chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
    if name.is_empty() { "all".to_owned() } else { name }
}
