//! Curves over the threshold.

use super::ranked::Ranked;
use super::scores::Score;
use crate::counts::ratio;

/// Precision over recall, in the layout of scikit-learn's `precision_recall_curve`: thresholds upwards, a score counting as
/// predicted from the threshold on, and one last point of recall 0 and precision 1 that has no threshold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PrCurve {
    /// 0 to 1; one more than thresholds.
    pub precision: Vec<f64>,
    /// 0 to 1, falling; one more than thresholds.
    pub recall: Vec<f64>,
    /// The distinct scores, upwards.
    pub thresholds: Vec<f64>,
}

/// True over false positive rate, in the layout of scikit-learn's `roc_curve`: thresholds downwards, the first one +∞ at
/// (0, 0), the last point (1, 1).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RocCurve {
    /// FP / (FP + TN), 0 to 1, rising.
    pub false_positive_rate: Vec<f64>,
    /// TP / (TP + FN), 0 to 1, rising.
    pub true_positive_rate: Vec<f64>,
    /// +∞, then the distinct scores downwards.
    pub thresholds: Vec<f64>,
}

/// F1 over the threshold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct F1Curve {
    /// 0 to 1.
    pub f1: Vec<f64>,
    /// The distinct scores, upwards; a score counts as predicted from the threshold on.
    pub thresholds: Vec<f64>,
}

impl<S: Score> Ranked<S> {
    /// Every point of the curve. Undefined where no input is positive (scikit-learn warns and says recall 1), or a score is
    /// NaN.
    #[must_use]
    pub fn pr_curve(&self) -> Option<PrCurve> {
        if self.positives() == 0 || !self.ordered() {
            return None;
        }
        let mut curve = PrCurve { precision: vec![1.0], recall: vec![0.0], thresholds: Vec::new() };
        for step in self.steps() {
            let found = step.true_positives;
            curve.precision.extend(ratio(found, found + step.false_positives));
            curve.recall.extend(ratio(found, self.positives()));
            curve.thresholds.push(S::of_key(step.key).into());
        }
        curve.precision.reverse();
        curve.recall.reverse();
        curve.thresholds.reverse();
        Some(curve)
    }

    /// Every point of the curve (scikit-learn's `drop_intermediate=False`). Undefined where no input is positive, or none is
    /// negative, or a score is NaN.
    #[must_use]
    pub fn roc_curve(&self) -> Option<RocCurve> {
        if self.positives() == 0 || self.negatives() == 0 || !self.ordered() {
            return None;
        }
        let mut curve =
            RocCurve { false_positive_rate: vec![0.0], true_positive_rate: vec![0.0], thresholds: vec![f64::INFINITY] };
        for step in self.steps() {
            curve.false_positive_rate.extend(ratio(step.false_positives, self.negatives()));
            curve.true_positive_rate.extend(ratio(step.true_positives, self.positives()));
            curve.thresholds.push(S::of_key(step.key).into());
        }
        Some(curve)
    }

    /// F1 at every distinct score. Undefined where no input is positive, or a score is NaN.
    #[must_use]
    pub fn f1_curve(&self) -> Option<F1Curve> {
        if self.positives() == 0 || !self.ordered() {
            return None;
        }
        let mut curve = F1Curve::default();
        for step in self.steps() {
            let predicted = step.true_positives + step.false_positives;
            curve.f1.extend(ratio(2 * step.true_positives, predicted + self.positives()));
            curve.thresholds.push(S::of_key(step.key).into());
        }
        curve.f1.reverse();
        curve.thresholds.reverse();
        Some(curve)
    }
}

impl RocCurve {
    /// Area by trapezoids, 0 to 1: equals [`super::ClassFigures::roc_auc`].
    #[must_use]
    pub fn area(&self) -> f64 {
        let points = self.false_positive_rate.iter().zip(&self.true_positive_rate);
        let pairs = points.clone().zip(points.skip(1));
        pairs.map(|((x0, y0), (x1, y1))| (x1 - x0) * (y0 + y1) / 2.0).sum()
    }
}

/// Thresholds i / steps, from 0 to 1: one more than steps. With 100 steps they are the numbers of two decimals, .50 among
/// them. The same grid for all classes makes their curves equally long, see [`Ranked::counts_on`].
#[must_use]
pub fn grid(steps: u32) -> Vec<f64> {
    (0..=steps).map(|i| f64::from(i) / f64::from(steps.max(1))).collect()
}
