//! Kinds of errors as TIDE has them (Bolya et al., 2020), and what each costs.

use super::matching::{Matches, Matching, Outcome, Rule, matches};
use super::overlaps::Overlaps;
use super::params::Area;
use super::ranking::{Line, Ranking};
use crate::{Objects, Threshold};

/// Why a prediction is wrong, or why an object was not found. The first that fits is given, in the order in which they
/// stand here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// It overlaps an object of its concept by the background overlap or more, but by less than the foreground overlap.
    Localisation,
    /// It overlaps an object of another concept by the foreground overlap or more.
    Class,
    /// It overlaps an object of its concept by the foreground overlap or more, and a surer prediction has taken that.
    Duplicate,
    /// It overlaps no object by more than the background overlap.
    Background,
    /// It overlaps an object of another concept, by less than the foreground overlap: wrong concept and wrong place.
    Both,
    /// An object without prediction, at which no error of class or localisation aims either.
    Missed,
}

impl ErrorKind {
    /// All kinds, as TIDE lists them.
    pub const ALL: [Self; 6] =
        [Self::Class, Self::Localisation, Self::Both, Self::Duplicate, Self::Background, Self::Missed];

    /// In snake case: `class`, `localisation`, `both`, `duplicate`, `background`, `missed`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Localisation => "localisation",
            Self::Class => "class",
            Self::Duplicate => "duplicate",
            Self::Background => "background",
            Self::Both => "both",
            Self::Missed => "missed",
        }
    }
}

/// From which overlaps on an error is of which kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorRule {
    /// The overlap from which on a prediction may match, as [`Rule::iou`].
    pub foreground: f64,
    /// Up to this overlap there is nothing but background.
    pub background: f64,
    /// Objects of other areas are ignored, and so are unmatched predictions of other areas.
    pub area: Area,
    /// How many predictions of a concept count on an input, the surest first.
    pub max_detections: usize,
}

impl Default for ErrorRule {
    fn default() -> Self {
        Self { foreground: 0.5, background: 0.1, area: Area::ALL, max_detections: 100 }
    }
}

/// One error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mistake {
    /// Of which kind.
    pub kind: ErrorKind,
    /// Position in [`Objects::predictions`]; none for an object that was missed.
    pub prediction: Option<u32>,
    /// The object that was missed or that the prediction aims at, by position in [`Objects::truth`]; none for background.
    pub truth: Option<u32>,
}

/// All errors, and what they cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors {
    /// Mean of COCO's average precision at the foreground overlap over the concepts that have objects; undefined where none
    /// has.
    pub average_precision: Option<f64>,
    /// By how much that rises (0 to 1, never less than 0) if one kind alone is mended, as [`ErrorKind::ALL`].
    pub costs: [Option<f64>; 6],
    /// By how much it rises if no false positive stood above a true one.
    pub false_positives_cost: Option<f64>,
    /// By how much it rises if objects that are not found were not there.
    pub false_negatives_cost: Option<f64>,
    matches: Matches,
    /// For each prediction what is wrong with it, and the object it aims at.
    kinds: Vec<Option<(ErrorKind, Option<u32>)>>,
    /// For each object the surest prediction whose error of class or localisation aims at it.
    aims: Vec<Option<u32>>,
}

impl Errors {
    /// All errors at a threshold, predictions first.
    #[must_use]
    pub fn at(&self, objects: &Objects, threshold: Threshold) -> Vec<Mistake> {
        let passes = |at: u32| objects.predictions.get(at as usize).is_some_and(|p| threshold.passes(p.score));
        let predictions = self.kinds.iter().zip(0..).filter(|(_, at)| passes(*at)).filter_map(|(kind, at)| {
            let (kind, truth) = (*kind)?;
            Some(Mistake { kind, prediction: Some(at), truth })
        });
        let missed = self.aims.iter().zip(0..).filter(|(aim, at)| {
            let outcome = self.matches.truth_at(objects, *at as usize, threshold).outcome;
            outcome == Outcome::FalseNegative && !aim.is_some_and(passes)
        });
        let kind = ErrorKind::Missed;
        predictions.chain(missed.map(|(_, at)| Mistake { kind, prediction: None, truth: Some(at) })).collect()
    }

    /// How many of each kind there are at a threshold, as [`ErrorKind::ALL`].
    #[must_use]
    pub fn counts(&self, objects: &Objects, threshold: Threshold) -> [u32; 6] {
        let all = self.at(objects, threshold);
        ErrorKind::ALL.map(|kind| all.iter().filter(|mistake| mistake.kind == kind).count() as u32)
    }
}

