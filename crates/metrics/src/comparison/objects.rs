//! Figures of detections on a draw of inputs.

use crate::Counts;

/// COCO reads precision at recall 0 and at so many steps from there; the products are those of NumPy, to the last bit.
const RECALLS: i32 = 100;
const RECALL_STEP: f64 = 0.01;

/// A figure of detections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectFigure {
    /// Mean average precision over the overlaps .50 to .95 in steps of .05 and the concepts that have objects.
    MeanAveragePrecisionRange,
    /// The same at one overlap, by its place in [`ObjectStatistics::range`].
    MeanAveragePrecision(usize),
    /// Of the counts of all concepts, at the threshold and the chosen overlap.
    Precision,
    /// Of the counts of all concepts, at the threshold and the chosen overlap.
    Recall,
    /// Of the counts of all concepts, at the threshold and the chosen overlap.
    F1,
    /// Mean F1 over the concepts for which it is defined, at the threshold and the chosen overlap.
    MacroF1,
}

/// A prediction that was matched or was not. Those that are neither right nor wrong are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Position of its input.
    pub input: u32,
    /// It was matched.
    pub right: bool,
}

/// A concept's predictions at one overlap, surest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RankedClass {
    /// The predictions.
    pub ranked: Vec<Ranked>,
    /// How many of them pass the threshold: the first.
    pub passing: usize,
    /// The input of each object that is there and counts.
    pub objects: Vec<u32>,
}

/// What figures of a run are measured from, made once.
pub struct ObjectStatistics {
    /// How many overlaps the range has.
    pub ious: usize,
    /// For each overlap of the range, and for others after them: the concepts. Empty where no figure needs them.
    pub range: Vec<Vec<RankedClass>>,
    /// At the chosen overlap.
    pub chosen: Vec<RankedClass>,
    /// Which figures.
    pub figures: Vec<ObjectFigure>,
}

impl ObjectStatistics {
    /// Leaves these figures, and what they need.
    pub fn only(&mut self, figures: &[ObjectFigure]) {
        self.figures = figures.to_vec();
        let range = figures.contains(&ObjectFigure::MeanAveragePrecisionRange);
        for (at, classes) in self.range.iter_mut().enumerate() {
            if !(range && at < self.ious || figures.contains(&ObjectFigure::MeanAveragePrecision(at))) {
                classes.clear();
            }
        }
    }

    /// Steps that a draw takes.
    #[must_use]
    pub fn steps(&self) -> usize {
        let of =
            |classes: &[RankedClass]| classes.iter().map(|c| c.ranked.len() + c.objects.len() + 101).sum::<usize>();
        self.range.iter().map(|classes| of(classes)).sum::<usize>() + of(&self.chosen)
    }

    /// The figures where each input counts as often as its weight says. A concept without objects in the draw has no average
    /// precision and is left out of means. 0 of 0 is undefined.
    pub fn measure(&self, weights: &[u32], out: &mut Vec<Option<f64>>) {
        let counts: Vec<Counts> = self.chosen.iter().map(|class| class.counts(weights)).collect();
        let whole: Counts = counts.iter().copied().sum();
        let ranged = self
            .figures
            .iter()
            .any(|f| matches!(f, ObjectFigure::MeanAveragePrecisionRange | ObjectFigure::MeanAveragePrecision(_)));
        let means: Vec<(f64, u32)> =
            if ranged { self.range.iter().map(|c| average(c, weights)).collect() } else { Vec::new() };
        for figure in &self.figures {
            out.push(match figure {
                ObjectFigure::MeanAveragePrecisionRange => {
                    let (sum, n) = means.iter().take(self.ious).fold((0.0, 0), |(sum, n), (s, c)| (sum + s, n + c));
                    (n > 0).then(|| sum / f64::from(n))
                }
                ObjectFigure::MeanAveragePrecision(at) => {
                    means.get(*at).filter(|(_, n)| *n > 0).map(|(sum, n)| sum / f64::from(*n))
                }
                ObjectFigure::Precision => whole.precision(),
                ObjectFigure::Recall => whole.recall(),
                ObjectFigure::F1 => whole.f1(),
                ObjectFigure::MacroF1 => {
                    let defined: Vec<f64> = counts.iter().filter_map(|c| c.f1()).collect();
                    (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / defined.len() as f64)
                }
            });
        }
    }
}

/// Sum of average precisions, and of how many concepts.
fn average(classes: &[RankedClass], weights: &[u32]) -> (f64, u32) {
    let defined = classes.iter().filter_map(|class| class.average_precision(weights));
    defined.fold((0.0, 0), |(sum, n), ap| (sum + ap, n + 1))
}

impl RankedClass {
    /// True and false positives of what passes, and what is missed.
    #[must_use]
    pub fn counts(&self, weights: &[u32]) -> Counts {
        let weight = |input: u32| u64::from(weights.get(input as usize).copied().unwrap_or(0));
        let mut counts = Counts::default();
        for item in self.ranked.iter().take(self.passing) {
            let side = if item.right { &mut counts.true_positives } else { &mut counts.false_positives };
            *side += weight(item.input);
        }
        let there: u64 = self.objects.iter().map(|input| weight(*input)).sum();
        counts.false_negatives = there.saturating_sub(counts.true_positives);
        counts
    }

    /// COCO's average precision: the mean over the recalls 0, .01 to 1 of the greatest precision at that recall or more, 0
    /// where it is not reached. Undefined without objects. An input that was drawn twice is two inputs whose equal scores
    /// follow each other; that is one step, since precision only rises while what is right comes.
    #[must_use]
    pub fn average_precision(&self, weights: &[u32]) -> Option<f64> {
        let weight = |input: u32| weights.get(input as usize).copied().unwrap_or(0);
        let objects: u32 = self.objects.iter().map(|input| weight(*input)).sum();
        if objects == 0 {
            return None;
        }
        let objects = f64::from(objects);
        let mut steps = Vec::new();
        let (mut tp, mut fp) = (0u32, 0u32);
        for item in &self.ranked {
            let w = weight(item.input);
            if w == 0 {
                continue;
            }
            if item.right {
                tp += w;
                steps.push((f64::from(tp) / objects, f64::from(tp) / (f64::from(tp + fp) + f64::EPSILON)));
            } else {
                fp += w;
            }
        }
        // From the highest recall down; the greatest precision so far holds for all that lie between.
        let (mut best, mut sum, mut left) = (0.0f64, 0.0, RECALLS);
        for at in (0..steps.len()).rev() {
            let Some((recall, precision)) = steps.get(at) else { break };
            let below = at.checked_sub(1).and_then(|i| steps.get(i)).map_or(-1.0, |s| s.0);
            while left >= 0 && f64::from(left) * RECALL_STEP > *recall {
                left -= 1;
            }
            best = best.max(*precision);
            while left >= 0 && f64::from(left) * RECALL_STEP > below {
                sum += best;
                left -= 1;
            }
        }
        Some(sum / f64::from(RECALLS + 1))
    }
}
