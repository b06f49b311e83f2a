//! Curves over the threshold.

use crate::labels::LabelRun;
use crate::objects::ObjectRun;
use crate::run::{Measured, Run, threshold};
use crate::{Problem, objects};
use labelscope_messages::evaluation::{Area, Axis, Curve, CurveKind, Curves, Numbers, Settings};
use labelscope_metrics::classification::{Ranked, thin};
use labelscope_metrics::detection::{Ranking, froc};
use labelscope_metrics::{Counts, Threshold};
use std::cell::RefCell;
use std::collections::HashMap;

/// Points that a line is drawn with.
const POINTS: usize = 600;
/// Curves that are kept.
const KEPT: usize = 400;
/// Curves that are drawn at once.
const MOST: usize = 200;

/// Curves by kind, overlap, masks, area and concept: they do not depend on the threshold.
#[derive(Default)]
pub(crate) struct Kept(RefCell<HashMap<(u8, u64, bool, Area, Option<u32>), Curve>>);

/// A point: x, y and threshold.
type Point = (f64, f64, f64);

pub(crate) fn curves(
    run: &Run,
    at: &Settings,
    kind: CurveKind,
    concepts: &[u32],
    all: bool,
) -> Result<Curves, Problem> {
    if let Some(concept) = concepts.iter().find(|c| **c as usize >= run.concepts.len()) {
        return Err(Problem::Setting(format!("there is no concept {concept}; there are {}", run.concepts.len())));
    }
    let wanted = (all || concepts.is_empty()).then_some(None).into_iter().chain(concepts.iter().copied().map(Some));
    let wanted = wanted.take(MOST);
    let made: Vec<Curve> = match (&run.measured, kind) {
        (Measured::Labels(_), CurveKind::Froc) => {
            return Err(Problem::Detections("curves over false positives an image"));
        }
        (Measured::Objects(_), CurveKind::Roc) => {
            return Err(Problem::Labels("curves over the false positive rate"));
        }
        (Measured::Labels(run), kind) => wanted.map(|concept| of_labels(run, at, kind, concept)).collect(),
        (Measured::Objects(run), kind) => wanted.map(|concept| of_objects(run, at, kind, concept)).collect(),
    };
    let one = Axis { low: 0.0, high: 1.0 };
    let reach = |of: &Numbers| of.read().into_iter().map(f64::from).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let x = match kind {
        CurveKind::Froc => Axis { low: 0.0, high: made.iter().map(|c| reach(&c.x)).fold(0.0, f64::max).max(1.0) },
        CurveKind::Pr | CurveKind::Roc | CurveKind::F1 => one.clone(),
    };
    Ok(Curves { x, y: one, curves: made })
}

fn of_labels(run: &LabelRun, at: &Settings, kind: CurveKind, concept: Option<u32>) -> Curve {
    let ranked = match concept {
        Some(concept) => run.ranked().get(concept as usize),
        None => Some(run.pooled()),
    };
    let Some(ranked) = ranked else { return Curve::default() };
    let curve = run.curves.get((kind as u8, 0, false, Area::All, concept), || {
        let area = match kind {
            CurveKind::Pr => ranked.figures(Threshold::default()).average_precision,
            CurveKind::Roc => ranked.figures(Threshold::default()).roc_auc,
            CurveKind::Froc | CurveKind::F1 => None,
        };
        drawn(concept, label_points(ranked, kind), area)
    });
    Curve { here: here(kind, ranked.counts(threshold(at)), at, 0), ..curve }
}

