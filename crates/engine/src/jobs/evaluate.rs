//! Evaluating: what the predictions of a model version say, beside what a dataset version says is true. Both are read as they
//! were frozen. The test set is kept in pieces, all figures are computed from it, and nothing shows before the whole is done.

use super::row::JobRow;
use super::{Halt, Work};
use crate::ops::model_types;
use crate::store::evaluation::{self, EvaluationRow};
use crate::store::version::{self, VersionRow};
use crate::tx::Tx;
use labelscope_api::extensions::JobError;
use labelscope_api::messages::{EvaluationType, StatusCode};
use labelscope_metrics::{Content, POSITIVE, TestSet};
use rusqlite::{Connection, OptionalExtension};
use serde_json::json;

mod figures;
mod params;
mod pieces;
mod read;

pub(crate) use params::Params;
pub(crate) use pieces::take_out;

/// For predictions that no version froze.
const NOW: i64 = i64::MAX - 1;

fn failed(code: StatusCode, message: String, advice: &str) -> Halt {
    Halt::Failed(JobError { code: code.0, message, place: String::new(), advice: advice.to_owned() })
}

/// The evaluation that a job works on: its key, and when it was asked for.
fn stamp(job: &JobRow) -> Option<(i64, i64)> {
    serde_json::from_str(&job.spec).ok()
}

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    let Some(stamp) = stamp(&work.job) else { return Ok(()) };
    let Some(row) = evaluation::of_job(&work.reader.conn, stamp.0, stamp.1)? else { return Ok(()) };
    work.step(|tx, _, _| {
        // A run that was broken off may have left something.
        if evaluation::set_state(tx, stamp, StatusCode::MODEL_EVALUATING, "")? {
            evaluation::clear(tx, stamp.0)?;
        }
        Ok(())
    })?;
    let Some(version) = frozen(&work.reader.conn, &row)? else {
        return Err(failed(
            StatusCode::MODEL_EVALUATION_NEED_INPUTS,
            format!("version \"{}\" of dataset \"{}\" is no longer there", row.dataset_version_id, row.dataset_id),
            "Evaluate against a version that is there.",
        ));
    };
    let sent = row.body.eval_info.as_ref().and_then(|info| info.params.as_ref());
    let params = Params::read(sent, "eval_info.params")?;
    let seq = predicted_until(&work.reader.conn, &row)?;
    let (objects, by_masks) = kind(&work.reader.conn, &row)?;
    let masks = objects && params.masks.unwrap_or(by_masks);
    let asked = read::Asked {
        version: &version,
        model_version_id: &row.model_version_id,
        seq,
        params: &params,
        objects,
        masks: masks || by_masks,
    };
    let found = read::all(work, &asked)?;
    check(&row, &found.set)?;
    let done = match &found.set.content {
        Content::Labels(labels) => figures::labels(work, &found.set, labels, &params)?,
        Content::Objects(objects) => figures::detection(work, &found.set, objects, &params, masks)?,
    };
    store(work, stamp, &row, &Outcome { found, done, params, masks })
}

/// The version behind the names of an evaluation.
fn frozen(conn: &Connection, row: &EvaluationRow) -> Result<Option<VersionRow>, Halt> {
    let dataset = row.body.ground_truth_dataset.as_deref();
    let (user, app) = dataset.map_or(("", ""), |d| (d.user_id.as_str(), d.app_id.as_str()));
    let sql = "SELECT v.key FROM app a JOIN dataset d ON d.app = a.key AND d.id = ?3 AND d.died IS NULL
        JOIN dataset_version v ON v.dataset = d.key AND v.id = ?4 WHERE a.user_id = ?1 AND a.id = ?2";
    let key = conn
        .prepare_cached(sql)?
        .query_row((user, app, &row.dataset_id, &row.dataset_version_id), |r| r.get(0))
        .optional()?;
    Ok(match key {
        Some(key) => version::by_key(conn, key)?,
        None => None,
    })
}

