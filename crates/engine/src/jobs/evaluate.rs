//! Evaluating: what the predictions of a model version say, beside what a dataset version says is true. Labels are read
//! as of the version, predictions as they are now. Nothing shows before the whole is done.

use super::row::JobRow;
use super::{Halt, Work};
use crate::ops::model_types;
use crate::store::evaluation::{self, EvaluationRow};
use crate::store::version::{self, Part, Seen, VersionRow, View};
use crate::store::{geometry, input};
use crate::tx::Tx;
use labelscope_api::extensions::JobError;
use labelscope_api::messages::{
    BinaryMetrics, Concept, ConceptValue, EvalTestSetEntry, EvaluationType, LabelCount, LabelDistribution, StatusCode,
};
use labelscope_metrics::{Counts, average_precision, roc_auc};
use rusqlite::{Connection, OptionalExtension};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

mod figures;

const CHUNK: usize = 500;
/// A label or a prediction is positive from this value on.
const POSITIVE: f64 = 0.5;
/// Up to this many pairs of input and concept every input tells the score of every concept; beyond, of those predicted.
const FULL: usize = 1_000_000;

/// One input: what is true of it, and what was predicted.
struct Entry {
    row: input::InputRow,
    truth: BTreeMap<i64, Truth>,
    scores: BTreeMap<i64, f64>,
    predicted: bool,
}

/// What workers say of a concept on an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    Positive,
    Negative,
    /// Both were said: nobody can tell, so the pair is left out.
    Disputed,
}

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
    work.step(|tx, _, _| Ok(evaluation::set_state(tx, stamp, StatusCode::MODEL_EVALUATING, "")?))?;
    let Some(version) = frozen(&work.reader.conn, &row)? else {
        return Err(failed(
            StatusCode::MODEL_EVALUATION_NEED_INPUTS,
            format!("version \"{}\" of dataset \"{}\" is no longer there", row.dataset_version_id, row.dataset_id),
            "Evaluate against a version that is there.",
        ));
    };
    let kind = model_types::evaluation_type(&row.model_type_id);
    let entries = read(work, &row, &version, kind)?;
    check(&row, &entries, kind)?;
    let concepts = concepts(&work.reader.conn, &version, &entries)?;
    let done = figures::all(&entries, &concepts, kind, &work.job.base_url);
    store(work, stamp, &row, &done)
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

fn read(
    work: &mut Work<'_>,
    row: &EvaluationRow,
    version: &VersionRow,
    kind: EvaluationType,
) -> Result<Vec<Entry>, Halt> {
    let total = View::new(&work.reader.conn, version)?.inputs()?.unsigned_abs();
    let (mut entries, mut after) = (Vec::new(), 0);
    loop {
        let (rows, last) = View::new(&work.reader.conn, version)?.chunk(Part::Whole, after, CHUNK)?;
        let Some(last) = last else { break };
        after = last;
        for (input, seen) in rows {
            let (scores, predicted) = predictions(&work.reader.conn, input.key, &row.model_version_id, kind)?;
            entries.push(Entry { truth: truth(&seen, kind), row: input, scores, predicted });
        }
        work.progress(1, entries.len() as u64, total)?;
    }
    Ok(entries)
}

/// Classification is about the whole input; of other kinds any label on it counts.
fn truth(seen: &[Seen], kind: EvaluationType) -> BTreeMap<i64, Truth> {
    let mut out = BTreeMap::new();
    let whole_only = kind == EvaluationType::Classification;
    for (row, labels) in seen.iter().filter(|(row, _)| !whole_only || row.shape == geometry::NONE) {
        for (concept, value) in labels {
            let says = if *value >= POSITIVE { Truth::Positive } else { Truth::Negative };
            out.entry(*concept)
                .and_modify(|now| match (*now, row.shape == geometry::NONE) {
                    (other, true) if other != says => *now = Truth::Disputed,
                    // Beside an object that is one, another that is none disputes nothing.
                    (Truth::Negative, false) => *now = says,
                    _ => {}
                })
                .or_insert(says);
        }
    }
    out
}

/// The best score of each concept that the model version gives on an input, and whether it says anything there.
fn predictions(
    conn: &Connection,
    input: i64,
    model_version: &str,
    kind: EvaluationType,
) -> Result<(BTreeMap<i64, f64>, bool), Halt> {
    let sql = "SELECT l.concept, l.value FROM annotation a LEFT JOIN label l ON l.annotation = a.rev
        WHERE a.input = ?1 AND a.died IS NULL AND a.model_version_id = ?2 AND (?3 = 0 OR a.shape = 0)";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query((input, model_version, kind == EvaluationType::Classification))?;
    let (mut scores, mut any) = (BTreeMap::new(), false);
    while let Some(r) = rows.next()? {
        any = true;
        if let (Some(concept), Some(value)) = (r.get::<_, Option<i64>>(0)?, r.get::<_, Option<f64>>(1)?) {
            scores.entry(concept).and_modify(|now: &mut f64| *now = now.max(value)).or_insert(value);
        }
    }
    Ok((scores, any))
}

