//! Which prediction belongs to which object, at one overlap.

use super::groups::{Groups, surest_first};
use super::overlaps::Overlaps;
use super::params::Area;
use crate::{Objects, Threshold, Truth};

/// Which objects a prediction may match. Either way predictions come by falling score, equal ones in their own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// Objects of its own concept: COCO's rule (pycocotools' `evaluateImg`), and FiftyOne's with `classwise=True`. A
    /// confusion shows as an object missed and a false positive.
    #[default]
    Within,
    /// Objects of any concept: COCO's rule with `useCats=0`, and FiftyOne's with `classwise=False`. The object that overlaps
    /// most is taken, whatever its concept; of equal overlaps one of the prediction's own concept. A crowd matches its own
    /// concept alone.
    Across,
}

/// How predictions and objects are matched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// The overlap from which on a prediction may match, above 0 and up to 1; at equality it may.
    pub iou: f64,
    /// Which objects.
    pub matching: Matching,
    /// Objects of other areas are ignored, and so are unmatched predictions of other areas.
    pub area: Area,
    /// How many predictions of a concept count on an input, the surest first.
    pub max_detections: usize,
}

impl Default for Rule {
    fn default() -> Self {
        Self { iou: 0.5, matching: Matching::Within, area: Area::ALL, max_detections: 100 }
    }
}

impl Rule {
    /// Is an object neither to be found nor to be missed?
    pub(super) fn ignores(&self, truth: &Truth) -> bool {
        truth.crowd || !self.area.holds(truth.area)
    }
}

/// What became of a prediction or of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Outcome {
    /// Prediction and object of the same concept.
    TruePositive,
    /// Prediction and object of different concepts: a false positive of the one, and a false negative of the other.
    Confused,
    /// A prediction without an object.
    FalsePositive,
    /// An object without a prediction.
    FalseNegative,
    /// A crowd, what matches it, what is outside of the range of areas, and predictions beyond the most that count: neither
    /// right nor wrong.
    #[default]
    Ignored,
}

/// What became of one prediction, or of one object when all predictions count.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Met {
    /// Right or wrong.
    pub outcome: Outcome,
    /// The other side's position, where there is one; for a crowd the surest of its predictions.
    pub partner: Option<u32>,
    /// Their overlap; 0 without partner.
    pub iou: f64,
}

/// An object, a prediction, or both that belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Right or wrong.
    pub outcome: Outcome,
    /// Position in [`Objects::predictions`].
    pub prediction: Option<u32>,
    /// Position in [`Objects::truth`].
    pub truth: Option<u32>,
    /// The overlap of the two.
    pub iou: Option<f64>,
}

/// What became of everything under a rule, whatever the threshold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matches {
    /// As [`Objects::predictions`].
    pub predictions: Vec<Met>,
    /// As [`Objects::truth`], all predictions counting.
    pub truths: Vec<Met>,
}

impl Matches {
    /// What became of an object when only predictions that pass a threshold count.
    pub fn truth_at(&self, objects: &Objects, truth: usize, threshold: Threshold) -> Met {
        let Some(met) = self.truths.get(truth).copied() else { return Met::default() };
        let kept = met.partner.is_some_and(|p| {
            objects.predictions.get(p as usize).is_some_and(|prediction| threshold.passes(prediction.score))
        });
        match met.outcome {
            _ if kept => met,
            Outcome::Ignored => Met::default(),
            _ => Met { outcome: Outcome::FalseNegative, ..Met::default() },
        }
    }

    /// All that there is to see at a threshold, input by input: each prediction that passes, with its partner, in the order
    /// of the test set; then the objects without such a prediction.
    #[must_use]
    pub fn at(&self, objects: &Objects, threshold: Threshold) -> Vec<Match> {
        let mut all: Vec<(u32, Match)> = Vec::with_capacity(objects.predictions.len() + objects.truth.len());
        for ((prediction, met), at) in objects.predictions.iter().zip(&self.predictions).zip(0..) {
            if threshold.passes(prediction.score) {
                let iou = met.partner.map(|_| met.iou);
                let found = Match { outcome: met.outcome, prediction: Some(at), truth: met.partner, iou };
                all.push((prediction.input, found));
            }
        }
        for (truth, at) in objects.truth.iter().zip(0u32..) {
            let met = self.truth_at(objects, at as usize, threshold);
            if met.partner.is_none() {
                all.push((truth.input, Match { outcome: met.outcome, prediction: None, truth: Some(at), iou: None }));
            }
        }
        all.sort_by_key(|(input, _)| *input);
        all.into_iter().map(|(_, found)| found).collect()
    }
}

