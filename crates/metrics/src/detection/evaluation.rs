//! COCO's evaluation: average precision and recall by concept, overlap, area and number of detections.

use super::accumulate::{Accumulator, needed};
use super::lines::{AT_ONCE, Lines};
use super::overlaps::Overlaps;
use super::params::Params;
use crate::Objects;
use crate::mean;

/// What `COCOeval.evaluate` and `accumulate` give, for each concept, overlap, range of areas and number of detections.
/// The curves behind it are in [`super::Ranking::interpolated`].
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    params: Params,
    classes: usize,
    /// By concept, area, number of detections, overlap.
    cells: Vec<Cell>,
    objects: Vec<u32>,
    crowds: Vec<u32>,
    predictions: Vec<u32>,
    /// By concept and area.
    positives: Vec<u32>,
}

/// Both figures of one cell; meaningless where the concept has no object in the range.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Cell {
    pub average_precision: f64,
    pub recall: f64,
}

/// Evaluates as `COCOeval` does, for detections of the concepts 0 to `classes`; others are left out, as categories that
/// are not in its `catIds` are. All inputs of the objects count: an input without objects or predictions changes
/// nothing.
///
/// Inside an input and concept predictions are taken by falling score (stable), each takes the free object that it
/// overlaps most of those it overlaps by min(t, 1 − 10⁻¹⁰) or more (of equals the last), one that counts before one
/// that is ignored. Ignored are crowds, which may be matched any number of times, and objects outside of the range of
/// areas; predictions matched with them, and unmatched predictions outside of the range, are neither right nor wrong.
///
/// Unlike pycocotools no match is lost where an object's id is 0, since positions stand for ids.
#[must_use]
pub fn evaluate(objects: &Objects, classes: usize, overlaps: &Overlaps, params: &Params) -> Evaluation {
    let mut evaluation = Evaluation {
        params: params.clone(),
        classes,
        cells: Vec::new(),
        objects: vec![0; classes],
        crowds: vec![0; classes],
        predictions: vec![0; classes],
        positives: vec![0; classes * params.areas.len()],
    };
    for truth in &objects.truth {
        let counts = if truth.crowd { &mut evaluation.crowds } else { &mut evaluation.objects };
        if let Some(count) = counts.get_mut(truth.concept as usize) {
            *count += 1;
            for (area, at) in params.areas.iter().zip(0..) {
                if !truth.crowd
                    && area.holds(truth.area)
                    && let Some(count) = evaluation.positives.get_mut(truth.concept as usize * params.areas.len() + at)
                {
                    *count += 1;
                }
            }
        }
    }
    for prediction in &objects.predictions {
        if let Some(count) = evaluation.predictions.get_mut(prediction.concept as usize) {
            *count += 1;
        }
    }
    let (ious, areas, mosts) = (params.ious.len(), params.areas.len(), params.max_detections.len());
    let most = params.max_detections.iter().copied().max().unwrap_or_default();
    evaluation.cells.resize(classes * areas * mosts * ious, Cell::default());
    for (chunk, at_once) in params.ious.chunks(AT_ONCE).enumerate() {
        let lines = Lines::new(objects, overlaps, classes, most, at_once);
        let mut accumulator = Accumulator::new(objects.truth.len(), at_once.len());
        for class in 0..classes {
            let of_class = lines.of(class);
            accumulator.begin(of_class);
            for (area_at, area) in params.areas.iter().enumerate() {
                let positives = evaluation.positives(class, area_at);
                if positives == 0 {
                    continue;
                }
                let needed = needed(positives);
                accumulator.match_all(&lines, of_class, *area);
                for (most_at, &most) in params.max_detections.iter().enumerate() {
                    let first = ((class * areas + area_at) * mosts + most_at) * ious + chunk * AT_ONCE;
                    let cells = accumulator.cells(most, positives, &needed);
                    for (place, cell) in evaluation.cells.iter_mut().skip(first).zip(cells) {
                        *place = cell;
                    }
                }
            }
        }
    }
    evaluation
}

