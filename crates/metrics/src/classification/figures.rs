//! Each class against the rest.

use super::radix;
use super::ranked::{BestF1, Order, Ranked};
use super::scores::{Score, Scores};
use crate::{Counts, POSITIVE, Threshold, UNKNOWN};

/// What counts as predicted: one threshold for all classes, or one of each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Thresholds<'a> {
    /// The same of all classes.
    Same(Threshold),
    /// By class; classes beyond the end have the usual threshold, [`Threshold::default`].
    Each(&'a [Threshold]),
}

impl Thresholds<'_> {
    /// Of one class.
    #[must_use]
    pub fn of(&self, class: usize) -> Threshold {
        match self {
            Self::Same(threshold) => *threshold,
            Self::Each(thresholds) => thresholds.get(class).copied().unwrap_or_default(),
        }
    }
}

impl From<Threshold> for Thresholds<'_> {
    fn from(threshold: Threshold) -> Self {
        Self::Same(threshold)
    }
}

/// One class against the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ClassFigures {
    /// Inputs on which it is.
    pub positives: u64,
    /// Inputs on which it is not.
    pub negatives: u64,
    /// At the threshold.
    pub counts: Counts,
    /// Σ (R(n) − R(n−1)) · P(n) over distinct scores, not interpolated: scikit-learn's `average_precision_score`. 0 to 1;
    /// undefined where no input is positive, or a score is NaN.
    pub average_precision: Option<f64>,
    /// Area under the receiver operating characteristic by trapezoids, which is the chance that a positive input scores
    /// above a negative one, a tie counting one half: scikit-learn's `roc_auc_score`. 0 to 1; undefined where no input is
    /// positive, or none is negative, or a score is NaN.
    pub roc_auc: Option<f64>,
    /// Undefined where no input is positive, or a score is NaN.
    pub best_f1: Option<BestF1>,
}

/// Bytes of a row's scores that are read together: a line of the processor's cache.
const LINE: usize = 64;
/// Rows that are read together: few enough to stay in the cache while their columns are taken out one by one.
const ROWS: usize = 256;

/// The figures of each class, from one sort of its scores.
#[must_use]
pub fn class_figures<S: Score>(scores: &Scores<'_, S>, at: Thresholds<'_>) -> Vec<ClassFigures> {
    let step = LINE / size_of::<S>();
    let mut columns: Vec<Column<S>> =
        (0..step.min(scores.classes())).map(|_| Column::with_room(scores.inputs())).collect();
    let mut spare = Vec::new();
    let mut out = Vec::with_capacity(scores.classes());
    for first in (0..scores.classes()).step_by(step) {
        columns.iter_mut().for_each(Column::clear);
        let classes = || first..scores.classes();
        for (rows, truth) in scores.chunks(ROWS) {
            for (class, column) in classes().zip(&mut columns) {
                let pairs = rows.iter().skip(class).step_by(scores.classes());
                column.put(pairs.zip(truth.iter().skip(class).step_by(scores.classes())));
            }
        }
        for (class, column) in classes().zip(&mut columns) {
            out.push(column.sorted(&mut spare).figures(at.of(class)));
        }
    }
    out
}

/// The scores of one class while they are taken out of the table, positive and negative ones apart. The room is kept from one
/// class to the next.
struct Column<S: Score> {
    positives: Vec<S::Key>,
    negatives: Vec<S::Key>,
    used: (usize, usize),
    /// NaN, by truth.
    unordered: (u64, u64),
}

impl<S: Score> Column<S> {
    fn with_room(inputs: usize) -> Self {
        let room = || vec![S::Key::default(); inputs];
        Self { positives: room(), negatives: room(), used: (0, 0), unordered: (0, 0) }
    }

    fn clear(&mut self) {
        self.used = (0, 0);
        self.unordered = (0, 0);
    }

    /// Without branches on what is true, which nothing could foresee: each key is written to both sides, and stays where it
    /// belongs.
    fn put<'a>(&mut self, pairs: impl Iterator<Item = (&'a S, &'a u8)>)
    where
        S: 'a,
    {
        let (mut positives, mut negatives) = self.used;
        for (score, truth) in pairs {
            let key = score.key();
            if let Some(slot) = self.positives.get_mut(positives) {
                *slot = key;
            }
            if let Some(slot) = self.negatives.get_mut(negatives) {
                *slot = key;
            }
            let positive = usize::from(*truth == POSITIVE);
            let negative = usize::from(*truth != UNKNOWN) - positive;
            let number = usize::from(!(*score).into().is_nan());
            positives += positive * number;
            negatives += negative * number;
            self.unordered.0 += (positive - positive * number) as u64;
            self.unordered.1 += (negative - negative * number) as u64;
        }
        self.used = (positives, negatives);
    }

    fn sorted(&mut self, spare: &mut Vec<S::Key>) -> Order<'_, S> {
        let positives = self.positives.get_mut(..self.used.0).unwrap_or_default();
        let negatives = self.negatives.get_mut(..self.used.1).unwrap_or_default();
        radix::sort(positives, spare);
        radix::sort(negatives, spare);
        Order { positives, negatives, unordered: self.unordered }
    }
}

/// The figures of all pairs of input and class as if they were one class: scikit-learn's average="micro".
#[must_use]
pub fn pooled_figures<S: Score>(scores: &Scores<'_, S>, at: Thresholds<'_>) -> ClassFigures {
    // The order of all scores knows no class, so thresholds of classes are counted apart.
    let figures = Ranked::pooled(scores).figures(at.of(0));
    ClassFigures { counts: class_counts(scores, at).into_iter().sum(), ..figures }
}

/// Only the counts of each class: what a live threshold needs.
#[must_use]
pub fn class_counts<S: Score>(scores: &Scores<'_, S>, at: Thresholds<'_>) -> Vec<Counts> {
    // By truth and prediction, so that nothing has to be foreseen.
    let mut cells = vec![[0u64; 4]; scores.classes()];
    for (row, truth) in scores.rows() {
        for (class, ((score, truth), cells)) in row.iter().zip(truth).zip(&mut cells).enumerate() {
            let predicted = at.of(class).passes((*score).into());
            let place = 2 * usize::from(*truth == POSITIVE) + usize::from(predicted);
            if let Some(cell) = cells.get_mut(place) {
                *cell += u64::from(*truth != UNKNOWN);
            }
        }
    }
    let of = |[true_negatives, false_positives, false_negatives, true_positives]: [u64; 4]| Counts {
        true_positives,
        false_positives,
        false_negatives,
        true_negatives,
    };
    cells.into_iter().map(of).collect()
}
