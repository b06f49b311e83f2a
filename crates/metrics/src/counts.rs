//! Figures from counts of right and wrong.

use std::ops::{Add, AddAssign};

/// How often a class was found, found wrongly, missed, and rightly not found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found, and there.
    pub true_positives: u64,
    /// Found, and not there.
    pub false_positives: u64,
    /// There, and not found.
    pub false_negatives: u64,
    /// Not there, and not found. Always 0 in detection, where nobody can count what is not there.
    pub true_negatives: u64,
}

pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Counts {
    /// TP / (TP + FP), 0 to 1; undefined where nothing was found.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        ratio(self.true_positives, self.predicted())
    }

    /// TP / (TP + FN), 0 to 1, also called true positive rate and sensitivity; undefined where nothing is there.
    #[must_use]
    pub fn recall(self) -> Option<f64> {
        ratio(self.true_positives, self.positives())
    }

    /// 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall; undefined where nothing is there or found.
    #[must_use]
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.true_positives, 2 * self.true_positives + self.false_positives + self.false_negatives)
    }

    /// FP / (FP + TN), 0 to 1; undefined where all is there.
    #[must_use]
    pub fn false_positive_rate(self) -> Option<f64> {
        ratio(self.false_positives, self.negatives())
    }

    /// (TP + TN) / all, 0 to 1; undefined where there is nothing to judge.
    #[must_use]
    pub fn accuracy(self) -> Option<f64> {
        ratio(self.true_positives + self.true_negatives, self.positives() + self.negatives())
    }

    /// What is there: TP + FN.
    #[must_use]
    pub fn positives(self) -> u64 {
        self.true_positives + self.false_negatives
    }

    /// What is not there: FP + TN.
    #[must_use]
    pub fn negatives(self) -> u64 {
        self.false_positives + self.true_negatives
    }

    /// What was found: TP + FP.
    #[must_use]
    pub fn predicted(self) -> u64 {
        self.true_positives + self.false_positives
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            true_positives: self.true_positives + other.true_positives,
            false_positives: self.false_positives + other.false_positives,
            false_negatives: self.false_negatives + other.false_negatives,
            true_negatives: self.true_negatives + other.true_negatives,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_and_the_undefined() {
        let c = Counts { true_positives: 6, false_positives: 2, false_negatives: 4, true_negatives: 8 };
        assert_eq!((c.precision(), c.recall()), (Some(0.75), Some(0.6)));
        assert!((c.f1().unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!((c.false_positive_rate(), c.accuracy()), (Some(0.2), Some(0.7)));
        let none = Counts::default();
        assert_eq!((none.precision(), none.recall(), none.f1()), (None, None, None));
        assert_eq!((none.false_positive_rate(), none.accuracy()), (None, None));
        assert_eq!(Counts { false_negatives: 1, ..none }.f1(), Some(0.0));
        assert_eq!([c, c].into_iter().sum::<Counts>().positives(), 20);
    }
}
