//! Figures from counts of right and wrong.

/// How often a class was found, found wrongly, and missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found, and there.
    pub true_positives: u64,
    /// Found, and not there.
    pub false_positives: u64,
    /// There, and not found.
    pub false_negatives: u64,
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Counts {
    /// TP / (TP + FP), 0 to 1; undefined where nothing was found.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        ratio(self.true_positives, self.true_positives + self.false_positives)
    }

    /// TP / (TP + FN), 0 to 1; undefined where nothing is there.
    #[must_use]
    pub fn recall(self) -> Option<f64> {
        ratio(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall; undefined where nothing is there or found.
    #[must_use]
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.true_positives, 2 * self.true_positives + self.false_positives + self.false_negatives)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_and_the_undefined() {
        let c = Counts { true_positives: 6, false_positives: 2, false_negatives: 4 };
        assert_eq!((c.precision(), c.recall()), (Some(0.75), Some(0.6)));
        assert!((c.f1().unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(Counts::default().precision(), None);
        assert_eq!(Counts { false_negatives: 1, ..Counts::default() }.f1(), Some(0.0));
    }
}
