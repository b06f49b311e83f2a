//! The cells of one concept: all overlaps at once, as bits of a word.

use super::evaluation::Cell;
use super::groups::surest_first;
use super::lines::{AT_ONCE, Line, Lines};
use super::matching::best;
use super::params::{Area, RECALL_POINTS, recall_point};

/// Works concept by concept over the same objects.
pub(super) struct Accumulator {
    ious: usize,
    /// For each object the overlaps at which it is taken.
    taken: Vec<u64>,
    /// For each line its place in `ranked`.
    places: Vec<u32>,
    /// The concept's predictions, the surest first.
    ranked: Vec<Ranked>,
    /// For each overlap the precision whenever something is found, by falling score.
    precisions: Vec<Vec<f64>>,
}

/// At which overlaps a prediction is right, and ignored.
#[derive(Clone, Copy, Default)]
struct Ranked {
    rank: u32,
    right: u64,
    ignored: u64,
}

impl Accumulator {
    /// For so many objects, at so many overlaps, up to [`AT_ONCE`].
    pub fn new(truths: usize, ious: usize) -> Self {
        let precisions = vec![Vec::new(); ious];
        Self { ious, taken: vec![0; truths], places: Vec::new(), ranked: Vec::new(), precisions }
    }

    /// Begins a concept.
    pub fn begin(&mut self, lines: &[Line]) {
        let mut order: Vec<(f64, u32)> = lines.iter().zip(0..).map(|(line, at)| (line.score, at)).collect();
        order.sort_by(|(a, _), (b, _)| surest_first(*a, *b));
        self.places.clear();
        self.places.resize(lines.len(), 0);
        self.ranked.clear();
        for ((_, at), place) in order.into_iter().zip(0..) {
            if let (Some(line), Some(its)) = (lines.get(at as usize), self.places.get_mut(at as usize)) {
                *its = place;
                self.ranked.push(Ranked { rank: line.rank, ..Ranked::default() });
            }
        }
    }

    /// Matches the concept's lines in a range of areas.
    pub fn match_all(&mut self, all: &Lines, lines: &[Line], area: Area) {
        let every = every(self.ious);
        for (line, place) in lines.iter().zip(&self.places) {
            let Some(ranked) = self.ranked.get_mut(*place as usize) else { continue };
            (ranked.right, ranked.ignored) = (0, 0);
            let near = all.near(line);
            if let [one] = near {
                let bits = one.free(&self.taken);
                *if one.counts(area) { &mut ranked.right } else { &mut ranked.ignored } = bits;
                take(&mut self.taken, one.truth, bits);
            } else {
                for bit in bits(near.iter().fold(0, |all, near| all | near.reach)) {
                    let free = near.iter().filter(|near| near.free(&self.taken) >> bit & 1 == 1);
                    let Some(found) = best(free.map(|near| near.candidate(area))) else { continue };
                    *if found.counts { &mut ranked.right } else { &mut ranked.ignored } |= 1 << bit;
                    take(&mut self.taken, found.truth, 1 << bit);
                }
            }
            if !area.holds(line.area) {
                ranked.ignored |= every & !ranked.right;
            }
        }
        for near in lines.iter().flat_map(|line| all.near(line)) {
            if let Some(taken) = self.taken.get_mut(near.truth as usize) {
                *taken = 0;
            }
        }
    }

    /// The cells at all overlaps, with at most so many detections an input, of a concept with so many objects that
    /// count.
    pub fn cells(
        &mut self,
        most: usize,
        positives: u32,
        needed: &[usize; RECALL_POINTS],
    ) -> impl Iterator<Item = Cell> {
        let every = every(self.ious);
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
        self.precisions.iter_mut().map(move |precisions| figures(precisions, positives, needed))
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
pub(super) fn needed(positives: u32) -> [usize; RECALL_POINTS] {
    let positives = f64::from(positives);
    std::array::from_fn(|point| {
        let recall = recall_point(point);
        // About there; the very division that is compared with the point decides.
        let mut at = ((recall * positives) as u32).saturating_sub(2);
        while f64::from(at + 1) / positives < recall {
            at += 1;
        }
        at as usize
    })
}

/// Average precision and recall from the precision at each object that is found.
pub(super) fn figures(precisions: &mut [f64], positives: u32, needed: &[usize; RECALL_POINTS]) -> Cell {
    let mut highest = 0.0f64;
    for precision in precisions.iter_mut().rev() {
        highest = highest.max(*precision);
        *precision = highest;
    }
    let sum: f64 = needed.iter().map_while(|at| precisions.get(*at)).sum();
    Cell { average_precision: sum / RECALL_POINTS as f64, recall: precisions.len() as f64 / f64::from(positives) }
}
