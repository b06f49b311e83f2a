//! The cells of one concept: all overlaps at once, as bits of a word.

use super::evaluation::Cell;
use super::groups::surest_first;
use super::matching::{Candidate, best, floor};
use super::overlaps::Overlaps;
use super::params::{Area, Params, RECALL_POINTS, recall_point};
use crate::{Objects, Prediction, Truth};
use std::ops::Range;

/// As many overlaps as a word has bits are matched in one go.
const AT_ONCE: usize = u64::BITS as usize;

/// Works concept by concept over the same objects.
pub(super) struct Class<'a> {
    objects: &'a Objects,
    overlaps: &'a Overlaps,
    params: &'a Params,
    /// For each object the overlaps at which it is taken.
    taken: Vec<u64>,
    /// Input by input, the surest first.
    lines: Vec<Line>,
    /// What each of them may match.
    near: Vec<Near>,
    /// All of them, the surest first.
    ranked: Vec<Ranked>,
    /// For each overlap the precision whenever something is found, by falling score.
    precisions: Vec<Vec<f64>>,
}

/// A prediction.
struct Line {
    /// Its place in `ranked`.
    place: usize,
    area: f64,
    /// What it may match, in `near`.
    near: Range<usize>,
}

/// An object that a prediction overlaps enough.
#[derive(Clone, Copy)]
struct Near {
    truth: u32,
    iou: f64,
    area: f64,
    crowd: bool,
    /// At which overlaps it is near enough.
    reach: u64,
}

impl Near {
    /// At which overlaps it may be matched.
    fn free(&self, taken: &[u64]) -> u64 {
        let taken = taken.get(self.truth as usize).copied().unwrap_or_default();
        self.reach & if self.crowd { u64::MAX } else { !taken }
    }

    fn counts(&self, area: Area) -> bool {
        !self.crowd && area.holds(self.area)
    }

    fn candidate(&self, area: Area) -> Candidate {
        Candidate { truth: self.truth, iou: self.iou, counts: self.counts(area), same: true }
    }
}

/// At which overlaps a prediction is right, and ignored.
#[derive(Clone, Copy, Default)]
struct Ranked {
    /// How many surer ones of the concept there are on the input.
    rank: u32,
    right: u64,
    ignored: u64,
}

impl<'a> Class<'a> {
    pub fn new(objects: &'a Objects, overlaps: &'a Overlaps, params: &'a Params) -> Self {
        let taken = vec![0; objects.truth.len()];
        let precisions = vec![Vec::new(); params.ious.len().min(AT_ONCE)];
        Self { objects, overlaps, params, taken, lines: vec![], near: vec![], ranked: vec![], precisions }
    }

    /// Appends the cells of a concept, by area, number of detections and overlap. `predictions` are its own, input by
    /// input; `positives` count its objects by area.
    pub fn cells(&mut self, predictions: &[u32], positives: &[u32], cells: &mut Vec<Cell>) {
        let params = self.params;
        let (ious, mosts) = (params.ious.len(), params.max_detections.len());
        let start = cells.len();
        cells.resize(start + positives.len() * mosts * ious, Cell::default());
        for (chunk, at_once) in params.ious.chunks(AT_ONCE).enumerate() {
            self.line_up(predictions, at_once);
            for ((area_at, area), &positives) in params.areas.iter().enumerate().zip(positives) {
                if positives == 0 {
                    continue;
                }
                let needed = needed(positives);
                self.match_all(*area, at_once.len());
                for (most_at, &most) in params.max_detections.iter().enumerate() {
                    self.rank(most, at_once.len());
                    let first = start + (area_at * mosts + most_at) * ious + chunk * AT_ONCE;
                    for (cell, precisions) in cells.iter_mut().skip(first).zip(&mut self.precisions) {
                        *cell = figures(precisions, positives, &needed);
                    }
                }
            }
        }
    }