/// Is there something to compare?
fn check(row: &EvaluationRow, entries: &[Entry], kind: EvaluationType) -> Result<(), Halt> {
    if entries.is_empty() {
        return Err(failed(
            StatusCode::MODEL_EVALUATION_NEED_INPUTS,
            format!("version \"{}\" of dataset \"{}\" holds no inputs", row.dataset_version_id, row.dataset_id),
            "Put inputs into the dataset, and evaluate against a new version.",
        ));
    }
    if !entries.iter().any(|e| e.truth.values().any(|t| *t == Truth::Positive)) {
        let what =
            if kind == EvaluationType::Classification { "an input as a whole carries" } else { "an input carries" };
        return Err(failed(
            StatusCode::MODEL_EVALUATION_NEED_LABELS,
            format!(
                "in version \"{}\" of dataset \"{}\" there is no label that {what}",
                row.dataset_version_id, row.dataset_id
            ),
            "Label the inputs, and evaluate against a new version.",
        ));
    }
    if !entries.iter().any(|e| e.predicted) {
        return Err(failed(
            StatusCode::MODEL_PREDICTION_FAILED,
            format!(
                "version \"{}\" of model \"{}\" has no predictions on the {} inputs; this server runs no models, so import its predictions first",
                row.model_version_id,
                row.model_id,
                entries.len()
            ),
            "Import the predictions of this model version, then evaluate again.",
        ));
    }
    Ok(())
}

/// Every concept that is labelled or predicted, most labelled first, as it was named when the version was made.
fn concepts(conn: &Connection, version: &VersionRow, entries: &[Entry]) -> Result<Vec<(i64, Concept, u32)>, Halt> {
    let mut counts: HashMap<i64, u32> = HashMap::new();
    for entry in entries {
        for (concept, truth) in &entry.truth {
            *counts.entry(*concept).or_default() += u32::from(*truth == Truth::Positive);
        }
        for concept in entry.scores.keys() {
            counts.entry(*concept).or_default();
        }
    }
    let sql = "SELECT id, name FROM concept WHERE key = ?1 ORDER BY born <= ?2 AND (died IS NULL OR died > ?2) DESC, born DESC LIMIT 1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut out = Vec::with_capacity(counts.len());
    for (key, count) in counts {
        let named = statement.query_row((key, version.seq), |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        if let Some((id, name)) = named {
            out.push((key, Concept { id, name, ..Concept::default() }, count));
        }
    }
    out.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.id.cmp(&b.1.id)));
    Ok(out)
}

fn store(work: &mut Work<'_>, stamp: (i64, i64), row: &EvaluationRow, done: &figures::Figures) -> Result<(), Halt> {
    let mut body = row.body.clone();
    let extended = body.extended_metrics.get_or_insert_default();
    extended.user_metrics.get_or_insert_default().insert("labelscope".into(), done.notes.clone());
    let body = serde_json::to_string(&body)?;
    let summary = done.summary.as_ref().map(serde_json::to_string).transpose()?;
    let concepts = serde_json::to_string(&done.concept_ids)?;
    work.step(|tx, _, _| {
        if !evaluation::set_state(tx, stamp, StatusCode::MODEL_EVALUATED, "")? {
            return Ok(());
        }
        tx.exec(
            "UPDATE evaluation SET body = ?2, summary = ?3, concepts = ?4 WHERE key = ?1",
            (stamp.0, &body, &summary, &concepts),
        )?;
        for (name, part) in &done.parts {
            tx.exec(
                "INSERT OR REPLACE INTO evaluation_part (evaluation, name, body) VALUES (?1, ?2, ?3)",
                (stamp.0, name, part.to_string()),
            )?;
        }
        Ok(())
    })
}

/// Notes why an evaluation came to nothing.
pub(crate) fn fail(tx: &Tx<'_>, job: &JobRow, error: Option<&JobError>) -> Result<(), crate::fault::Fault> {
    let Some(stamp) = stamp(job) else { return Ok(()) };
    let code = error.map(|e| e.code).filter(|code| (21310..=21319).contains(code));
    let code = code.map_or(StatusCode::MODEL_EVALUATION_FAILED, StatusCode);
    let details = error.map_or("it was cancelled; post it again to evaluate anew", |e| e.message.as_str());
    evaluation::set_state(tx, stamp, code, details)?;
    Ok(())
}
