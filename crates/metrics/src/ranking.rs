//! Figures from scores.

/// Average precision of scored items: the sum over thresholds of (R(n) − R(n−1)) · P(n), without interpolation, as
/// scikit-learn's `average_precision_score` defines it. Items of the same score cross the threshold together. Undefined
/// where no item is positive or a score is NaN.
#[must_use]
pub fn average_precision(items: &[(f64, bool)]) -> Option<f64> {
    let positives = items.iter().filter(|(_, positive)| *positive).count();
    if positives == 0 || items.iter().any(|(score, _)| score.is_nan()) {
        return None;
    }
    let mut ranked = items.to_vec();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut found, mut seen, mut sum) = (0usize, 0usize, 0.0);
    for tied in ranked.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let hits = tied.iter().filter(|(_, positive)| *positive).count();
        found += hits;
        seen += tied.len();
        sum += hits as f64 / positives as f64 * (found as f64 / seen as f64);
    }
    Some(sum)
}

/// Area under the receiver operating characteristic: the chance that a positive item scores above a negative one, a tie
/// counting one half. 0 to 1; undefined where all items are positive, or none is, or a score is NaN.
#[must_use]
pub fn roc_auc(items: &[(f64, bool)]) -> Option<f64> {
    let positives = items.iter().filter(|(_, positive)| *positive).count();
    let negatives = items.len() - positives;
    if positives == 0 || negatives == 0 || items.iter().any(|(score, _)| score.is_nan()) {
        return None;
    }
    let mut ranked = items.to_vec();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut won) = (0.0, 0.0);
    for tied in ranked.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let up = tied.iter().filter(|(_, positive)| *positive).count() as f64;
        let down = tied.len() as f64 - up;
        won += up * (below + down / 2.0);
        below += down;
    }
    Some(won / (positives as f64 * negatives as f64))
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
