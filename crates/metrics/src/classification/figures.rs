//! Each class against the rest.

use super::ranked::{BestF1, Ranked};
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

/// The figures of each class, from one sort of its scores.
#[must_use]
pub fn class_figures<S: Score>(scores: &Scores<'_, S>, at: Thresholds<'_>) -> Vec<ClassFigures> {
    (0..scores.classes()).map(|class| Ranked::class(scores, class).figures(at.of(class))).collect()
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
    let mut out = vec![Counts::default(); scores.classes()];
    for (row, truth) in scores.rows() {
        for (class, ((score, truth), counts)) in row.iter().zip(truth).zip(&mut out).enumerate() {
            let predicted = at.of(class).passes((*score).into());
            match (*truth, predicted) {
                (UNKNOWN, _) => {}
                (POSITIVE, true) => counts.true_positives += 1,
                (POSITIVE, false) => counts.false_negatives += 1,
                (_, true) => counts.false_positives += 1,
                (_, false) => counts.true_negatives += 1,
            }
        }
    }
    out
}