impl Evaluation {
    /// Over what was evaluated.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// How many concepts there are.
    pub fn class_count(&self) -> usize {
        self.classes
    }

    /// Objects of a concept that are there, of any area, without crowds.
    pub fn objects(&self, class: usize) -> u32 {
        self.objects.get(class).copied().unwrap_or_default()
    }

    /// Crowds of a concept.
    pub fn crowds(&self, class: usize) -> u32 {
        self.crowds.get(class).copied().unwrap_or_default()
    }

    /// Predictions of a concept, ignored ones too.
    pub fn predictions(&self, class: usize) -> u32 {
        self.predictions.get(class).copied().unwrap_or_default()
    }

    /// Objects of a concept that count in a range of areas: recall is over them.
    pub fn positives(&self, class: usize, area: usize) -> u32 {
        let areas = self.params.areas.len();
        if area < areas { self.positives.get(class * areas + area).copied().unwrap_or_default() } else { 0 }
    }

    /// The position of an overlap in [`Params::ious`].
    pub fn iou_index(&self, iou: f64) -> Option<usize> {
        self.params.ious.iter().position(|its| (its - iou).abs() < 1e-9)
    }

    /// The position of a range in [`Params::areas`], by its name.
    pub fn area_index(&self, name: &str) -> Option<usize> {
        self.params.areas.iter().position(|area| area.name == name)
    }

    /// The cells of a concept over all overlaps, in a range of areas and with at most so many detections (both by
    /// position).
    fn over_ious(&self, class: usize, area: usize, most: usize) -> Option<&[Cell]> {
        let (ious, areas, mosts) = (self.params.ious.len(), self.params.areas.len(), self.params.max_detections.len());
        if self.positives(class, area) == 0 || most >= mosts {
            return None;
        }
        let start = ((class * areas + area) * mosts + most) * ious;
        self.cells.get(start..start + ious)
    }

    /// Average precision in a cell, 0 to 1: the mean over 101 recalls of the highest precision at that recall or more.
    /// All but the concept are positions in [`Params`]. Undefined where the concept has no object in the range.
    pub fn average_precision(&self, class: usize, iou: usize, area: usize, most: usize) -> Option<f64> {
        Some(self.over_ious(class, area, most)?.get(iou)?.average_precision)
    }

    /// The share of objects found in a cell, 0 to 1: COCO's recall. Undefined where the concept has no object in the
    /// range.
    pub fn recall(&self, class: usize, iou: usize, area: usize, most: usize) -> Option<f64> {
        Some(self.over_ious(class, area, most)?.get(iou)?.recall)
    }

    /// Mean average precision of a concept over all overlaps.
    pub fn average_precision_over_ious(&self, class: usize, area: usize, most: usize) -> Option<f64> {
        mean::plain(self.over_ious(class, area, most)?.iter().map(|cell| cell.average_precision))
    }

    /// Average recall of a concept: the mean of its recalls over all overlaps.
    pub fn recall_over_ious(&self, class: usize, area: usize, most: usize) -> Option<f64> {
        mean::plain(self.over_ious(class, area, most)?.iter().map(|cell| cell.recall))
    }

    /// Mean average precision over all concepts that have objects in the range, at one overlap or over all. Undefined
    /// where there is no such concept.
    pub fn mean_average_precision(&self, iou: Option<usize>, area: usize, most: usize) -> Option<f64> {
        mean::plain((0..self.classes).filter_map(|class| match iou {
            Some(iou) => self.average_precision(class, iou, area, most),
            None => self.average_precision_over_ious(class, area, most),
        }))
    }

    /// Average recall over all concepts that have objects in the range, at one overlap or over all. Undefined where
    /// there is no such concept.
    pub fn mean_recall(&self, iou: Option<usize>, area: usize, most: usize) -> Option<f64> {
        mean::plain((0..self.classes).filter_map(|class| match iou {
            Some(iou) => self.recall(class, iou, area, most),
            None => self.recall_over_ious(class, area, most),
        }))
    }
}