/// An object that a prediction may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub truth: u32,
    pub iou: f64,
    /// It counts: no crowd, and of an area in the range.
    pub counts: bool,
    /// Of the prediction's concept.
    pub same: bool,
}

/// The candidate that a prediction takes: one that counts before one that is ignored, then the largest overlap, then one
/// of its own concept, then the last.
pub(super) fn best(candidates: impl Iterator<Item = Candidate>) -> Option<Candidate> {
    candidates.reduce(|old, new| {
        let order = new.counts.cmp(&old.counts).then(new.iou.total_cmp(&old.iou)).then(new.same.cmp(&old.same));
        if order.is_ge() { new } else { old }
    })
}

/// pycocotools' tolerance: an overlap of 1 that lost its last bits still matches at 1.
pub(super) fn floor(iou: f64) -> f64 {
    iou.min(1.0 - 1e-10)
}

/// Matches predictions with objects at one overlap. The work is linear in the pairs that overlap; do it once for a rule,
/// and read every threshold off it.
#[must_use]
pub fn matches(objects: &Objects, overlaps: &Overlaps, rule: &Rule) -> Matches {
    let floor = floor(rule.iou);
    let across = rule.matching == Matching::Across;
    let mut all = Matches {
        predictions: vec![Met::default(); objects.predictions.len()],
        truths: objects
            .truth
            .iter()
            .map(|truth| {
                let outcome = if rule.ignores(truth) { Outcome::Ignored } else { Outcome::FalseNegative };
                Met { outcome, ..Met::default() }
            })
            .collect(),
    };
    let inputs = objects.predictions.iter().map(|p| p.input as usize + 1).max().unwrap_or_default();
    let concepts = objects.predictions.iter().map(|p| p.concept as usize + 1).max().unwrap_or_default();
    let by_input = Groups::of(inputs, objects.predictions.iter().zip(0..).map(|(p, at)| (at, p.input)));
    let mut ranks = vec![0usize; concepts];
    let mut sorted: Vec<(u32, &crate::Prediction)> = Vec::new();
    for input in 0..inputs {
        sorted.clear();
        let here = by_input.get(input).iter();
        sorted.extend(here.filter_map(|at| Some((*at, objects.predictions.get(*at as usize)?))));
        sorted.sort_by(|(_, a), (_, b)| surest_first(a.score, b.score));
        for (at, prediction) in &sorted {
            if let Some(rank) = ranks.get_mut(prediction.concept as usize) {
                *rank += 1;
                if *rank > rule.max_detections {
                    continue;
                }
            }
            let candidates = overlaps.of(*at as usize).filter(|(_, iou)| *iou >= floor).filter_map(|(at, iou)| {
                let truth = objects.truth.get(at as usize)?;
                let met = all.truths.get(at as usize)?;
                let same = truth.concept == prediction.concept;
                let free = truth.crowd || met.partner.is_none();
                let counts = met.outcome != Outcome::Ignored;
                (free && (same || across && !truth.crowd)).then_some(Candidate { truth: at, iou, counts, same })
            });
            let met = match best(candidates) {
                Some(taken) => {
                    let outcome = match (taken.counts, taken.same) {
                        (false, _) => Outcome::Ignored,
                        (true, true) => Outcome::TruePositive,
                        (true, false) => Outcome::Confused,
                    };
                    if let Some(truth) = all.truths.get_mut(taken.truth as usize)
                        && truth.partner.is_none()
                    {
                        *truth = Met { outcome, partner: Some(*at), iou: taken.iou };
                    }
                    Met { outcome, partner: Some(taken.truth), iou: taken.iou }
                }
                None if rule.area.holds(overlaps.area(*at as usize)) => {
                    Met { outcome: Outcome::FalsePositive, ..Met::default() }
                }
                None => Met::default(),
            };
            if let Some(place) = all.predictions.get_mut(*at as usize) {
                *place = met;
            }
        }
        for (_, prediction) in &sorted {
            if let Some(rank) = ranks.get_mut(prediction.concept as usize) {
                *rank = 0;
            }
        }
    }
    all
}
