//! Inputs that may have several classes, judged as wholes.

use super::figures::Thresholds;
use super::scores::{Score, Scores};
use super::single_label::Share;
use crate::{POSITIVE, UNKNOWN};

/// Inputs judged as wholes at a threshold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WholeInputs {
    /// Inputs whose predicted classes are exactly the true ones, of the inputs with a pair that is known: scikit-learn's
    /// `accuracy_score` of several labels (subset accuracy).
    pub exact: Share,
    /// Pairs of input and class that are wrong, of those known: scikit-learn's `hamming_loss`.
    pub wrong_pairs: Share,
    /// Inputs for which no class is predicted.
    pub without_prediction: u64,
}

/// Judges each input as a whole. Unknown pairs are neither right nor wrong.
#[must_use]
pub fn whole_inputs<S: Score>(scores: &Scores<'_, S>, at: Thresholds<'_>) -> WholeInputs {
    let mut out = WholeInputs::default();
    for (row, truth) in scores.rows() {
        let (mut known, mut wrong, mut predicted) = (0, 0, false);
        for (class, (score, truth)) in row.iter().zip(truth).enumerate() {
            let passes = at.of(class).passes((*score).into());
            predicted |= passes;
            if *truth != UNKNOWN {
                known += 1;
                wrong += u64::from(passes != (*truth == POSITIVE));
            }
        }
        out.exact.of += u64::from(known > 0);
        out.exact.right += u64::from(known > 0 && wrong == 0);
        out.wrong_pairs.of += known;
        out.wrong_pairs.right += wrong;
        out.without_prediction += u64::from(!predicted);
    }
    out
}
