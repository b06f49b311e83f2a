//! The numbers of an evaluation, from its test set. What is undefined is printed as 0, since the API always prints it, and named
//! in the notes; so is what was left out.

mod detection;
mod labels;

pub(super) use detection::detection;
pub(super) use labels::labels;

use super::Halt;
use crate::ops::test_sets::valued;
use labelscope_api::messages::{
    ConfusionMatrix, ConfusionMatrixEntry, CooccurrenceMatrix, CooccurrenceMatrixEntry, LabelCount, LabelDistribution,
    MetricsSummary,
};
use labelscope_metrics::classification::cooccurrence;
use labelscope_metrics::{Cut, Matrix, Named, POSITIVE, Threshold};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Curves are told at these thresholds of all concepts, so that they can be laid over each other.
pub(super) const STEPS: u32 = 100;
/// Up to so many concepts a matrix has every cell; beyond, those that can be told from 0.
const FULL_MATRIX: usize = 100;
const LEAST_CELL: f64 = 0.001;
/// Beyond so many concepts there are no matrices: one alone would take more than 100 MB.
pub(super) const MAX_MATRIX: usize = 3_000;
/// So many names of undefined numbers are told.
const MAX_UNDEFINED: usize = 1_000;

/// What comes out.
pub(super) struct Figures {
    pub summary: MetricsSummary,
    /// JSON by the name of the field.
    pub parts: Vec<(&'static str, String)>,
    /// What stands under `labelscope` in the extended metrics.
    pub notes: Notes,
}

/// What is told beside the API's fields.
#[derive(Default, Clone)]
pub(super) struct Notes {
    pub own: Map<String, Value>,
    undefined: BTreeSet<String>,
    left_out: BTreeSet<&'static str>,
}

impl Notes {
    pub fn set(&mut self, key: &str, value: impl Serialize) -> Result<(), Halt> {
        self.own.insert(key.to_owned(), serde_json::to_value(value)?);
        Ok(())
    }

    /// A number for the wire: 0 where it is undefined, which is noted under this name.
    pub fn told(&mut self, value: Option<f64>, name: impl FnOnce() -> String) -> f32 {
        if let Some(value) = value.filter(|v| v.is_finite()) {
            return value as f32;
        }
        self.undefined.insert(name());
        0.0
    }

    pub fn leave_out(&mut self, field: &'static str) {
        self.left_out.insert(field);
    }

    pub fn done(mut self) -> Map<String, Value> {
        let count = self.undefined.len();
        let names: Vec<String> = self.undefined.into_iter().take(MAX_UNDEFINED).collect();
        if count > names.len() {
            self.own.insert("undefined_count".into(), count.into());
        }
        self.own.insert("undefined".into(), json!(names));
        if !self.left_out.is_empty() {
            self.own.insert("left_out".into(), json!(self.left_out));
        }
        self.own
    }
}

/// How the threshold reads in a sentence.
pub(super) fn sign(threshold: Threshold) -> &'static str {
    match threshold.cut {
        Cut::Above => "above",
        Cut::AtOrAbove => "at or above",
    }
}

/// A share as f32, never below what it is: clients multiply it by the whole and cut off, and must get the count.
fn share(part: u64, whole: u64) -> f32 {
    if whole == 0 {
        return 0.0;
    }
    let exact = part as f64 / whole as f64;
    let near = exact as f32;
    if f64::from(near) < exact { near.next_up() } else { near }
}

fn label_counts(concepts: &[Named], counts: &[u64]) -> LabelDistribution {
    let one = |(concept, count): (&Named, &u64)| LabelCount {
        concept_name: concept.name.clone(),
        count: u32::try_from(*count).unwrap_or(u32::MAX),
        concept: Some(valued(concept, 1.0)),
    };
    LabelDistribution { positive_label_counts: concepts.iter().zip(counts).map(one).collect() }
}

/// A matrix of shares as the API tells it: concepts by the strength of their diagonal.
fn confusion(concepts: &[Named], cells: &Matrix) -> ConfusionMatrix {
    let size = concepts.len();
    let cell = |row: usize, column: usize| Some(cells.at(row, column)).filter(|v| v.is_finite()).unwrap_or(0.0);
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|a, b| cell(*b, *b).total_cmp(&cell(*a, *a)).then(a.cmp(b)));
    let mut out = ConfusionMatrix::default();
    let named = || order.iter().filter_map(|at| Some((*at, concepts.get(*at)?)));
    for (row, actual) in named() {
        out.concept_ids.push(actual.id.clone());
        for (column, predicted) in named() {
            let value = cell(row, column);
            if size > FULL_MATRIX && row != column && value < LEAST_CELL {
                continue;
            }
            out.matrix.push(ConfusionMatrixEntry {
                predicted: predicted.name.clone(),
                actual: actual.name.clone(),
                value: value as f32,
                predicted_concept: Some(valued(predicted, value)),
                actual_concept: Some(valued(actual, 1.0)),
            });
        }
    }
    out
}

/// Which concepts stand on the same inputs, from truth as a table.
fn together(concepts: &[Named], truth: &[u8]) -> CooccurrenceMatrix {
    let found = cooccurrence(truth, concepts.len());
    let mut out = CooccurrenceMatrix::default();
    for (row, a) in concepts.iter().enumerate() {
        out.concept_ids.push(a.id.clone());
        for (column, b) in concepts.iter().enumerate() {
            let count = found.count(row, column);
            if count > 0 {
                out.matrix.push(CooccurrenceMatrixEntry { row: a.id.clone(), col: b.id.clone(), count });
            }
        }
    }
    out
}

/// How often each concept is true, of a table.
fn positives(truth: &[u8], concepts: usize) -> Vec<u64> {
    let mut out = vec![0; concepts];
    for row in truth.chunks(concepts.max(1)) {
        for (count, truth) in out.iter_mut().zip(row) {
            *count += u64::from(*truth == POSITIVE);
        }
    }
    out
}
