//! Are scores what they say? Of what is scored 0.8, four fifths should be right.

use super::scores::{Score, Scores};
use super::single_label::{SingleLabel, Ties, argmax};
use crate::counts::ratio;

/// Scores of one range.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ReliabilityBin {
    /// Scores above this; the first bin holds it too.
    pub low: f64,
    /// Scores up to this.
    pub high: f64,
    /// How many.
    pub count: u64,
    /// How many of them are right.
    pub right: u64,
    /// Undefined where there is none.
    pub mean_score: Option<f64>,
}

impl ReliabilityBin {
    /// right / count, 0 to 1; undefined where there is none.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        ratio(self.right, self.count)
    }

    /// |share − mean score|, 0 to 1; undefined where there is none.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        Some((self.share()? - self.mean_score?).abs())
    }
}

/// Bins of equal width from 0 to 1, as scikit-learn's `calibration_curve(strategy="uniform")` cuts them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reliability {
    /// Upwards.
    pub bins: Vec<ReliabilityBin>,
    /// Scores that are no probabilities: below 0, above 1, or NaN. They are in no bin.
    pub left_out: u64,
}

impl Reliability {
    /// From pairs of score and right.
    #[must_use]
    pub fn new(items: impl IntoIterator<Item = (f64, bool)>, bins: usize) -> Self {
        let bins = bins.max(1);
        // numpy's linspace, to the last bit, so that what lies on a border falls into the same bin.
        let step = 1.0 / bins as f64;
        let edge = |i: usize| if i == bins { 1.0 } else { i as f64 * step };
        let mut out: Vec<ReliabilityBin> =
            (0..bins).map(|i| ReliabilityBin { low: edge(i), high: edge(i + 1), ..Default::default() }).collect();
        let mut sums = vec![0.0; bins];
        let mut left_out = 0;
        for (score, right) in items {
            if !(0.0..=1.0).contains(&score) {
                left_out += 1;
                continue;
            }
            let place = out.partition_point(|bin| bin.high < score);
            if let (Some(bin), Some(sum)) = (out.get_mut(place), sums.get_mut(place)) {
                bin.count += 1;
                bin.right += u64::from(right);
                *sum += score;
            }
        }
        for (bin, sum) in out.iter_mut().zip(sums) {
            bin.mean_score = (bin.count > 0).then(|| sum / bin.count as f64);
        }
        Self { bins: out, left_out }
    }

    /// Expected calibration error: Σ count · |share − mean score| / Σ count, 0 to 1 (Naeini et al. 2015). Undefined where
    /// there is nothing.
    #[must_use]
    pub fn expected_error(&self) -> Option<f64> {
        let all: u64 = self.bins.iter().map(|bin| bin.count).sum();
        let gaps = self.bins.iter().filter_map(|bin| Some(bin.count as f64 * bin.gap()?));
        (all > 0).then(|| gaps.sum::<f64>() / all as f64)
    }

    /// The largest |share − mean score| of a bin, 0 to 1. Undefined where there is nothing.
    #[must_use]
    pub fn largest_error(&self) -> Option<f64> {
        self.bins.iter().filter_map(ReliabilityBin::gap).reduce(f64::max)
    }
}

/// Of one class against the rest, or of all pairs of input and class where none is named.
#[must_use]
pub fn of_scores<S: Score>(scores: &Scores<'_, S>, class: Option<usize>, bins: usize) -> Reliability {
    match class {
        Some(class) => Reliability::new(scores.class(class).map(|(score, positive)| (score.into(), positive)), bins),
        None => Reliability::new(scores.pairs().map(|(score, positive)| (score.into(), positive)), bins),
    }
}

/// Of the highest score of each input, right where its class is the true one. Inputs without a prediction are left out.
#[must_use]
pub fn of_top_scores<S: Score>(single: &SingleLabel<'_, S>, ties: Ties<'_>, bins: usize) -> Reliability {
    let top = single.judged().filter_map(|(row, truth)| {
        let class = argmax(row, Some(truth), ties)?;
        Some(((*row.get(class as usize)?).into(), class == truth))
    });
    Reliability::new(top, bins)
}
