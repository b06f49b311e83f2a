//! Figures of a ranking when inputs count more than once or not at all, as a bootstrap draws them.

use super::accumulate::needed;
use super::params::RECALL_POINTS;
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
        // After a prediction that counts w times and is right, w more are found; precision is highest at the last of them.
        let (mut seen, mut found, mut from) = (0, 0, 0);
        let mut reached: Vec<(u32, f64)> = Vec::with_capacity(self.hits().len());
        for &hit in self.hits() {
            let to = hit as usize + 1;
            seen += sum_of(times, self.inputs().get(from..to).unwrap_or_default());
            found += self.inputs().get(hit as usize).map_or(0, |input| times_of(times, *input));
            from = to;
            // Where it counts 0 times, this is lower than before, or the same.
            reached.push((found, f64::from(found) / f64::from(seen.max(1))));
        }
        let mut highest = 0.0f64;
        for (_, precision) in reached.iter_mut().rev() {
            highest = highest.max(*precision);
            *precision = highest;
        }
        let mut rest = reached.iter().peekable();
        let mut sum = 0.0;
        for needed in needed(positives) {
            while rest.next_if(|(found, _)| (*found as usize) <= needed).is_some() {}
            sum += rest.peek().map_or(0.0, |(_, precision)| *precision);
        }
        Some(sum / RECALL_POINTS as f64)
    }

    /// [`Ranking::at`] of a set that holds each input so many times.
    #[must_use]
    pub fn at_of(&self, threshold: Threshold, times: &[u32]) -> Counts {
        let passing = self.passing(threshold);
        let inputs = self.inputs().get(..passing).unwrap_or_default();
        let hits = self.hits().iter().take_while(|hit| (**hit as usize) < passing);
        let found = hits.filter_map(|hit| inputs.get(*hit as usize)).map(|input| times_of(times, *input)).sum();
        let mut counts = Counts::default();
        counts.true_positives += u64::from(found);
        counts.false_positives += u64::from(sum_of(times, inputs).saturating_sub(found));
        counts.false_negatives += u64::from(self.positives_of(times).saturating_sub(found));
        counts
    }

    fn positives_of(&self, times: &[u32]) -> u32 {
        self.there().iter().map(|(input, count)| count * times_of(times, *input)).sum()
    }
}

fn sum_of(times: &[u32], inputs: &[u32]) -> u32 {
    inputs.iter().map(|input| times_of(times, *input)).sum()
}

fn times_of(times: &[u32], input: u32) -> u32 {
    times.get(input as usize).copied().unwrap_or_default()
}