/// Finds out why predictions are wrong and objects were not found, under [`Matching::Within`], and what each kind costs: it
/// alone is mended and average precision is taken again. An error of class or localisation is mended by a match, if its
/// object has none and no surer error aims at it, and else by leaving the prediction out; other wrong predictions are left
/// out; missed objects are taken away (a concept that has no object then has average precision 0).
///
/// Agrees with `tidecv`, but for this: concepts without objects are in no mean, ignored predictions are no errors, an
/// overlap of exactly the foreground is foreground everywhere, and the most detections are counted by concept.
#[must_use]
pub fn errors(objects: &Objects, classes: usize, overlaps: &Overlaps, rule: &ErrorRule) -> Errors {
    let matching =
        Rule { iou: rule.foreground, matching: Matching::Within, area: rule.area, max_detections: rule.max_detections };
    let matches = matches(objects, overlaps, &matching);
    let kinds: Vec<_> = (0..objects.predictions.len())
        .map(|at| {
            let wrong = matches.predictions.get(at).is_some_and(|met| met.outcome == Outcome::FalsePositive);
            wrong.then(|| why(objects, overlaps, &matching, rule, at))
        })
        .collect();
    let mut aims: Vec<Option<u32>> = vec![None; objects.truth.len()];
    let score = |at: u32| objects.predictions.get(at as usize).map_or(f64::NAN, |p| p.score);
    for (kind, at) in kinds.iter().zip(0..) {
        if let Some((ErrorKind::Class | ErrorKind::Localisation, Some(truth))) = kind
            && let Some(aim) = aims.get_mut(*truth as usize)
            && aim.is_none_or(|before| score(at) > score(before))
        {
            *aim = Some(at);
        }
    }
    let mut all = Errors {
        average_precision: None,
        costs: [None; 6],
        false_positives_cost: None,
        false_negatives_cost: None,
        matches,
        kinds,
        aims,
    };
    let present = all.present(objects, classes);
    let cost =
        |mended: Option<f64>| Some((mended? - all.average_precision_if(objects, &present, Mend::Nothing)?).max(0.0));
    let costs = ErrorKind::ALL.map(|kind| cost(all.average_precision_if(objects, &present, Mend::Kind(kind))));
    let false_positives = cost(all.average_precision_if(objects, &present, Mend::FalsePositives));
    let false_negatives = cost(all.average_precision_if(objects, &present, Mend::FalseNegatives));
    all.average_precision = all.average_precision_if(objects, &present, Mend::Nothing);
    (all.costs, all.false_positives_cost, all.false_negatives_cost) = (costs, false_positives, false_negatives);
    all
}

/// What is wrong with a false positive, and at what it aims.
fn why(
    objects: &Objects,
    overlaps: &Overlaps,
    matching: &Rule,
    rule: &ErrorRule,
    at: usize,
) -> (ErrorKind, Option<u32>) {
    let concept = objects.predictions.get(at).map(|p| p.concept);
    // The object that it overlaps most; of equals the first.
    let most = |own: bool| {
        overlaps
            .of(at)
            .filter(|(at, _)| {
                objects
                    .truth
                    .get(*at as usize)
                    .is_some_and(|truth| (Some(truth.concept) == concept) == own && !matching.ignores(truth))
            })
            .reduce(|best, here| if here.1 > best.1 { here } else { best })
    };
    let (own, other) = (most(true), most(false));
    match (own, other) {
        (Some((truth, iou)), _) if iou >= rule.background && iou < rule.foreground => {
            (ErrorKind::Localisation, Some(truth))
        }
        (_, Some((truth, iou))) if iou >= rule.foreground => (ErrorKind::Class, Some(truth)),
        (Some((truth, iou)), _) if iou >= rule.foreground => (ErrorKind::Duplicate, Some(truth)),
        (_, Some((truth, iou))) if iou > rule.background => (ErrorKind::Both, Some(truth)),
        _ => (ErrorKind::Background, None),
    }
}

/// What is thought to be right.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mend {
    Nothing,
    Kind(ErrorKind),
    FalsePositives,
    FalseNegatives,
}

impl Errors {
    /// How many objects of each concept count.
    fn present(&self, objects: &Objects, classes: usize) -> Vec<u64> {
        let mut all = vec![0; classes];
        for (truth, met) in objects.truth.iter().zip(&self.matches.truths) {
            if met.outcome != Outcome::Ignored
                && let Some(count) = all.get_mut(truth.concept as usize)
            {
                *count += 1;
            }
        }
        all
    }

    /// Mean average precision if something were right.
    fn average_precision_if(&self, objects: &Objects, present: &[u64], mend: Mend) -> Option<f64> {
        let mut lines: Vec<Vec<Line>> = vec![Vec::new(); present.len()];
        for (((prediction, met), kind), at) in
            objects.predictions.iter().zip(&self.matches.predictions).zip(&self.kinds).zip(0..)
        {
            let (hit, concept) = match (met.outcome, kind) {
                (Outcome::TruePositive, _) => (true, prediction.concept),
                (_, Some((kind, truth))) if mend == Mend::Kind(*kind) => {
                    let Some(concept) = self.mended(objects, at, *truth) else { continue };
                    (true, concept)
                }
                (_, Some(_)) => (false, prediction.concept),
                (_, None) => continue,
            };
            let score = match (mend, hit) {
                (Mend::FalsePositives, true) => 1.0,
                (Mend::FalsePositives, false) => 0.0,
                _ => prediction.score,
            };
            if let Some(lines) = lines.get_mut(concept as usize) {
                lines.push(Line { score, input: prediction.input, hit });
            }
        }
        let mut left = present.to_vec();
        for ((truth, met), aim) in objects.truth.iter().zip(&self.matches.truths).zip(&self.aims) {
            let gone = match mend {
                Mend::Kind(ErrorKind::Missed) => met.outcome == Outcome::FalseNegative && aim.is_none(),
                Mend::FalseNegatives => met.outcome == Outcome::FalseNegative,
                _ => false,
            };
            if gone && let Some(count) = left.get_mut(truth.concept as usize) {
                *count -= 1;
            }
        }
        let of_each = present.iter().zip(left).zip(lines).filter(|((present, _), _)| **present > 0);
        let (sum, count) = of_each.fold((0.0, 0u32), |(sum, count), ((_, left), lines)| {
            (sum + Ranking::of(left, lines).average_precision().unwrap_or(0.0), count + 1)
        });
        (count > 0).then(|| sum / f64::from(count))
    }

    /// The concept of the object that a wrong prediction finds when it is mended, if it finds one.
    fn mended(&self, objects: &Objects, prediction: u32, truth: Option<u32>) -> Option<u32> {
        let at = truth? as usize;
        let free = self.matches.truths.get(at)?.partner.is_none();
        let first = self.aims.get(at)? == &Some(prediction);
        (free && first).then(|| objects.truth.get(at).map(|truth| truth.concept))?
    }
}
