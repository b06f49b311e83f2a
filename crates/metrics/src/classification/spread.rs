//! What was taken for what, where an input may have several classes.

use super::figures::Thresholds;
use super::scores::{Score, Scores};
use crate::{Matrix, POSITIVE, UNKNOWN};

/// Confusions at a threshold: rows are truth, columns are predictions, the last of both is "none".
///
/// A class that is true and predicted counts on the diagonal. Of the m classes of an input that were missed and the f that
/// were predicted wrongly nobody knows which was taken for which, so each of the m × f cells gets 1 / max(m, f); what is then
/// missing to 1 of a missed class stands in the column "none", and of a wrong one in the row "none". So the sum of a row is
/// how often the class is true, the sum of a column how often it was predicted, the order of classes does not matter, and
/// with m = f = 1 it is the ordinary matrix. Unknown pairs are in no cell.
#[must_use]
pub fn spread_confusion<S: Score>(scores: &Scores<'_, S>, at: Thresholds<'_>) -> Matrix {
    let none = scores.classes();
    let mut matrix = Matrix::zero(none + 1);
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for (row, truth) in scores.rows() {
        missed.clear();
        wrong.clear();
        for (class, (score, truth)) in row.iter().zip(truth).enumerate() {
            match (*truth, at.of(class).passes((*score).into())) {
                (UNKNOWN, _) => {}
                (POSITIVE, true) => matrix.add(class, class, 1.0),
                (POSITIVE, false) => missed.push(class),
                (_, true) => wrong.push(class),
                (_, false) => {}
            }
        }
        let (m, f) = (missed.len() as f64, wrong.len() as f64);
        let larger = m.max(f);
        for truth in &missed {
            for prediction in &wrong {
                matrix.add(*truth, *prediction, 1.0 / larger);
            }
            matrix.add(*truth, none, (larger - f) / larger);
        }
        for prediction in &wrong {
            matrix.add(none, *prediction, (larger - m) / larger);
        }
    }
    matrix
}
