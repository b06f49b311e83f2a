//! How far scores are from the truth.

use super::scores::Score;
use super::single_label::SingleLabel;
use crate::mean;

impl<S: Score> SingleLabel<'_, S> {
    /// −ln p of the score p that each input's true class was given, in nats; `None` of inputs that nobody can judge. As in
    /// scikit-learn p is clipped to ε … 1 − ε, ε being the machine epsilon of the scores' type (2.2e-16 of f64), and rows are
    /// *not* made to sum to 1. Without a prediction, and where p is NaN, p is 0.
    #[must_use]
    pub fn losses(&self) -> Vec<Option<f64>> {
        let mut judged = self.judged();
        let mut out = Vec::with_capacity(self.truth.len());
        for truth in &self.truth {
            let of = |(row, truth): (&[S], u32)| loss(row, truth);
            out.push(truth.and_then(|_| judged.next()).map(of));
        }
        out
    }

    /// The mean of [`SingleLabel::losses`]: scikit-learn's `log_loss`. Not undefined, since some input can be judged.
    #[must_use]
    pub fn log_loss(&self) -> Option<f64> {
        mean::plain(self.judged().map(|(row, truth)| loss(row, truth)))
    }

    /// Brier's score of several classes: the mean over inputs of Σ (p(c) − y(c))² over classes, y being 1 of the true class
    /// and 0 of others. 0 to 2 for probabilities. scikit-learn's `brier_score_loss` with `scale_by_half=False`.
    #[must_use]
    pub fn brier(&self) -> Option<f64> {
        mean::plain(self.judged().map(|(row, truth)| {
            if row.is_empty() {
                return 1.0;
            }
            let of = |(class, score): (usize, &S)| ((*score).into() - f64::from(class == truth as usize)).powi(2);
            row.iter().enumerate().map(of).sum()
        }))
    }
}

fn loss<S: Score>(row: &[S], truth: u32) -> f64 {
    let score = row.get(truth as usize).map_or(0.0, |score| (*score).into());
    let score = if score.is_nan() { 0.0 } else { score };
    -score.clamp(S::EPSILON, 1.0 - S::EPSILON).ln()
}
