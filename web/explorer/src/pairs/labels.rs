//! Pairs of labels.
//!
//! Behind a cell of the matrix, and where no concept is asked about, each input with one label is one pair: what is true, and
//! the surest concept. Otherwise pairs are those of the threshold: each concept against the rest.

use super::{Found, Side};
use crate::labels::{LabelRun, Single};
use crate::run::threshold;
use labelscope_messages::evaluation::{PairFilter, PairKind, Settings};
use labelscope_metrics::{POSITIVE, Threshold, UNKNOWN};

pub(super) fn found(run: &LabelRun, at: &Settings, filter: &PairFilter) -> Vec<Found> {
    let cell = filter.truth.is_some() || filter.predicted.is_some();
    let threshold = threshold(at);
    let whole = filter.input.filter(|_| !cell && filter.concept.is_none());
    match (run.single(), whole) {
        (_, Some(input)) => against_the_rest(run, threshold, None, Some(input)),
        (Some(single), None) if cell || filter.concept.is_none() => surest(run, single, filter),
        (None, None) if cell => spread(run, threshold, filter),
        _ => against_the_rest(run, threshold, filter.concept, None),
    }
}

/// The loss of a score that something true was given.
fn loss(score: f64) -> f64 {
    -score.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

fn side(run: &LabelRun, input: usize, concept: u32) -> Side {
    Side { concept, object: None, score: Some(run.score(input, concept as usize)) }
}

/// Is a side of a pair the side of the cell that is asked for?
fn is(wanted: Option<Option<u32>>, concept: Option<u32>) -> bool {
    wanted.is_none_or(|wanted| wanted == concept)
}

fn surest(run: &LabelRun, single: &Single, filter: &PairFilter) -> Vec<Found> {
    let inputs = single.truth.iter().zip(&single.top).zip(&single.losses).enumerate();
    let pairs = inputs.filter_map(|(input, ((truth, top), loss))| {
        let truth = (*truth)?;
        if !is(filter.truth, Some(truth)) || !is(filter.predicted, *top) {
            return None;
        }
        Some(Found {
            input: input as u32,
            kind: match top {
                Some(top) if *top == truth => PairKind::TruePositive,
                Some(_) => PairKind::FalsePositive,
                None => PairKind::FalseNegative,
            },
            truth: Some(side(run, input, truth)),
            prediction: top.map(|top| side(run, input, top)),
            iou: None,
            loss: loss.unwrap_or_default(),
            share: 1.0,
        })
    });
    pairs.collect()
}

fn against_the_rest(run: &LabelRun, at: Threshold, only: Option<u32>, input: Option<u32>) -> Vec<Found> {
    let mut all = Vec::new();
    for (i, (scores, truth)) in run.rows().enumerate() {
        if input.is_some_and(|input| input as usize != i) {
            continue;
        }
        for ((score, truth), concept) in scores.iter().zip(truth).zip(0u32..) {
            if *truth == UNKNOWN || only.is_some_and(|only| only != concept) {
                continue;
            }
            let (kind, there, said) = match (*truth == POSITIVE, at.passes(*score)) {
                (true, true) => (PairKind::TruePositive, true, true),
                (false, true) => (PairKind::FalsePositive, false, true),
                (true, false) => (PairKind::FalseNegative, true, false),
                // Of all inputs and concepts these are nearly all, and tell nothing.
                (false, false) if input.is_none() => continue,
                (false, false) => (PairKind::TrueNegative, false, true),
            };
            let of = side(run, i, concept);
            all.push(Found {
                input: i as u32,
                kind,
                truth: there.then_some(of),
                prediction: said.then_some(of),
                iou: None,
                loss: loss(if there { *score } else { 1.0 - score }),
                share: 1.0,
            });
        }
    }
    all
}

/// Pairs behind a cell where inputs may have several labels, as [`labelscope_metrics::classification::spread_confusion`]
/// counts them: each concept that was missed with each that was predicted wrongly, and what is left of either with "none".
fn spread(run: &LabelRun, at: Threshold, filter: &PairFilter) -> Vec<Found> {
    let mut all = Vec::new();
    for (input, (scores, truth)) in run.rows().enumerate() {
        let (mut missed, mut wrong) = (Vec::new(), Vec::new());
        let mut add = |truth: Option<u32>, prediction: Option<u32>, share: f64| {
            if share <= 0.0 || !is(filter.truth, truth) || !is(filter.predicted, prediction) {
                return;
            }
            let kind = match (truth, prediction) {
                (Some(t), Some(p)) if t == p => PairKind::TruePositive,
                (_, Some(_)) => PairKind::FalsePositive,
                (_, None) => PairKind::FalseNegative,
            };
            let score = |concept: Option<u32>| concept.map(|c| run.score(input, c as usize));
            all.push(Found {
                input: input as u32,
                kind,
                truth: truth.map(|t| side(run, input, t)),
                prediction: prediction.map(|p| side(run, input, p)),
                iou: None,
                loss: score(truth).map_or_else(|| loss(1.0 - score(prediction).unwrap_or_default()), loss),
                share,
            });
        };
        for ((score, truth), concept) in scores.iter().zip(truth).zip(0u32..) {
            match (*truth, at.passes(*score)) {
                (UNKNOWN, _) => {}
                (POSITIVE, true) => add(Some(concept), Some(concept), 1.0),
                (POSITIVE, false) => missed.push(concept),
                (_, true) => wrong.push(concept),
                (_, false) => {}
            }
        }
        let (m, f) = (missed.len() as f64, wrong.len() as f64);
        let larger = m.max(f);
        for truth in &missed {
            wrong.iter().for_each(|prediction| add(Some(*truth), Some(*prediction), 1.0 / larger));
            add(Some(*truth), None, (larger - f) / larger);
        }
        wrong.iter().for_each(|prediction| add(None, Some(*prediction), (larger - m) / larger));
    }
    all
}
