//! Found, found wrongly and missed, at a threshold.

use super::matching::{Matches, Outcome};
use crate::{Counts, Objects, Threshold};

/// Counts of each concept. A confusion is a false positive of the concept that was predicted and a false negative of the one
/// that is there (FiftyOne tallies so too). Ignored objects and predictions are in no count.
#[must_use]
pub fn counts(matches: &Matches, objects: &Objects, classes: usize, threshold: Threshold) -> Vec<Counts> {
    tally(matches, objects, classes, threshold, |_, concept| concept)
}

/// Counts of each input, over all concepts.
#[must_use]
pub fn counts_by_input(matches: &Matches, objects: &Objects, inputs: usize, threshold: Threshold) -> Vec<Counts> {
    tally(matches, objects, inputs, threshold, |input, _| input)
}

fn tally(
    matches: &Matches,
    objects: &Objects,
    keys: usize,
    threshold: Threshold,
    key: impl Fn(u32, u32) -> u32,
) -> Vec<Counts> {
    let mut all = vec![Counts::default(); keys];
    for (prediction, met) in objects.predictions.iter().zip(&matches.predictions) {
        if threshold.passes(prediction.score)
            && let Some(counts) = all.get_mut(key(prediction.input, prediction.concept) as usize)
        {
            match met.outcome {
                Outcome::TruePositive => counts.true_positives += 1,
                Outcome::Confused | Outcome::FalsePositive => counts.false_positives += 1,
                Outcome::FalseNegative | Outcome::Ignored => {}
            }
        }
    }
    for (at, truth) in objects.truth.iter().enumerate() {
        let met = matches.truth_at(objects, at, threshold);
        if matches!(met.outcome, Outcome::FalseNegative | Outcome::Confused)
            && let Some(counts) = all.get_mut(key(truth.input, truth.concept) as usize)
        {
            counts.false_negatives += 1;
        }
    }
    all
}
