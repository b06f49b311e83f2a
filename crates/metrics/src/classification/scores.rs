//! What classification is measured on: a view over scores and truth.

use super::radix::Key;
use crate::{Labels, POSITIVE, UNKNOWN};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A score: `f32` or `f64`. Comparisons with a threshold are made in f64.
pub trait Score: Copy + Into<f64> + sealed::Sealed {
    /// A whole number in the order of the scores.
    type Key: Key;
    /// The machine epsilon of the type, to which scikit-learn clips probabilities.
    const EPSILON: f64;
    /// Its whole number; −0 and 0 have the same, NaN has none that means something.
    fn key(self) -> Self::Key;
    /// The score of a whole number.
    fn of_key(key: Self::Key) -> Self;
}

macro_rules! score {
    ($float:ty, $key:ty) => {
        impl Score for $float {
            type Key = $key;
            const EPSILON: f64 = <$float>::EPSILON as f64;

            fn key(self) -> $key {
                // Adding 0 turns −0 into 0. Negative numbers are turned over, so that larger ones come later.
                let bits = (self + 0.0).to_bits();
                let sign = 1 << (<$key>::BITS - 1);
                if bits & sign == 0 { bits | sign } else { !bits }
            }

            fn of_key(key: $key) -> Self {
                let sign = 1 << (<$key>::BITS - 1);
                Self::from_bits(if key & sign == 0 { !key } else { key ^ sign })
            }
        }
    };
}
score!(f32, u32);
score!(f64, u64);

/// Scores of inputs for classes beside what is true: N × C, row by row, a row an input.
#[derive(Debug, Clone, Copy)]
pub struct Scores<'a, S> {
    scores: &'a [S],
    truth: &'a [u8],
    classes: usize,
}

impl<'a, S: Score> Scores<'a, S> {
    /// `truth` says [`crate::NEGATIVE`], [`POSITIVE`] or [`UNKNOWN`] of each pair. `None` where the two are not of the same
    /// length, or the last row is not whole.
    #[must_use]
    pub fn new(scores: &'a [S], truth: &'a [u8], classes: usize) -> Option<Self> {
        let whole = if classes == 0 { scores.is_empty() } else { scores.len().is_multiple_of(classes) };
        (scores.len() == truth.len() && whole).then_some(Self { scores, truth, classes })
    }

    /// C.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// N.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.scores.len().checked_div(self.classes).unwrap_or(0)
    }

    /// All scores, row by row.
    #[must_use]
    pub fn scores(&self) -> &'a [S] {
        self.scores
    }

    /// All truth, row by row.
    #[must_use]
    pub fn truth(&self) -> &'a [u8] {
        self.truth
    }

    /// Scores and truth of each input.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (&'a [S], &'a [u8])> + use<'a, S> {
        let width = self.classes.max(1);
        self.scores.chunks_exact(width).zip(self.truth.chunks_exact(width))
    }

    /// Scores and truth of one input; empty outside.
    #[must_use]
    pub fn row(&self, input: usize) -> (&'a [S], &'a [u8]) {
        let range = input * self.classes..(input + 1) * self.classes;
        (self.scores.get(range.clone()).unwrap_or_default(), self.truth.get(range).unwrap_or_default())
    }

    /// Score and truth of one class on each input, those that are unknown left out.
    pub fn class(&self, class: usize) -> impl Iterator<Item = (S, bool)> + use<'a, S> {
        let step = self.classes.max(1);
        let start = if class < self.classes { class } else { self.scores.len() };
        let scores = self.scores.iter().skip(start).step_by(step);
        let truth = self.truth.iter().skip(start).step_by(step);
        scores.zip(truth).filter(|(_, truth)| **truth != UNKNOWN).map(|(score, truth)| (*score, *truth == POSITIVE))
    }

    /// Score and truth of all pairs, those that are unknown left out.
    pub fn pairs(&self) -> impl Iterator<Item = (S, bool)> + use<'a, S> {
        let known = self.scores.iter().zip(self.truth).filter(|(_, truth)| **truth != UNKNOWN);
        known.map(|(score, truth)| (*score, *truth == POSITIVE))
    }
}

impl<'a> Scores<'a, f64> {
    /// Of the labels of a test set with so many concepts.
    #[must_use]
    pub fn of(labels: &'a Labels, classes: usize) -> Option<Self> {
        Self::new(&labels.scores, &labels.truth, classes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        assert!(Scores::new(&[0.1, 0.2], &[0, 1], 2).is_some());
        assert!(Scores::new(&[0.1, 0.2], &[0], 2).is_none());
        assert!(Scores::new(&[0.1, 0.2, 0.3], &[0, 1, 0], 2).is_none());
        assert!(Scores::new(&[0.1], &[0], 0).is_none());
        assert_eq!(Scores::<f32>::new(&[], &[], 0).unwrap().inputs(), 0);
    }

    #[test]
    fn unknown_pairs_are_in_no_column() {
        let scores = Scores::new(&[0.1, 0.2, 0.3, 0.4_f32], &[1, UNKNOWN, 0, 1], 2).unwrap();
        assert_eq!(scores.class(0).collect::<Vec<_>>(), [(0.1, true), (0.3, false)]);
        assert_eq!(scores.class(1).collect::<Vec<_>>(), [(0.4, true)]);
        assert_eq!(scores.class(2).count(), 0);
        assert_eq!(scores.row(1), (&[0.3, 0.4][..], &[0, 1][..]));
        assert_eq!(scores.row(2).0.len(), 0);
    }

    proptest! {
        #[test]
        fn keys_order_as_scores_do(a: f64, b: f64, c: f32, d: f32) {
            prop_assume!(!a.is_nan() && !b.is_nan() && !c.is_nan() && !d.is_nan());
            prop_assert_eq!(a.key().cmp(&b.key()), a.partial_cmp(&b).unwrap());
            prop_assert_eq!(c.key().cmp(&d.key()), c.partial_cmp(&d).unwrap());
            prop_assert!(f64::of_key(a.key()).total_cmp(&(a + 0.0)).is_eq());
            prop_assert!(f32::of_key(c.key()).total_cmp(&(c + 0.0)).is_eq());
        }
    }

    #[test]
    fn both_zeros_are_one() {
        assert_eq!((-0.0_f32).key(), 0.0_f32.key());
        assert_eq!((-0.0_f64).key(), 0.0_f64.key());
    }
}
