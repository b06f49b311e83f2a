//! Classes taken out of a table that lies row by row, and sorted.

use super::radix;
use super::ranked::Order;
use super::scores::{Score, Scores};
use crate::{POSITIVE, UNKNOWN};

/// Bytes of a row's scores that are read together: a line of the processor's cache.
const LINE: usize = 64;
/// Rows that are read together: few enough to stay in the cache while their columns are taken out one by one.
const ROWS: usize = 256;

/// Hands over each class, in order.
pub(super) fn each_class<S: Score>(scores: &Scores<'_, S>, mut take: impl FnMut(usize, Order<'_, S>)) {
    let step = LINE / size_of::<S>();
    let mut columns: Vec<Column<S>> =
        (0..step.min(scores.classes())).map(|_| Column::with_room(scores.inputs())).collect();
    let mut spare = Vec::new();
    for first in (0..scores.classes()).step_by(step) {
        columns.iter_mut().for_each(Column::clear);
        let classes = || first..scores.classes();
        for (rows, truth) in scores.chunks(ROWS) {
            for (class, column) in classes().zip(&mut columns) {
                let pairs = rows.iter().skip(class).step_by(scores.classes());
                column.put(pairs.zip(truth.iter().skip(class).step_by(scores.classes())));
            }
        }
        for (class, column) in classes().zip(&mut columns) {
            take(class, column.sorted(&mut spare));
        }
    }
}

/// The scores of one class while they are taken out of the table, positive and negative ones apart. The room is kept from one
/// class to the next.
struct Column<S: Score> {
    positives: Vec<S::Key>,
    negatives: Vec<S::Key>,
    used: (usize, usize),
    /// NaN, by truth.
    unordered: (u64, u64),
}

impl<S: Score> Column<S> {
    fn with_room(inputs: usize) -> Self {
        let room = || vec![S::Key::default(); inputs];
        Self { positives: room(), negatives: room(), used: (0, 0), unordered: (0, 0) }
    }

    fn clear(&mut self) {
        self.used = (0, 0);
        self.unordered = (0, 0);
    }

    /// Without branches on what is true, which nothing could foresee: each key is written to both sides, and stays where it
    /// belongs.
    fn put<'a>(&mut self, pairs: impl Iterator<Item = (&'a S, &'a u8)>)
    where
        S: 'a,
    {
        let (mut positives, mut negatives) = self.used;
        for (score, truth) in pairs {
            let key = score.key();
            if let Some(slot) = self.positives.get_mut(positives) {
                *slot = key;
            }
            if let Some(slot) = self.negatives.get_mut(negatives) {
                *slot = key;
            }
            let positive = usize::from(*truth == POSITIVE);
            let negative = usize::from(*truth != UNKNOWN) - positive;
            let number = usize::from(!(*score).into().is_nan());
            positives += positive * number;
            negatives += negative * number;
            self.unordered.0 += (positive - positive * number) as u64;
            self.unordered.1 += (negative - negative * number) as u64;
        }
        self.used = (positives, negatives);
    }

    fn sorted(&mut self, spare: &mut Vec<S::Key>) -> Order<'_, S> {
        let positives = self.positives.get_mut(..self.used.0).unwrap_or_default();
        let negatives = self.negatives.get_mut(..self.used.1).unwrap_or_default();
        radix::sort(positives, spare);
        radix::sort(negatives, spare);
        Order { positives, negatives, unordered: self.unordered }
    }
}
