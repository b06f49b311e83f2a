//! The matrix of mean scores, which is what the API calls a confusion matrix.

use super::scores::{Score, Scores};
use crate::{Matrix, POSITIVE};

/// Cell (r, c): the mean score of class c over the inputs on which class r is. Rows need not sum to 1 where inputs have
/// several classes. The score of c counts whatever is true of c, unknown too; only the pair of input and r must be known to be
/// positive. Rows of classes that are on no input are NaN.
#[must_use]
pub fn mean_scores<S: Score>(scores: &Scores<'_, S>) -> Matrix {
    let size = scores.classes();
    let mut sums = vec![0.0; size * size];
    let mut counts = vec![0u64; size];
    for (row, truth) in scores.rows() {
        for (class, _) in truth.iter().enumerate().filter(|(_, truth)| **truth == POSITIVE) {
            if let Some(count) = counts.get_mut(class) {
                *count += 1;
            }
            let cells = sums.iter_mut().skip(class * size);
            cells.zip(row).for_each(|(sum, score)| *sum += (*score).into());
        }
    }
    for (cells, count) in sums.chunks_mut(size.max(1)).zip(counts) {
        cells.iter_mut().for_each(|sum| *sum /= count as f64);
    }
    Matrix::from_rows(size, sums).unwrap_or_default()
}
