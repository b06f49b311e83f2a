//! Figures from scores.

use crate::Threshold;
use crate::classification::Ranked;

/// Average precision of scored items: the sum over thresholds of (R(n) − R(n−1)) · P(n), without interpolation, as
/// scikit-learn's `average_precision_score` defines it. Items of the same score cross the threshold together. Undefined
/// where no item is positive or a score is NaN.
#[must_use]
pub fn average_precision(items: &[(f64, bool)]) -> Option<f64> {
    Ranked::of(items.iter().copied()).figures(Threshold::default()).average_precision
}

/// Area under the receiver operating characteristic: the chance that a positive item scores above a negative one, a tie
/// counting one half. 0 to 1; undefined where all items are positive, or none is, or a score is NaN.
#[must_use]
pub fn roc_auc(items: &[(f64, bool)]) -> Option<f64> {
    Ranked::of(items.iter().copied()).figures(Threshold::default()).roc_auc
}

#[cfg(test)]
mod tests {
    use super::*;

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
