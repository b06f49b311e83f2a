//! What was taken for what.

use super::matching::{Matches, Outcome};
use crate::{Matrix, Objects, Threshold};

/// The confusion matrix at a threshold, of `classes` + 1 rows (truth) and columns (predictions), the last being "none": the
/// last column counts objects that were missed, the last row predictions of what is not there, and their crossing is 0, as
/// detection knows no true negatives.
///
/// Each row but the last sums to the objects of its concept that are not ignored, each column but the last to its
/// predictions that pass and are not ignored. With [`super::Matching::Within`] concepts are never confused by construction;
/// [`super::Matching::Across`] shows which are. Agrees with FiftyOne's matrices of `classwise=True` and `False`.
#[must_use]
pub fn confusion(matches: &Matches, objects: &Objects, classes: usize, threshold: Threshold) -> Matrix {
    let mut matrix = Matrix::zero(classes + 1);
    let mut add = |row: usize, column: usize| {
        if row <= classes && column <= classes {
            matrix.add(row, column, 1.0);
        }
    };
    for (prediction, met) in objects.predictions.iter().zip(&matches.predictions) {
        if threshold.passes(prediction.score) && met.outcome != Outcome::Ignored {
            let truth = met.partner.and_then(|at| objects.truth.get(at as usize));
            add(truth.map_or(classes, |truth| truth.concept as usize), prediction.concept as usize);
        }
    }
    for (at, truth) in objects.truth.iter().enumerate() {
        if matches.truth_at(objects, at, threshold).outcome == Outcome::FalseNegative {
            add(truth.concept as usize, classes);
        }
    }
    matrix
}
