//! What was taken for what.

use super::scores::Score;
use super::single_label::{SingleLabel, Ties};
use crate::counts::ratio;
use crate::{Counts, Matrix};

/// How often each class was taken for each: rows are truth, columns are predictions, the last of both is "none". The cell
/// (none, none) stays 0, since nobody counts what is neither there nor predicted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    cells: Vec<u32>,
    right: u64,
    all: u64,
}

impl Confusion {
    /// From pairs of truth and prediction; `None` is "none". A pair of none and none, and a class that is not below
    /// `classes`, is not counted. O(pairs + classes²).
    #[must_use]
    pub fn new(classes: usize, pairs: impl IntoIterator<Item = (Option<u32>, Option<u32>)>) -> Self {
        let side = classes + 1;
        let mut cells = vec![0u32; side * side];
        let (mut right, mut all) = (0, 0);
        for (truth, prediction) in pairs {
            let row = truth.map_or(classes, |class| class as usize);
            let column = prediction.map_or(classes, |class| class as usize);
            if column < side
                && (truth.is_none() || row < classes)
                && (prediction.is_none() || column < classes)
                && (row, column) != (classes, classes)
                && let Some(cell) = cells.get_mut(row * side + column)
            {
                *cell += 1;
                all += 1;
                right += u64::from(row == column);
            }
        }
        Self { classes, cells, right, all }
    }

    /// Classes, without "none".
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// One cell; `None` is "none".
    #[must_use]
    pub fn at(&self, truth: Option<u32>, prediction: Option<u32>) -> u32 {
        let place = |class: Option<u32>| match class {
            Some(class) => Some(class as usize).filter(|class| *class < self.classes),
            None => Some(self.classes),
        };
        let (Some(row), Some(column)) = (place(truth), place(prediction)) else { return 0 };
        self.cells.get(row * (self.classes + 1) + column).copied().unwrap_or(0)
    }

    /// All cells row by row, classes + 1 of both.
    #[must_use]
    pub fn cells(&self) -> &[u32] {
        &self.cells
    }

    fn row_sum(&self, row: usize) -> u64 {
        let side = self.classes + 1;
        self.cells.iter().skip(row * side).take(side).map(|n| u64::from(*n)).sum()
    }

    fn column_sum(&self, column: usize) -> u64 {
        self.cells.iter().skip(column).step_by(self.classes + 1).map(|n| u64::from(*n)).sum()
    }

    /// One class against the rest.
    #[must_use]
    pub fn counts(&self, class: u32) -> Counts {
        let hits = u64::from(self.at(Some(class), Some(class)));
        if class as usize >= self.classes {
            return Counts::default();
        }
        let (there, found) = (self.row_sum(class as usize), self.column_sum(class as usize));
        Counts {
            true_positives: hits,
            false_positives: found - hits,
            false_negatives: there - hits,
            true_negatives: self.all + hits - there - found,
        }
    }

    /// With "none" as the last row and column, or without.
    #[must_use]
    pub fn matrix(&self, none: bool) -> Matrix {
        let size = self.classes + usize::from(none);
        let rows = self.cells.chunks(self.classes + 1).take(size);
        let values = rows.flat_map(|row| row.iter().take(size).map(|n| f64::from(*n))).collect();
        Matrix::from_rows(size, values).unwrap_or_default()
    }

    /// Pairs on the diagonal over all pairs, 0 to 1; undefined where there is none. scikit-learn's `accuracy_score`.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.right, self.all)
    }
}

impl<S: Score> SingleLabel<'_, S> {
    /// The class of the highest score against the true one; inputs without a prediction stand under "none".
    #[must_use]
    pub fn confusion(&self, ties: Ties) -> Confusion {
        let predictions = self.top_1(ties);
        let pairs =
            self.truth.iter().zip(predictions).filter_map(|(truth, prediction)| Some((Some((*truth)?), prediction)));
        Confusion::new(self.scores.classes(), pairs)
    }
}
