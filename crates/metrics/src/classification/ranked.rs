//! One class against the rest, sorted once: all that depends on the order of scores comes from here.

use super::columns::each_class;
use super::figures::ClassFigures;
use super::radix;
use super::scores::{Score, Scores};
use crate::counts::ratio;
use crate::{Counts, Cut, Threshold};

/// The threshold at which F1 is best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BestF1 {
    /// 0 to 1.
    pub f1: f64,
    /// The lowest score that is still predicted; of several thresholds with the same F1 the lowest, which is what
    /// `argmax` over scikit-learn's `precision_recall_curve` finds.
    pub threshold: f64,
}

impl BestF1 {
    /// The threshold in the sense of this cut: where only scores above it are predicted, the next lower number.
    #[must_use]
    pub fn threshold(self, cut: Cut) -> Threshold {
        let value = match cut {
            Cut::Above => self.threshold.next_down(),
            Cut::AtOrAbove => self.threshold,
        };
        Threshold { value, cut }
    }
}

/// The scores of one class, those of positive and of negative inputs apart and sorted. Inputs of unknown truth are not in it.
#[derive(Debug, Clone)]
pub struct Ranked<S: Score> {
    /// Upwards.
    pub(super) positives: Vec<S::Key>,
    /// Upwards.
    pub(super) negatives: Vec<S::Key>,
    /// Scores that are not a number: positive, negative. They are never predicted, and leave no order to measure.
    pub(super) unordered: (u64, u64),
}

/// What a threshold lets through: how many positives and negatives.
#[derive(Clone, Copy)]
pub(super) struct Step<K> {
    /// The score, as its key.
    pub key: K,
    /// Positives of this score or more.
    pub true_positives: u64,
    /// Negatives of this score or more.
    pub false_positives: u64,
}

impl<S: Score> Default for Ranked<S> {
    fn default() -> Self {
        Self { positives: Vec::new(), negatives: Vec::new(), unordered: (0, 0) }
    }
}

impl<S: Score> Ranked<S> {
    /// One class of the scores; empty outside.
    #[must_use]
    pub fn class(scores: &Scores<'_, S>, class: usize) -> Self {
        Self::of(scores.class(class))
    }

    /// Every class of the scores, which is quicker than one by one: their table lies row by row.
    #[must_use]
    pub fn all(scores: &Scores<'_, S>) -> Vec<Self> {
        let mut out = Vec::with_capacity(scores.classes());
        each_class(scores, |_, Order { positives, negatives, unordered }| {
            out.push(Self { positives: positives.to_vec(), negatives: negatives.to_vec(), unordered });
        });
        out
    }

    /// All pairs of input and class as if they were one class: what scikit-learn's average="micro" ranks.
    #[must_use]
    pub fn pooled(scores: &Scores<'_, S>) -> Self {
        Self::of(scores.pairs())
    }

    /// From pairs of score and truth.
    #[must_use]
    pub fn of(items: impl IntoIterator<Item = (S, bool)>) -> Self {
        let mut ranked = Self::default();
        for (score, positive) in items {
            ranked.put(score, positive);
        }
        let mut spare = Vec::new();
        radix::sort(&mut ranked.positives, &mut spare);
        radix::sort(&mut ranked.negatives, &mut spare);
        ranked
    }

    /// One more, before it is sorted.
    fn put(&mut self, score: S, positive: bool) {
        match (score.into().is_nan(), positive) {
            (false, true) => self.positives.push(score.key()),
            (false, false) => self.negatives.push(score.key()),
            (true, true) => self.unordered.0 += 1,
            (true, false) => self.unordered.1 += 1,
        }
    }

    fn order(&self) -> Order<'_, S> {
        Order { positives: &self.positives, negatives: &self.negatives, unordered: self.unordered }
    }

    /// Inputs on which the class is.
    #[must_use]
    pub fn positives(&self) -> u64 {
        self.order().all_positives()
    }

    /// Inputs on which it is not.
    #[must_use]
    pub fn negatives(&self) -> u64 {
        self.order().all_negatives()
    }

    /// Every score is a number.
    #[must_use]
    pub fn ordered(&self) -> bool {
        self.unordered == (0, 0)
    }

    /// Right and wrong at a threshold.
    #[must_use]
    pub fn counts(&self, at: Threshold) -> Counts {
        self.order().counts(at)
    }

    /// Right and wrong at each threshold of a grid: as many as the grid has, whatever the scores.
    #[must_use]
    pub fn counts_on(&self, grid: &[f64], cut: Cut) -> Vec<Counts> {
        grid.iter().map(|value| self.counts(Threshold { value: *value, cut })).collect()
    }

    /// All figures at once.
    #[must_use]
    pub fn figures(&self, at: Threshold) -> ClassFigures {
        self.order().figures(at)
    }

    /// Every distinct score, highest first, and what is found at it or above.
    pub(super) fn steps(&self) -> impl Iterator<Item = Step<S::Key>> + '_ {
        let (mut positives, mut negatives) = (self.positives.as_slice(), self.negatives.as_slice());
        let (mut true_positives, mut false_positives) = (0, 0);
        std::iter::from_fn(move || {
            let key = positives.last().into_iter().chain(negatives.last()).max().copied()?;
            true_positives += run_of(&mut positives, |k| *k == key);
            false_positives += run_of(&mut negatives, |k| *k == key);
            Some(Step { key, true_positives, false_positives })
        })
    }
}

