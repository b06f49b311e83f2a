//! Import of predictions: read and check the whole file, find the inputs and concepts that it names, then put them in the place of
//! what the model version said of the dataset, in one transaction.
//!
//! Ids: annotation `<input>-<model version>-<n>`, where `n` counts the predictions of the file from 0. Objects are an annotation
//! each; all that is said of an input as a whole is one. The same file again writes nothing.

mod names;
mod ready;
mod stage;
mod write;

use super::{LISTED, WRITTEN, file_names};
use crate::fault::Fault;
use crate::jobs::row::JobRow;
use crate::jobs::stage::{ADVICE, refused};
use crate::jobs::{Halt, Work};
use labelscope_api::extensions::{Import, ImportResult, JobError};
use labelscope_api::messages::StatusCode;
use labelscope_api::wire::Int64;
use labelscope_formats::predictions::Format;
use names::Missing;
use std::io::Read;
use std::path::Path;

/// So much of a file tells its format.
const HEAD: u64 = 1 << 16;
/// A dataset that changes while its inputs are looked up is looked at again, so often at most.
const TRIES: usize = 5;

/// Runs an import from wherever it stands. Until the one step that writes nothing shows, so it begins anew.
pub(super) fn run(work: &mut Work<'_>, import: &Import) -> Result<(), Halt> {
    if work.job.phase >= WRITTEN {
        return Ok(());
    }
    let folder = work.engine.import_folder(&work.job.id);
    let file = folder.join("files").join(the_file(work, import)?);
    let format = format_of(import, &file)?;
    work.step(|_, _, job| {
        if let Some(import) = &mut job.import {
            format.name().clone_into(&mut import.format);
        }
        Ok(())
    })?;
    let total = std::fs::metadata(&file)?.len();
    work.progress(1, 0, total)?;
    let stage = stage::fill(&folder.join("stage.db"), &file, format, &mut |read| work.progress(1, read, total))?;
    for _ in 0..TRIES {
        let dataset = names::find(work, &stage)?;
        let missing = names::missing(&stage)?;
        if missing.any() && !import.skip_unknown {
            return Err(unknown(work, &missing)?);
        }
        let count = ready::prepare(&stage, import)?;
        if count == 0 {
            return Err(nothing_left(work, &missing)?);
        }
        work.progress(3, 0, count)?;
        if work.step(|tx, app, job| write::replace(tx, app, job, &stage, dataset, &missing))? {
            return Ok(());
        }
    }
    Err(refused(
        "",
        "The inputs of the dataset kept changing while the predictions were looked at.",
        "Start the import again.",
    ))
}

/// The file that was named, or the only one.
fn the_file(work: &mut Work<'_>, import: &Import) -> Result<String, Halt> {
    let files = file_names(work)?;
    match (import.annotations_file.as_str(), files.as_slice()) {
        ("", [only]) => Ok(only.clone()),
        ("", []) => Err(refused("", "No file has arrived.", "Send the file with the predictions.")),
        ("", [a, b, ..]) => Err(refused(
            a,
            &format!("Two files could hold the predictions: {a} and {b}."),
            "Name one in annotations_file, or import them one after the other.",
        )),
        (name, files) if files.iter().any(|f| f == name) => Ok(name.to_owned()),
        (name, _) => {
            Err(refused(name, "The file with the predictions has not arrived.", "Send it and start the import again."))
        }
    }
}

fn format_of(import: &Import, file: &Path) -> Result<Format, Halt> {
    if let Some(format) = Format::named(&import.format) {
        return Ok(format);
    }
    let mut head = Vec::new();
    std::fs::File::open(file)?.take(HEAD).read_to_end(&mut head)?;
    Format::of(&head).ok_or_else(|| {
        refused(
            "[0]",
            "The file is a list, but its first entries name neither image_id (COCO results) nor input_id (Clarifai).",
            ADVICE,
        )
    })
}

/// What is missing, for the job's result.
fn tell(missing: &Missing, result: &mut ImportResult) {
    result.unknown_inputs.clone_from(&missing.inputs);
    result.unknown_concepts.clone_from(&missing.concepts);
    result.unknown_inputs_count = Int64(missing.inputs_count);
    result.unknown_concepts_count = Int64(missing.concepts_count);
}

fn noted(work: &mut Work<'_>, missing: &Missing) -> Result<(), Halt> {
    work.step(|_, _, job: &mut JobRow| {
        tell(missing, &mut job.result);
        Ok(())
    })
}

fn failed(missing: &Missing, message: String, advice: &str) -> Halt {
    Halt::Failed(JobError {
        code: StatusCode::CONN_DOES_NOT_EXIST.0,
        message,
        place: missing.first.clone(),
        advice: advice.to_owned(),
    })
}

/// Inputs or concepts that are not here stop the import.
fn unknown(work: &mut Work<'_>, missing: &Missing) -> Result<Halt, Halt> {
    noted(work, missing)?;
    let dataset = &work.job.dataset_id;
    let mut parts = Vec::new();
    for (count, of, names, one, many) in [
        (missing.inputs_count, missing.inputs_of, &missing.inputs, "input", "inputs"),
        (missing.concepts_count, missing.concepts_of, &missing.concepts, "concept", "concepts"),
    ] {
        if count > 0 {
            let some: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
            let more = if count > some.len() as i64 { ", …" } else { "" };
            let what = if of == 1 { one } else { many };
            parts.push(format!("{count} of {of} {what} ({}{more})", some.join(", ")));
        }
    }
    let message = format!("Not in dataset \"{dataset}\" and its app: {}. Nothing was written.", parts.join(" and "));
    Ok(failed(
        missing,
        message,
        "Add what is missing and import the file again, or set skip_unknown to leave these predictions out.",
    ))
}

/// With everything left out, what is there would go and nothing come.
fn nothing_left(work: &mut Work<'_>, missing: &Missing) -> Result<Halt, Halt> {
    noted(work, missing)?;
    let dataset = &work.job.dataset_id;
    let message = format!(
        "None of the predictions is on an input of dataset \"{dataset}\" and of a concept of its app. Nothing was written."
    );
    Ok(failed(missing, message, "Look whether the file belongs to this dataset."))
}

/// A list of names as the job tells it.
fn listed(stage: &rusqlite::Connection, table: &str) -> Result<Vec<String>, Fault> {
    let sql = format!(
        "SELECT coalesce(text, CAST(number AS TEXT)) FROM {table} WHERE key IS NULL ORDER BY id LIMIT {LISTED}"
    );
    Ok(stage.prepare(&sql)?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
}
