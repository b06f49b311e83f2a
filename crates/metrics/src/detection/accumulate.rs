//! The cells of one concept: all overlaps at once, as bits of a word.

use super::evaluation::Cell;
use super::groups::surest_first;
use super::matching::{Candidate, best, floor};
use super::overlaps::Overlaps;
use super::params::{Params, RECALL_POINTS, recall_point};
use crate::{Objects, Prediction};

/// As many overlaps as a word has bits are matched in one go.
const AT_ONCE: usize = u64::BITS as usize;

/// Works concept by concept over the same objects.
pub(super) struct Class<'a> {
    objects: &'a Objects,
    overlaps: &'a Overlaps,
    params: &'a Params,
    /// For each object the overlaps at which it is taken.
    taken: Vec<u64>,
    lines: Vec<Line>,
}

/// A prediction, and at which overlaps it is right, and ignored.
#[derive(Clone, Copy)]
struct Line {
    prediction: u32,
    /// How many surer ones of the concept there are on the input.
    rank: u32,
    score: f64,
    right: u64,
    ignored: u64,
}

impl<'a> Class<'a> {
    pub fn new(objects: &'a Objects, overlaps: &'a Overlaps, params: &'a Params) -> Self {
        Self { objects, overlaps, params, taken: vec![0; objects.truth.len()], lines: Vec::new() }
    }

    /// Appends the cells of a concept, by area, number of detections, overlap. `predictions` are its own, input by input;
    /// `positives` count its objects by area.
    pub fn cells(&mut self, predictions: &[u32], positives: &[u32], cells: &mut Vec<Cell>) {
        let params = self.params;
        let most = params.max_detections.iter().copied().max().unwrap_or_default();
        self.rank(predictions, most);
        let mut order: Vec<u32> = (0..self.lines.len() as u32).collect();
        let score = |at: &u32| self.lines.get(*at as usize).map_or(f64::NAN, |line| line.score);
        order.sort_by(|a, b| surest_first(score(a), score(b)));
        for (area, &positives) in positives.iter().enumerate() {
            let start = cells.len();
            cells.resize(start + params.max_detections.len() * params.ious.len(), Cell::default());
            if positives == 0 {
                continue;
            }
            let needed = needed(positives);
            for (chunk, ious) in params.ious.chunks(AT_ONCE).enumerate() {
                self.match_all(area, ious);
                for (at, &most) in params.max_detections.iter().enumerate() {
                    let from = start + at * params.ious.len() + chunk * AT_ONCE;
                    let found = self.precisions(&order, most, ious.len());
                    for (cell, precisions) in cells.iter_mut().skip(from).zip(found) {
                        *cell = figures(precisions, positives, &needed);
                    }
                }
            }
        }
    }

    /// Sorts the predictions of each input, and cuts them off at the most that ever count.
    fn rank(&mut self, predictions: &[u32], most: usize) {
        self.lines.clear();
        let at = |at: &u32| self.objects.predictions.get(*at as usize);
        let input = |a: &u32| at(a).map(|p| p.input);
        let mut sorted: Vec<(u32, &Prediction)> = Vec::new();
        for group in predictions.chunk_by(|a, b| input(a) == input(b)) {
            sorted.clear();
            sorted.extend(group.iter().filter_map(|a| Some((*a, at(a)?))));
            sorted.sort_by(|(_, a), (_, b)| surest_first(a.score, b.score));
            self.lines.extend(sorted.iter().zip(0..).take(most).map(|((at, p), rank)| Line {
                prediction: *at,
                rank,
                score: p.score,
                right: 0,
                ignored: 0,
            }));
        }
    }

    /// Matches in a range of areas, at up to 64 overlaps.
    fn match_all(&mut self, area: usize, ious: &[f64]) {
        let Some(area) = self.params.areas.get(area) else { return };
        let every = if ious.len() == AT_ONCE { u64::MAX } else { (1 << ious.len()) - 1 };
        let least = ious.iter().copied().map(floor).fold(f64::INFINITY, f64::min);
        let mut touched: Vec<u32> = Vec::new();
        let mut candidates: Vec<Candidate> = Vec::new();
        for line in &mut self.lines {
            let Some(prediction) = self.objects.predictions.get(line.prediction as usize) else { continue };
            (line.right, line.ignored) = (0, 0);
            candidates.clear();
            for (at, iou) in self.overlaps.of(line.prediction as usize) {
                if iou >= least
                    && let Some(truth) = self.objects.truth.get(at as usize)
                    && truth.concept == prediction.concept
                {
                    let counts = !truth.crowd && area.holds(truth.area);
                    candidates.push(Candidate { truth: at, iou, counts, same: true });
                }
            }
            if !candidates.is_empty() {
                for (bit, iou) in ious.iter().enumerate() {
                    let bit = 1u64 << bit;
                    let floor = floor(*iou);
                    let free = |c: &Candidate| {
                        c.iou >= floor
                            && (self.taken.get(c.truth as usize).is_some_and(|taken| taken & bit == 0)
                                || self.objects.truth.get(c.truth as usize).is_some_and(|truth| truth.crowd))
                    };
                    let Some(found) = best(candidates.iter().copied().filter(free)) else { continue };
                    let side = if found.counts { &mut line.right } else { &mut line.ignored };
                    *side |= bit;
                    if let Some(taken) = self.taken.get_mut(found.truth as usize) {
                        *taken |= bit;
                        touched.push(found.truth);
                    }
                }
            }
            if !area.holds(self.overlaps.area(line.prediction as usize)) {
                line.ignored |= every & !line.right;
            }
        }
        for at in touched {
            if let Some(taken) = self.taken.get_mut(at as usize) {
                *taken = 0;
            }
        }
    }

    /// For each overlap the precision whenever something is found, by falling score.
    fn precisions(&self, order: &[u32], most: usize, ious: usize) -> Vec<Vec<f64>> {
        let mut all = vec![Vec::new(); ious];
        let mut ignored = vec![0u32; ious];
        let mut seen = 0u32;
        for line in order.iter().filter_map(|at| self.lines.get(*at as usize)) {
            if line.rank as usize >= most {
                continue;
            }
            seen += 1;
            for bit in bits(line.ignored) {
                if let Some(count) = ignored.get_mut(bit) {
                    *count += 1;
                }
            }
            for bit in bits(line.right) {
                if let (Some(found), Some(ignored)) = (all.get_mut(bit), ignored.get(bit)) {
                    found.push((found.len() + 1) as f64 / f64::from(seen - ignored));
                }
            }
        }
        all
    }
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
fn figures(mut precisions: Vec<f64>, positives: u32, needed: &[usize; RECALL_POINTS]) -> Cell {
    let mut highest = 0.0f64;
    for precision in precisions.iter_mut().rev() {
        highest = highest.max(*precision);
        *precision = highest;
    }
    let sum: f64 = needed.iter().map_while(|at| precisions.get(*at)).sum();
    Cell { average_precision: sum / RECALL_POINTS as f64, recall: precisions.len() as f64 / f64::from(positives) }
}
