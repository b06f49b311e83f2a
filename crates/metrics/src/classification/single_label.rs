//! Inputs that have one class each.

use super::scores::{Score, Scores};
use crate::counts::ratio;
use crate::{POSITIVE, UNKNOWN};

/// Who wins where scores are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties<'a> {
    /// The class of the lower index, as numpy's `argmax` has it.
    #[default]
    FirstIndex,
    /// The class of the higher index, as scikit-learn's `top_k_accuracy_score` has it.
    LastIndex,
    /// The true class: the best that can be said of the model.
    TruthWins,
    /// Any class but the true one: the worst that can be said.
    TruthLoses,
    /// The class of the lowest rank, of ranks by class: [`crate::ranks_by_id`]. So the order in which classes stand does not matter.
    Ranks(&'a [u32]),
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that are as said, such as right.
    pub right: u64,
    /// All.
    pub of: u64,
}

impl Share {
    /// right / of, 0 to 1; undefined where there is none.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        ratio(self.right, self.of)
    }
}

/// The class of the highest score, with `truth` as the true class where the rule asks for it. NaN never wins; `None` where
/// there is no score.
#[must_use]
pub fn argmax<S: Score>(row: &[S], truth: Option<u32>, ties: Ties<'_>) -> Option<u32> {
    let keys = || row.iter().map(|score| rank_key(*score)).enumerate();
    let best = keys().filter_map(|(_, key)| key).max()?;
    let mut tied = keys().filter(|(_, key)| *key == Some(best)).map(|(class, _)| class as u32);
    match (ties, truth) {
        (Ties::LastIndex, _) => tied.last(),
        (Ties::Ranks(ranks), _) => tied.min_by_key(|class| rank(ranks, *class as usize)),
        (Ties::TruthWins, Some(truth)) => {
            let first = tied.clone().next();
            if tied.any(|class| class == truth) { Some(truth) } else { first }
        }
        (Ties::TruthLoses, Some(truth)) => {
            let first = tied.clone().next();
            tied.find(|class| *class != truth).or(first)
        }
        _ => tied.next(),
    }
}

/// Inputs that have one class each, beside their scores.
#[derive(Debug, Clone)]
pub struct SingleLabel<'a, S> {
    pub(super) scores: Scores<'a, S>,
    /// `None` where nobody can tell: the input is in no figure.
    pub(super) truth: Vec<Option<u32>>,
    /// Empty where all inputs are predicted.
    pub(super) predicted: &'a [bool],
}

impl<'a, S: Score> SingleLabel<'a, S> {
    /// Where each input has exactly one class that is true; an input with an unknown pair is in no figure. `None` where an
    /// input has no class or several, or no input can be judged. `predicted` says on which inputs the model says something,
    /// empty for all: an input without predictions is never right.
    #[must_use]
    pub fn new(scores: Scores<'a, S>, predicted: &'a [bool]) -> Option<Self> {
        let mut truth = Vec::with_capacity(scores.inputs());
        for (_, row) in scores.rows() {
            let mut positives = row.iter().enumerate().filter(|(_, truth)| **truth == POSITIVE).map(|(class, _)| class);
            let (first, second) = (positives.next(), positives.next());
            truth.push(match (row.contains(&UNKNOWN), first, second) {
                (true, _, _) => None,
                (false, Some(class), None) => Some(class as u32),
                (false, _, _) => return None,
            });
        }
        truth.iter().any(Option::is_some).then_some(Self { scores, truth, predicted })
    }

    /// The true class of each input.
    #[must_use]
    pub fn truth(&self) -> &[Option<u32>] {
        &self.truth
    }

    /// Scores and true class of the inputs that can be judged; no scores where nothing is predicted.
    pub(super) fn judged(&self) -> impl Iterator<Item = (&'a [S], u32)> + '_ {
        let rows = self.scores.rows().zip(&self.truth).enumerate();
        rows.filter_map(|(input, ((row, _), truth))| {
            let predicted = self.predicted.get(input).copied().unwrap_or(true);
            Some((if predicted { row } else { &[] }, (*truth)?))
        })
    }

    /// The class with the highest score of each input, `None` where nothing is predicted.
    #[must_use]
    pub fn top_1(&self, ties: Ties<'_>) -> Vec<Option<u32>> {
        let rows = self.scores.rows().zip(&self.truth).enumerate();
        rows.map(|(input, ((row, _), truth))| {
            let predicted = self.predicted.get(input).copied().unwrap_or(true);
            if predicted { argmax(row, *truth, ties) } else { None }
        })
        .collect()
    }

    /// Inputs whose true class has one of the k highest scores; with k = 1 the accuracy. scikit-learn's
    /// `top_k_accuracy_score` under [`Ties::LastIndex`].
    #[must_use]
    pub fn top_k(&self, k: usize, ties: Ties<'_>) -> Share {
        let mut share = Share::default();
        for (row, truth) in self.judged() {
            share.of += 1;
            share.right += u64::from(place(row, truth, ties).is_some_and(|place| place < k));
        }
        share
    }
}

/// A class without a rank comes last.
fn rank(ranks: &[u32], class: usize) -> u32 {
    ranks.get(class).copied().unwrap_or(u32::MAX)
}

/// NaN has no place.
fn rank_key<S: Score>(score: S) -> Option<S::Key> {
    (!score.into().is_nan()).then(|| score.key())
}

/// How many classes stand before the true one; `None` where it has no score.
fn place<S: Score>(row: &[S], truth: u32, ties: Ties<'_>) -> Option<usize> {
    let truth = truth as usize;
    let own = rank_key(*row.get(truth)?)?;
    let before = row.iter().enumerate().filter(|(class, score)| {
        let wins_tie = match ties {
            Ties::FirstIndex => *class < truth,
            Ties::LastIndex => *class > truth,
            Ties::TruthWins => false,
            Ties::TruthLoses => *class != truth,
            Ties::Ranks(ranks) => rank(ranks, *class) < rank(ranks, truth),
        };
        rank_key(**score).is_some_and(|key| key > own || (key == own && wins_tie))
    });
    Some(before.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_ranks_the_order_of_the_columns_does_not_matter() {
        let ranks = [2, 0, 1];
        let (row, turned) = ([0.5, 0.5, 0.5], [0.5, 0.4, 0.5]);
        assert_eq!(argmax(&row, None, Ties::Ranks(&ranks)), Some(1));
        assert_eq!(argmax(&turned, None, Ties::Ranks(&ranks)), Some(2));
        assert_eq!(place(&row, 0, Ties::Ranks(&ranks)), Some(2));
        assert_eq!(place(&row, 1, Ties::Ranks(&ranks)), Some(0));
        // Beyond the ranks a class comes last.
        assert_eq!(argmax(&row, None, Ties::Ranks(&[0])), Some(0));
    }
}