/// The sequence number as of which predictions are read.
fn predicted_until(conn: &Connection, row: &EvaluationRow) -> Result<i64, Halt> {
    // Earlier releases froze none.
    let Some(key) = row.predictions else { return Ok(NOW) };
    let version = version::by_key(conn, key)?.ok_or_else(|| {
        failed(
            StatusCode::MODEL_PREDICTION_FAILED,
            format!("the version of dataset \"{}\" that froze the predictions is no longer there", row.dataset_id),
            "Evaluate again: the predictions of now are frozen then.",
        )
    })?;
    Ok(version.seq)
}

/// Are objects measured, or inputs as wholes; and is it about masks? A type of model that says nothing of it goes by what was
/// predicted.
fn kind(conn: &Connection, row: &EvaluationRow) -> Result<(bool, bool), Halt> {
    Ok(match model_types::evaluation_type(&row.model_type_id) {
        EvaluationType::Classification => (false, false),
        EvaluationType::Detection => (true, false),
        EvaluationType::Segmentation => (true, true),
        _ => {
            let sql = "SELECT max(shape) FROM annotation WHERE model_version_id = ?1 AND model_version_id <> '' AND died IS NULL";
            let shape: Option<i64> =
                conn.prepare_cached(sql)?.query_row([&row.model_version_id], |r| r.get(0)).optional()?.flatten();
            (shape.is_some_and(|shape| shape > 0), false)
        }
    })
}

/// Is there something to compare?
fn check(row: &EvaluationRow, set: &TestSet) -> Result<(), Halt> {
    let (version, dataset) = (&row.dataset_version_id, &row.dataset_id);
    if set.inputs.is_empty() {
        return Err(failed(
            StatusCode::MODEL_EVALUATION_NEED_INPUTS,
            format!("version \"{version}\" of dataset \"{dataset}\" holds no inputs"),
            "Put inputs into the dataset, and evaluate against a new version.",
        ));
    }
    let (labelled, what) = match &set.content {
        Content::Labels(labels) => (labels.truth.contains(&POSITIVE), "that an input as a whole carries"),
        Content::Objects(objects) => (!objects.truth.is_empty(), "of an object, with its box or outline"),
    };
    if !labelled {
        return Err(failed(
            StatusCode::MODEL_EVALUATION_NEED_LABELS,
            format!("in version \"{version}\" of dataset \"{dataset}\" there is no label {what}"),
            "Label the inputs, and evaluate against a new version.",
        ));
    }
    if !set.inputs.iter().any(|i| i.predicted) {
        return Err(failed(
            StatusCode::MODEL_PREDICTION_FAILED,
            format!(
                "version \"{}\" of model \"{}\" has no predictions on the {} inputs; this server runs no models, so import its predictions first",
                row.model_version_id,
                row.model_id,
                set.inputs.len()
            ),
            "Import the predictions of this model version, then evaluate again.",
        ));
    }
    Ok(())
}

/// All that is to be written.
struct Outcome {
    found: read::Found,
    done: figures::Figures,
    params: Params,
    masks: bool,
}

