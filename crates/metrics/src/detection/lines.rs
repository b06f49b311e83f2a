//! Predictions as the evaluation walks over them: by concept, then by input, the surest first.

use super::groups::{Groups, surest_first};
use super::matching::{Candidate, floor};
use super::overlaps::Overlaps;
use super::params::Area;
use crate::{Objects, Prediction};

/// As many overlaps as a word has bits are matched in one go.
pub(super) const AT_ONCE: usize = u64::BITS as usize;

/// A prediction.
#[derive(Clone, Copy, Default)]
pub(super) struct Line {
    pub score: f64,
    pub area: f64,
    /// How many surer ones of the concept there are on the input.
    pub rank: u32,
    /// What it may match.
    near: (u32, u32),
}

/// An object that a prediction overlaps enough.
#[derive(Clone, Copy)]
pub(super) struct Near {
    pub truth: u32,
    /// At which overlaps it is near enough.
    pub reach: u64,
    iou: f64,
    area: f64,
    crowd: bool,
}

impl Near {
    /// At which overlaps it may be matched.
    pub fn free(&self, taken: &[u64]) -> u64 {
        let taken = taken.get(self.truth as usize).copied().unwrap_or_default();
        self.reach & if self.crowd { u64::MAX } else { !taken }
    }

    /// Matched with it a prediction is right, and not ignored.
    pub fn counts(&self, area: Area) -> bool {
        !self.crowd && area.holds(self.area)
    }

    pub fn candidate(&self, area: Area) -> Candidate {
        Candidate { truth: self.truth, iou: self.iou, counts: self.counts(area), same: true }
    }
}

/// All predictions that may count.
pub(super) struct Lines {
    /// Where each concept's lines begin, and where they end.
    places: Vec<(u32, u32)>,
    lines: Vec<Line>,
    near: Vec<Near>,
}

impl Lines {
    /// Of the concepts 0 to `classes`, at most so many for an input and concept, at up to [`AT_ONCE`] overlaps.
    pub fn new(objects: &Objects, overlaps: &Overlaps, classes: usize, most: usize, ious: &[f64]) -> Self {
        let floors: Vec<f64> = ious.iter().copied().map(floor).collect();
        let least = floors.iter().copied().fold(f64::INFINITY, f64::min);
        let mut all = Self::places(objects, classes);
        let inputs = objects.predictions.iter().map(|p| p.input as usize + 1).max().unwrap_or_default();
        let by_input = Groups::of(inputs, objects.predictions.iter().zip(0..).map(|(p, at)| (at, p.input)));
        let mut ranks = vec![0u32; classes];
        let mut sorted: Vec<(u32, &Prediction)> = Vec::new();
        for input in 0..inputs {
            let of = |at: &u32| Some((*at, objects.predictions.get(*at as usize)?));
            sorted.clear();
            sorted.extend(by_input.get(input).iter().filter_map(of));
            sorted.sort_by(|(_, a), (_, b)| surest_first(a.score, b.score));
            for (at, prediction) in &sorted {
                let Some(next) = ranks.get_mut(prediction.concept as usize) else { continue };
                let rank = *next;
                *next += 1;
                if rank as usize >= most {
                    continue;
                }
                let begin = all.near.len() as u32;
                for (truth_at, iou) in overlaps.of(*at as usize).filter(|(_, iou)| *iou >= least) {
                    if let Some(truth) = objects.truth.get(truth_at as usize)
                        && truth.concept == prediction.concept
                    {
                        let bits = floors.iter().zip(0..).map(|(floor, bit)| u64::from(iou >= *floor) << bit);
                        let reach = bits.fold(0, |all, bit| all | bit);
                        all.near.push(Near { truth: truth_at, reach, iou, area: truth.area, crowd: truth.crowd });
                    }
                }
                let near = (begin, all.near.len() as u32);
                let line = Line { score: prediction.score, area: overlaps.area(*at as usize), rank, near };
                if let Some((_, end)) = all.places.get_mut(prediction.concept as usize)
                    && let Some(place) = all.lines.get_mut(*end as usize)
                {
                    *place = line;
                    *end += 1;
                }
            }
            for (_, prediction) in &sorted {
                if let Some(rank) = ranks.get_mut(prediction.concept as usize) {
                    *rank = 0;
                }
            }
        }
        all
    }

    /// Room for each concept's predictions.
    fn places(objects: &Objects, classes: usize) -> Self {
        let mut places = vec![(0, 0); classes];
        for prediction in &objects.predictions {
            if let Some((_, count)) = places.get_mut(prediction.concept as usize) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for (begin, end) in &mut places {
            let count = *end;
            (*begin, *end) = (sum, sum);
            sum += count;
        }
        Self { places, lines: vec![Line::default(); sum as usize], near: Vec::new() }
    }

    /// A concept's lines, input by input, the surest first.
    pub fn of(&self, class: usize) -> &[Line] {
        let (begin, end) = self.places.get(class).copied().unwrap_or_default();
        self.lines.get(begin as usize..end as usize).unwrap_or_default()
    }

    /// What a prediction may match.
    pub fn near(&self, line: &Line) -> &[Near] {
        let (begin, end) = line.near;
        self.near.get(begin as usize..end as usize).unwrap_or_default()
    }
}
