//! Figures of a ranking when inputs count more than once or not at all, as a bootstrap draws them.

use super::accumulate::{figures, needed};
use super::ranking::Ranking;
use crate::{Counts, Threshold};

impl Ranking {
    /// [`Ranking::average_precision`] of a set that holds each input so many times (by its position; inputs beyond the
    /// end not at all). The same as if it were computed from such objects, but for the order of equal scores on one
    /// input; linear in the predictions, without matching or sorting again. Undefined where there is nothing to find.
    #[must_use]
    pub fn average_precision_of(&self, times: &[u32]) -> Option<f64> {
        let positives = self.positives_of(times);
        if positives == 0 {
            return None;
        }
        let (mut seen, mut precisions) = (0u32, Vec::new());
        for line in self.lines() {
            for _ in 0..times_of(times, line.input) {
                seen += 1;
                if line.hit {
                    precisions.push((precisions.len() + 1) as f64 / f64::from(seen));
                }
            }
        }
        Some(figures(&mut precisions, positives, &needed(positives)).average_precision)
    }

    /// [`Ranking::at`] of a set that holds each input so many times.
    #[must_use]
    pub fn at_of(&self, threshold: Threshold, times: &[u32]) -> Counts {
        let mut counts = Counts::default();
        for line in self.lines().take_while(|line| threshold.passes(line.score)) {
            let times = u64::from(times_of(times, line.input));
            *if line.hit { &mut counts.true_positives } else { &mut counts.false_positives } += times;
        }
        counts.false_negatives = u64::from(self.positives_of(times)).saturating_sub(counts.true_positives);
        counts
    }

    fn positives_of(&self, times: &[u32]) -> u32 {
        self.there().iter().map(|(input, count)| count * times_of(times, *input)).sum()
    }
}

fn times_of(times: &[u32], input: u32) -> u32 {
    times.get(input as usize).copied().unwrap_or_default()
}