/// Sorted scores, wherever they are kept.
pub(super) struct Order<'a, S: Score> {
    /// Upwards.
    pub positives: &'a [S::Key],
    /// Upwards.
    pub negatives: &'a [S::Key],
    /// As in [`Ranked`].
    pub unordered: (u64, u64),
}

impl<S: Score> Order<'_, S> {
    fn all_positives(&self) -> u64 {
        self.positives.len() as u64 + self.unordered.0
    }

    fn all_negatives(&self) -> u64 {
        self.negatives.len() as u64 + self.unordered.1
    }

    /// Right and wrong at a threshold.
    fn counts(&self, at: Threshold) -> Counts {
        let passed =
            |keys: &[S::Key]| (keys.len() - keys.partition_point(|key| !at.passes(S::of_key(*key).into()))) as u64;
        let (true_positives, false_positives) = (passed(self.positives), passed(self.negatives));
        Counts {
            true_positives,
            false_positives,
            false_negatives: self.all_positives() - true_positives,
            true_negatives: self.all_negatives() - false_positives,
        }
    }

    /// All figures at once.
    pub fn figures(&self, at: Threshold) -> ClassFigures {
        let counts = self.counts(at);
        let (positives, negatives) = (self.all_positives(), self.all_negatives());
        let mut figures =
            ClassFigures { positives, negatives, counts, average_precision: None, roc_auc: None, best_f1: None };
        if positives == 0 || self.unordered != (0, 0) {
            return figures;
        }
        // Twice the pairs of positive and negative in the right order, a tie counting one: whole numbers, so it is exact.
        let mut won = 0;
        let mut precision = 0.0;
        let (mut found, mut wrong) = (0, 0);
        let mut best = (0, 1, None);
        let mut below = self.negatives;
        let mut rest = self.positives;
        while let Some(key) = rest.last() {
            let hits = run_of(&mut rest, |k| *k == *key);
            wrong += run_of(&mut below, |k| *k > *key);
            let tied = run_of(&mut below, |k| *k == *key);
            wrong += tied;
            found += hits;
            won += hits * (2 * below.len() as u64 + tied);
            precision += hits as f64 * (found as f64 / (found + wrong) as f64);
            // F1 is 2 found / (found + wrong + positives). Compared crosswise, so that equal is equal.
            let size = found + wrong + positives;
            if found * best.1 >= best.0 * size {
                best = (found, size, Some(*key));
            }
        }
        figures.average_precision = Some(precision / positives as f64);
        figures.roc_auc = ratio(won, 2 * positives * negatives);
        figures.best_f1 =
            best.2.map(|key| BestF1 { f1: 2.0 * best.0 as f64 / best.1 as f64, threshold: S::of_key(key).into() });
        figures
    }
}

/// Takes off the end what passes, and tells how many that were.
fn run_of<K>(keys: &mut &[K], passes: impl Fn(&K) -> bool) -> u64 {
    let mut taken = 0;
    while let Some((last, rest)) = keys.split_last()
        && passes(last)
    {
        *keys = rest;
        taken += 1;
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn average_precision(items: &[(f64, bool)]) -> Option<f64> {
        Ranked::of(items.iter().copied()).figures(Threshold::default()).average_precision
    }

    fn roc_auc(items: &[(f64, bool)]) -> Option<f64> {
        Ranked::of(items.iter().copied()).figures(Threshold::default()).roc_auc
    }

    #[test]
    fn area_agrees_with_scikit_learn() {
        // roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) is the example in its documentation.
        let items = [(0.1, false), (0.4, false), (0.35, true), (0.8, true)];
        assert_eq!(roc_auc(&items), Some(0.75));
        assert_eq!(roc_auc(&[(0.5, true), (0.5, false)]), Some(0.5));
        assert_eq!(roc_auc(&[(0.5, true)]), None);
        assert_eq!(roc_auc(&[(0.5, false)]), None);
        assert_eq!(roc_auc(&[(f64::NAN, true), (0.1, false)]), None);
    }

    #[test]
    fn agrees_with_scikit_learn() {
        // average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) is the example in its documentation.
        let items = [(0.1, false), (0.4, false), (0.35, true), (0.8, true)];
        assert!((average_precision(&items).unwrap() - 0.833_333_333_333_333_3).abs() < 1e-15);
        // All tied: the share of positives, whatever the order.
        assert_eq!(average_precision(&[(0.5, true), (0.5, false)]), Some(0.5));
        assert_eq!(average_precision(&[(0.5, false)]), None);
        assert_eq!(average_precision(&[(f64::NAN, true)]), None);
    }
}
