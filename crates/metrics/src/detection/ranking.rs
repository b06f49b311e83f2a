//! Predictions of a concept by falling score: average precision, curves, and counts at thresholds.

use super::groups::surest_first;
use super::matching::{Matches, Outcome};
use super::params::{RECALL_POINTS, recall_point};
use crate::{Counts, Objects, Threshold};

/// The predictions of a concept (or of several together) that are right or wrong, the surest first; equal scores by input,
/// then in their own order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranking {
    positives: u64,
    scores: Vec<f64>,
    inputs: Vec<u32>,
    /// How many of the first n are right, from n = 0.
    found: Vec<u32>,
    /// The highest score of all predictions, ignored ones too; COCO prints it for recall 0.
    surest: Option<f64>,
}

/// A point of a curve: from this score on, so much is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The score of the last predictions that count.
    pub score: f64,
    /// What is right, wrong and missed then.
    pub counts: Counts,
}

/// Precision over the recalls 0, 0.01, … 1 as COCO interpolates it.
#[derive(Debug, Clone, PartialEq)]
pub struct Interpolated {
    /// The highest precision at this recall or more; 0 beyond what is reached.
    pub precision: [f64; RECALL_POINTS],
    /// The score at which the recall is reached; 0 beyond.
    pub score: [f64; RECALL_POINTS],
}

/// The rankings of all concepts, from matches. Done once for a rule; every threshold is read off it.
#[must_use]
pub fn rankings(matches: &Matches, objects: &Objects, classes: usize) -> Vec<Ranking> {
    let mut all = vec![Ranking::default(); classes];
    let mut lines: Vec<Vec<Line>> = vec![Vec::new(); classes];
    for (prediction, met) in objects.predictions.iter().zip(&matches.predictions) {
        let class = prediction.concept as usize;
        let (Some(ranking), Some(lines)) = (all.get_mut(class), lines.get_mut(class)) else { continue };
        if met.outcome == Outcome::Ignored {
            let surest = ranking.surest.unwrap_or(f64::NEG_INFINITY);
            ranking.surest = Some(surest.max(prediction.score));
        } else {
            let hit = met.outcome == Outcome::TruePositive;
            lines.push(Line { score: prediction.score, input: prediction.input, hit });
        }
    }
    for (truth, met) in objects.truth.iter().zip(&matches.truths) {
        if met.outcome != Outcome::Ignored
            && let Some(ranking) = all.get_mut(truth.concept as usize)
        {
            ranking.positives += 1;
        }
    }
    all.into_iter().zip(lines).map(|(ranking, lines)| ranking.filled(lines)).collect()
}

/// A prediction that is right or wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub score: f64,
    pub input: u32,
    pub hit: bool,
}

impl Ranking {
    /// From predictions in any order, with so many objects to find.
    pub(super) fn of(positives: u64, lines: Vec<Line>) -> Self {
        Self { positives, ..Self::default() }.filled(lines)
    }

    fn filled(mut self, mut lines: Vec<Line>) -> Self {
        lines.sort_by(|a, b| surest_first(a.score, b.score).then(a.input.cmp(&b.input)));
        let mut found = 0;
        self.found.push(0);
        for line in &lines {
            found += u32::from(line.hit);
            self.found.push(found);
            self.scores.push(line.score);
            self.inputs.push(line.input);
        }
        let first = self.scores.first().copied();
        self.surest = self.surest.into_iter().chain(first).reduce(f64::max);
        self
    }

    /// All predictions of several rankings as one: figures over it are micro averages.
    #[must_use]
    pub fn pooled<'a>(rankings: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        let mut lines = Vec::new();
        for one in rankings {
            all.positives += one.positives;
            all.surest = all.surest.into_iter().chain(one.surest).reduce(f64::max);
            lines.extend(one.lines());
        }
        all.filled(lines)
    }

    fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        let hits = self.found.iter().zip(self.found.iter().skip(1)).map(|(before, after)| after > before);
        let places = self.scores.iter().zip(&self.inputs);
        places.zip(hits).map(|((score, input), hit)| Line { score: *score, input: *input, hit })
    }

    /// How many objects there are to find.
    pub fn positives(&self) -> u64 {
        self.positives
    }

    /// Score, input, and whether it is right, of all predictions that are right or wrong, the surest first.
    pub fn predictions(&self) -> impl Iterator<Item = (f64, u32, bool)> + '_ {
        self.lines().map(|line| (line.score, line.input, line.hit))
    }

    /// Counts when the first `n` predictions count.
    fn first(&self, n: usize) -> Counts {
        let found = self.found.get(n).copied().map_or(0, u64::from);
        Counts {
            true_positives: found,
            false_positives: n as u64 - found,
            false_negatives: self.positives.saturating_sub(found),
            ..Counts::default()
        }
    }

    /// Counts at a threshold, by one binary search.
    pub fn at(&self, threshold: Threshold) -> Counts {
        self.first(self.scores.partition_point(|score| threshold.passes(*score)))
    }

    /// The points of the precision-recall curve, exactly: one for each score that occurs, falling, so recall never falls.
    pub fn points(&self) -> impl Iterator<Item = Point> + '_ {
        let ends = self.scores.iter().zip(self.scores.iter().skip(1).map(Some).chain([None])).zip(1..);
        ends.filter(|((score, next), _)| next.is_none_or(|next| surest_first(**score, *next).is_ne()))
            .map(|((score, _), n)| Point { score: *score, counts: self.first(n) })
    }

    /// Precision over 101 recalls, to the letter as pycocotools' `accumulate` has it, but for the 2⁻⁵² that it adds to
    /// denominators. `None` where there is nothing to find.
    #[must_use]
    pub fn interpolated(&self) -> Option<Interpolated> {
        if self.positives == 0 {
            return None;
        }
        // Precision only rises where something is found, so only there it can be the highest to come.
        let mut found: Vec<(f64, f64)> = Vec::new();
        for (line, n) in self.lines().zip(1u32..) {
            if line.hit {
                found.push(((found.len() + 1) as f64 / f64::from(n), line.score));
            }
        }
        let mut highest = 0.0f64;
        for (precision, _) in found.iter_mut().rev() {
            highest = highest.max(*precision);
            *precision = highest;
        }
        let mut all = Interpolated { precision: [0.0; RECALL_POINTS], score: [0.0; RECALL_POINTS] };
        let mut at = 0;
        for ((precision, score), point) in all.precision.iter_mut().zip(&mut all.score).zip(0..) {
            while ((at + 1) as f64 / self.positives as f64) < recall_point(point) {
                at += 1;
            }
            if let Some(here) = found.get(at) {
                (*precision, *score) = *here;
            }
        }
        // Recall 0 is reached with the first prediction, right, wrong or ignored.
        if let ([score, ..], Some(surest)) = (&mut all.score, self.surest) {
            *score = surest;
        }
        Some(all)
    }

    /// COCO's average precision: the mean of [`Self::interpolated`], 0 to 1. Undefined where there is nothing to find.
    #[must_use]
    pub fn average_precision(&self) -> Option<f64> {
        Some(self.interpolated()?.precision.iter().sum::<f64>() / RECALL_POINTS as f64)
    }

    /// The threshold (to be passed at or above) with the highest F1, and that F1; of several the highest threshold.
    /// Undefined where there is nothing to find and nothing predicted; without predictions there is no threshold.
    #[must_use]
    pub fn best_f1(&self) -> Option<(f64, f64)> {
        let scored = self.points().filter_map(|point| Some((point.score, point.counts.f1()?)));
        scored.reduce(|best, here| if here.1 > best.1 { here } else { best })
    }
}
