//! Figures of detections on a draw of inputs.

use crate::detection::Ranking;
use crate::{Counts, Threshold, mean};

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

/// What figures of a run are measured from, made once.
pub struct ObjectStatistics {
    /// How many overlaps the range has.
    pub ious: usize,
    /// For each overlap of the range, and for others after them: the rankings of the concepts. Empty where no figure needs them.
    pub range: Vec<Vec<Ranking>>,
    /// Rankings at the chosen overlap.
    pub chosen: Vec<Ranking>,
    /// What counts as predicted.
    pub threshold: Threshold,
    /// Which figures.
    pub figures: Vec<ObjectFigure>,
}

impl ObjectStatistics {
    /// Leaves these figures, and what they need.
    pub fn only(&mut self, figures: &[ObjectFigure]) {
        self.figures = figures.to_vec();
        let range = figures.contains(&ObjectFigure::MeanAveragePrecisionRange);
        for (at, rankings) in self.range.iter_mut().enumerate() {
            if !(range && at < self.ious || figures.contains(&ObjectFigure::MeanAveragePrecision(at))) {
                rankings.clear();
            }
        }
    }

    /// Steps that a draw takes.
    #[must_use]
    pub fn steps(&self) -> usize {
        let of = |r: &Ranking| r.predictions().count() + r.positives() as usize + crate::detection::RECALL_POINTS;
        self.range.iter().flatten().chain(&self.chosen).map(of).sum()
    }

    /// The figures where each input counts as often as its weight says. A concept without objects in the draw has no average
    /// precision and is left out of means. 0 of 0 is undefined.
    pub fn measure(&self, weights: &[u32], out: &mut Vec<Option<f64>>) {
        let counts: Vec<Counts> = self.chosen.iter().map(|r| r.at_of(self.threshold, weights)).collect();
        let whole: Counts = counts.iter().copied().sum();
        let of = |rankings: &Vec<Ranking>| mean(rankings.iter().map(|r| r.average_precision_of(weights))).value;
        let means: Vec<Option<f64>> = self.range.iter().map(of).collect();
        for figure in &self.figures {
            out.push(match figure {
                // A concept has objects at every overlap or at none, so this is the mean over all of them.
                ObjectFigure::MeanAveragePrecisionRange => mean(means.iter().take(self.ious).copied()).value,
                ObjectFigure::MeanAveragePrecision(at) => means.get(*at).copied().flatten(),
                ObjectFigure::Precision => whole.precision(),
                ObjectFigure::Recall => whole.recall(),
                ObjectFigure::F1 => whole.f1(),
                ObjectFigure::MacroF1 => mean(counts.iter().map(|c| c.f1())).value,
            });
        }
    }
}
