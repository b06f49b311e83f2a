//! How far truth and prediction agree, as one number of the whole matrix.

use super::confusion::Confusion;
use crate::counts::ratio;
use crate::{Counts, mean};

impl Confusion {
    /// Pairs on the diagonal over all pairs, 0 to 1; undefined where there is none. scikit-learn's `accuracy_score`.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.right(), self.pairs())
    }

    /// The mean recall of the classes that are true somewhere, 0 to 1; undefined where none is. scikit-learn's
    /// `balanced_accuracy_score`.
    #[must_use]
    pub fn balanced_accuracy(&self) -> Option<f64> {
        mean(self.class_counts().into_iter().map(Counts::recall)).value
    }

    /// Cohen's kappa, (p − e) / (1 − e) with p the accuracy and e the accuracy that chance would have, Σ row · column / n² over
    /// classes: 1 where all agrees, 0 for chance, down to −1. Undefined where there is no pair, or all pairs are of one class.
    /// scikit-learn's `cohen_kappa_score`.
    #[must_use]
    pub fn kappa(&self) -> Option<f64> {
        let n = self.pairs() as f64;
        let (rows, columns) = self.sums();
        let chance: f64 = rows.iter().zip(&columns).map(|(row, column)| *row as f64 * *column as f64).sum();
        let most = n * n - chance;
        (most > 0.0).then(|| (self.right() as f64 * n - chance) / most)
    }

    /// The correlation coefficient of Matthews for several classes (Gorodkin 2004), −1 to 1, 0 for chance:
    /// (right · n − Σ row · column) / √((n² − Σ row²)(n² − Σ column²)). Undefined where all pairs have one true class, or one
    /// predicted (scikit-learn's `matthews_corrcoef` says 0 there).
    #[must_use]
    pub fn matthews(&self) -> Option<f64> {
        let n = self.pairs() as f64;
        let (rows, columns) = self.sums();
        let product = |a: &[u64], b: &[u64]| -> f64 { a.iter().zip(b).map(|(x, y)| *x as f64 * *y as f64).sum() };
        let spread = |sums: &[u64]| n * n - product(sums, sums);
        let whole = (spread(&rows) * spread(&columns)).sqrt();
        (whole > 0.0).then(|| (self.right() as f64 * n - product(&rows, &columns)) / whole)
    }
}
