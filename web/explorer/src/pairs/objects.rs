//! Pairs of objects: what belongs together, and what has nobody.

use super::{Found, Side};
use crate::objects::ObjectRun;
use crate::run::threshold;
use labelscope_messages::evaluation::{PairFilter, PairKind, Settings};
use labelscope_metrics::detection::{Mistake, Outcome};

pub(super) fn found(run: &ObjectRun, at: &Settings, filter: &PairFilter) -> Vec<Found> {
    if let Some(error) = &filter.error {
        let all = run.errors(at).at(run.objects(), threshold(at));
        return all.iter().filter(|m| m.kind.name() == error).filter_map(|m| mistake(run, at, m)).collect();
    }
    let cell = filter.truth.is_some() || filter.predicted.is_some();
    // A concept's row of figures is matched within the concept, whatever the matrix does.
    let across = at.across && (cell || filter.concept.is_none());
    let all = run.matches(at, across).at(run.objects(), threshold(at));
    let pairs = all.iter().filter_map(|m| {
        let kind = match m.outcome {
            Outcome::TruePositive => PairKind::TruePositive,
            Outcome::Confused | Outcome::FalsePositive => PairKind::FalsePositive,
            Outcome::FalseNegative => PairKind::FalseNegative,
            Outcome::Ignored if cell => return None,
            Outcome::Ignored => PairKind::Ignored,
        };
        pair(run, kind, m.truth, m.prediction, m.iou)
    });
    let is = |wanted: Option<Option<u32>>, side: Option<Side>| wanted.is_none_or(|w| w == side.map(|s| s.concept));
    pairs.filter(|f| is(filter.truth, f.truth) && is(filter.predicted, f.prediction)).collect()
}

fn mistake(run: &ObjectRun, at: &Settings, mistake: &Mistake) -> Option<Found> {
    let iou = mistake.prediction.zip(mistake.truth).and_then(|(prediction, truth)| {
        run.overlaps(at.masks).of(prediction as usize).find(|(other, _)| *other == truth).map(|(_, iou)| iou)
    });
    let kind = if mistake.prediction.is_some() { PairKind::FalsePositive } else { PairKind::FalseNegative };
    pair(run, kind, mistake.truth, mistake.prediction, iou)
}

fn pair(
    run: &ObjectRun,
    kind: PairKind,
    truth: Option<u32>,
    prediction: Option<u32>,
    iou: Option<f64>,
) -> Option<Found> {
    let objects = run.objects();
    let of_truth = truth.and_then(|i| objects.truth.get(i as usize));
    let of_prediction = prediction.and_then(|i| objects.predictions.get(i as usize));
    let input = of_prediction.map(|p| p.input).or(of_truth.map(|t| t.input))?;
    let score = of_prediction.map(|p| p.score);
    Some(Found {
        input,
        kind,
        truth: of_truth.map(|t| Side { concept: t.concept, object: truth, score: None }),
        prediction: of_prediction.map(|p| Side { concept: p.concept, object: prediction, score: Some(p.score) }),
        iou,
        loss: match kind {
            PairKind::TruePositive => 1.0 - score.unwrap_or_default() * iou.unwrap_or_default(),
            PairKind::FalsePositive => score.unwrap_or_default(),
            PairKind::FalseNegative => 1.0,
            PairKind::TrueNegative | PairKind::Ignored => 0.0,
        },
        share: 1.0,
    })
}