fn label_points(ranked: &Ranked<f64>, kind: CurveKind) -> Vec<Point> {
    match kind {
        CurveKind::Pr => {
            let Some(curve) = ranked.pr_curve() else { return Vec::new() };
            // The last point has no threshold: nothing is predicted.
            let thresholds = curve.thresholds.into_iter().chain([f64::INFINITY]);
            let mut points: Vec<Point> =
                curve.recall.into_iter().zip(curve.precision).zip(thresholds).map(|((x, y), t)| (x, y, t)).collect();
            points.reverse();
            points
        }
        CurveKind::Roc => {
            let Some(curve) = ranked.roc_curve() else { return Vec::new() };
            let rates = curve.false_positive_rate.into_iter().zip(curve.true_positive_rate);
            rates.zip(curve.thresholds).map(|((x, y), t)| (x, y, t)).collect()
        }
        CurveKind::F1 => {
            let Some(curve) = ranked.f1_curve() else { return Vec::new() };
            curve.thresholds.iter().zip(curve.f1).map(|(t, y)| (*t, y, *t)).collect()
        }
        CurveKind::Froc => Vec::new(),
    }
}

fn of_objects(run: &ObjectRun, at: &Settings, kind: CurveKind, concept: Option<u32>) -> Curve {
    let rankings = run.rankings(at);
    let ranking = || match concept {
        Some(concept) => rankings.get(concept as usize).cloned().unwrap_or_default(),
        None => Ranking::pooled(rankings.iter()),
    };
    let curve = run.curves.get((kind as u8, objects::iou(at).to_bits(), at.masks, at.area, concept), || {
        let ranking = ranking();
        let area = if kind == CurveKind::Pr { ranking.average_precision() } else { None };
        drawn(concept, object_points(&ranking, kind, run.inputs()), area)
    });
    let counts = match concept {
        Some(concept) => rankings.get(concept as usize).map_or_else(Counts::default, |r| r.at(threshold(at))),
        None => run.counts(at).into_iter().sum(),
    };
    Curve { here: here(kind, counts, at, run.inputs()), ..curve }
}

fn object_points(ranking: &Ranking, kind: CurveKind, inputs: usize) -> Vec<Point> {
    match kind {
        CurveKind::Pr => {
            let points = ranking.points();
            points.filter_map(|p| Some((p.counts.recall()?, p.counts.precision()?, p.score))).collect()
        }
        CurveKind::F1 => {
            let mut points: Vec<Point> =
                ranking.points().filter_map(|p| Some((p.score, p.counts.f1()?, p.score))).collect();
            points.reverse();
            points
        }
        CurveKind::Froc => froc(ranking, inputs).iter().map(|p| (p.per_input, p.sensitivity, p.score)).collect(),
        CurveKind::Roc => Vec::new(),
    }
}

/// The point of the chosen threshold.
fn here(kind: CurveKind, counts: Counts, at: &Settings, inputs: usize) -> Option<(f64, f64)> {
    Some(match kind {
        CurveKind::Pr => (counts.recall()?, counts.precision()?),
        CurveKind::Roc => (counts.false_positive_rate()?, counts.recall()?),
        CurveKind::Froc if inputs == 0 => return None,
        CurveKind::Froc => (counts.false_positives as f64 / inputs as f64, counts.recall()?),
        CurveKind::F1 => (at.threshold, counts.f1()?),
    })
}

fn drawn(concept: Option<u32>, points: Vec<Point>, area: Option<f64>) -> Curve {
    let reach = points.iter().map(|p| p.0).fold(1.0, f64::max);
    let places: Vec<(f64, f64)> = points.iter().map(|p| (p.0 / reach, p.1)).collect();
    let kept: Vec<Point> = thin(&places, POINTS).into_iter().filter_map(|at| points.get(at).copied()).collect();
    Curve {
        concept,
        x: Numbers::of(kept.iter().map(|p| p.0)),
        y: Numbers::of(kept.iter().map(|p| p.1)),
        thresholds: Numbers::of(kept.iter().map(|p| p.2)),
        area,
        here: None,
        points: points.len() as u32,
    }
}

impl Kept {
    fn get(&self, key: (u8, u64, bool, Area, Option<u32>), make: impl FnOnce() -> Curve) -> Curve {
        if let Some(held) = self.0.borrow().get(&key) {
            return held.clone();
        }
        let made = make();
        let mut kept = self.0.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, made.clone());
        made
    }
}