impl Outcome {
    /// What stands under `labelscope` in the extended metrics.
    fn notes(&self) -> Result<serde_json::Map<String, serde_json::Value>, Halt> {
        let (set, params) = (&self.found.set, &self.params);
        let detection = matches!(set.content, Content::Objects(_));
        let disputed: Vec<_> = self
            .found
            .disputed
            .iter()
            .map(|(input, concept)| json!({"input_id": input, "concept_id": concept}))
            .collect();
        let mut notes = self.done.notes.clone();
        let sign = figures::sign(params.threshold);
        let threshold = params.threshold.value;
        let rule = if detection {
            format!(
                "a prediction counts with a score {sign} {threshold} and matches an object of its concept from an overlap of {} on (IoU 0.5 in the summary), the surest first; in the confusion matrix it may match {}",
                if self.masks { "masks" } else { "boxes" },
                if params.across { "objects of any concept" } else { "objects of its concept alone" },
            )
        } else {
            format!("a concept is predicted with a score {sign} {threshold}")
        };
        notes.set("rule", rule)?;
        notes.set("threshold", threshold)?;
        notes.set("inclusive", params.threshold.cut == labelscope_metrics::Cut::AtOrAbove)?;
        notes.set("absent", if params.absent_unknown { "unknown" } else { "negative" })?;
        if detection {
            notes.set("overlap", if self.masks { "masks" } else { "boxes" })?;
            notes.set("matching", if params.across { "across" } else { "within" })?;
            notes.set("ious", &params.ious)?;
            notes.set("max_detections", params.max_detections)?;
            notes.set("inputs_without_size", self.found.without_size)?;
        }
        if !params.ignored.is_empty() {
            notes.set("ignored_params", &params.ignored)?;
        }
        notes.set("inputs", set.inputs.len())?;
        notes.set("inputs_without_predictions", set.inputs.iter().filter(|i| !i.predicted).count())?;
        notes.set("disputed", disputed)?;
        Ok(notes.done())
    }
}

/// Writes the pieces, a step each, then the figures, and last that it is done. Where it was asked for anew or purged meanwhile,
/// nothing more is written.
fn store(work: &mut Work<'_>, stamp: (i64, i64), row: &EvaluationRow, outcome: &Outcome) -> Result<(), Halt> {
    let set = &outcome.found.set;
    let cuts = pieces::cuts(set);
    let steps = (cuts.len() + outcome.done.parts.len()) as u64;
    work.progress(3, 0, steps)?;
    for (page, cut) in (1i64..).zip(&cuts) {
        let bytes = pieces::bytes(set, cut);
        write(work, stamp, |tx| evaluation::put_page(tx, stamp.0, page, cut.len(), &bytes))?;
        work.progress(3, page as u64, steps)?;
    }
    for (name, part) in &outcome.done.parts {
        write(work, stamp, |tx| evaluation::put_part(tx, stamp.0, name, part))?;
    }
    let concepts: Vec<&str> = set.concepts.iter().map(|c| c.id.as_str()).collect();
    let concepts = serde_json::to_string(&concepts)?;
    let summary = serde_json::to_string(&outcome.done.summary)?;
    let notes = outcome.notes()?;
    let mut body = row.body.clone();
    let extended = body.extended_metrics.get_or_insert_default();
    extended.user_metrics.get_or_insert_default().insert("labelscope".into(), notes.into());
    let body = serde_json::to_string(&body)?;
    work.step(|tx, _, _| {
        if evaluation::set_state(tx, stamp, StatusCode::MODEL_EVALUATED, "")? {
            tx.exec(
                "UPDATE evaluation SET body = ?2, summary = ?3, concepts = ?4 WHERE key = ?1",
                (stamp.0, &body, &summary, &concepts),
            )?;
        }
        Ok(())
    })
}

fn write(
    work: &mut Work<'_>,
    stamp: (i64, i64),
    f: impl FnOnce(&Tx<'_>) -> Result<(), crate::fault::Fault>,
) -> Result<(), Halt> {
    work.step(|tx, _, _| {
        if evaluation::stands(tx, stamp)? {
            f(tx)?;
        }
        Ok(())
    })
}

/// Notes why an evaluation came to nothing, and takes away what was written of it.
pub(crate) fn fail(tx: &Tx<'_>, job: &JobRow, error: Option<&JobError>) -> Result<(), crate::fault::Fault> {
    let Some(stamp) = stamp(job) else { return Ok(()) };
    let code = error.map(|e| e.code).filter(|code| (21310..=21319).contains(code));
    let code = code.map_or(StatusCode::MODEL_EVALUATION_FAILED, StatusCode);
    let details = error.map_or("it was cancelled; post it again to evaluate anew", |e| e.message.as_str());
    if evaluation::set_state(tx, stamp, code, details)? {
        evaluation::clear(tx, stamp.0)?;
    }
    Ok(())
}