    /// Sorts the predictions of each input, cuts them off at the most that ever count, and looks what each may match.
    fn line_up(&mut self, predictions: &[u32], ious: &[f64]) {
        let most = self.params.max_detections.iter().copied().max().unwrap_or_default();
        let floors: Vec<f64> = ious.iter().copied().map(floor).collect();
        let least = floors.iter().copied().fold(f64::INFINITY, f64::min);
        self.lines.clear();
        self.near.clear();
        self.ranked.clear();
        let of = |at: &u32| self.objects.predictions.get(*at as usize);
        let input = |at: &u32| of(at).map(|p| p.input);
        let mut scores: Vec<f64> = Vec::with_capacity(predictions.len());
        let mut sorted: Vec<(u32, &Prediction)> = Vec::new();
        for group in predictions.chunk_by(|a, b| input(a) == input(b)) {
            sorted.clear();
            sorted.extend(group.iter().filter_map(|at| Some((*at, of(at)?))));
            sorted.sort_by(|(_, a), (_, b)| surest_first(a.score, b.score));
            for ((at, prediction), rank) in sorted.iter().zip(0..).take(most) {
                let begin = self.near.len();
                for (truth_at, iou) in self.overlaps.of(*at as usize).filter(|(_, iou)| *iou >= least) {
                    if let Some(truth) = self.objects.truth.get(truth_at as usize)
                        && truth.concept == prediction.concept
                    {
                        let reach = floors
                            .iter()
                            .enumerate()
                            .fold(0, |all, (bit, floor)| all | u64::from(iou >= *floor) << bit);
                        let Truth { area, crowd, .. } = *truth;
                        self.near.push(Near { truth: truth_at, iou, area, crowd, reach });
                    }
                }
                let area = self.overlaps.area(*at as usize);
                self.lines.push(Line { place: 0, area, near: begin..self.near.len() });
                self.ranked.push(Ranked { rank, ..Ranked::default() });
                scores.push(prediction.score);
            }
        }
        let score = |at: &u32| scores.get(*at as usize).copied().unwrap_or(f64::NAN);
        let mut order: Vec<u32> = (0..self.lines.len() as u32).collect();
        order.sort_by(|a, b| surest_first(score(a), score(b)));
        let ranks = std::mem::take(&mut self.ranked);
        for (place, at) in order.into_iter().enumerate() {
            if let (Some(line), Some(ranked)) = (self.lines.get_mut(at as usize), ranks.get(at as usize)) {
                line.place = place;
                self.ranked.push(*ranked);
            }
        }
    }

    /// Matches in a range of areas, at up to 64 overlaps.
    fn match_all(&mut self, area: Area, ious: usize) {
        let every = every(ious);
        for line in &self.lines {
            let Some(ranked) = self.ranked.get_mut(line.place) else { continue };
            (ranked.right, ranked.ignored) = (0, 0);
            let near = self.near.get(line.near.clone()).unwrap_or_default();
            if let [one] = near {
                let bits = one.free(&self.taken);
                *if one.counts(area) { &mut ranked.right } else { &mut ranked.ignored } = bits;
                take(&mut self.taken, one.truth, bits);
            } else {
                for bit in bits(near.iter().fold(0, |all, near| all | near.reach)) {
                    let free = near.iter().filter(|near| near.free(&self.taken) >> bit & 1 == 1);
                    let candidates = free.map(|near| near.candidate(area));
                    let Some(found) = best(candidates) else { continue };
                    *if found.counts { &mut ranked.right } else { &mut ranked.ignored } |= 1 << bit;
                    take(&mut self.taken, found.truth, 1 << bit);
                }
            }
            if !area.holds(line.area) {
                ranked.ignored |= every & !ranked.right;
            }
        }
        for near in &self.near {
            if let Some(taken) = self.taken.get_mut(near.truth as usize) {
                *taken = 0;
            }
        }
    }

    /// Notes the precision at each object that is found, with at most so many detections an input.
    fn rank(&mut self, most: usize, ious: usize) {
        let every = every(ious);
        let mut ignored = [0u32; AT_ONCE];
        let mut seen = 0u32;
        self.precisions.iter_mut().for_each(Vec::clear);
        for line in self.ranked.iter().filter(|line| (line.rank as usize) < most) {
            if line.ignored == every {
                continue;
            }
            seen += 1;
            for bit in bits(line.ignored) {
                if let Some(count) = ignored.get_mut(bit) {
                    *count += 1;
                }
            }
            for bit in bits(line.right) {
                if let (Some(found), Some(ignored)) = (self.precisions.get_mut(bit), ignored.get(bit)) {
                    found.push((found.len() + 1) as f64 / f64::from(seen - ignored));
                }
            }
        }
    }
}

fn take(taken: &mut [u64], truth: u32, bits: u64) {
    if let Some(taken) = taken.get_mut(truth as usize) {
        *taken |= bits;
    }
}

/// So many bits.
fn every(count: usize) -> u64 {
    if count >= AT_ONCE { u64::MAX } else { (1 << count) - 1 }
}

/// The bits of a word that are set.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = word.trailing_zeros();
        word &= word.wrapping_sub(1);
        (bit < u64::BITS).then_some(bit as usize)
    })
}

/// For each recall point how many objects must be found to reach it, less one.
fn needed(positives: u32) -> [usize; RECALL_POINTS] {
    let mut at = 0;
    std::array::from_fn(|point| {
        while f64::from(at + 1) / f64::from(positives) < recall_point(point) {
            at += 1;
        }
        at as usize
    })
}

/// Average precision and recall from the precision at each object that is found.
fn figures(precisions: &mut [f64], positives: u32, needed: &[usize; RECALL_POINTS]) -> Cell {
    let mut highest = 0.0f64;
    for precision in precisions.iter_mut().rev() {
        highest = highest.max(*precision);
        *precision = highest;
    }
    let sum: f64 = needed.iter().map_while(|at| precisions.get(*at)).sum();
    Cell { average_precision: sum / RECALL_POINTS as f64, recall: precisions.len() as f64 / f64::from(positives) }
}
