//! How much each prediction overlaps each object of its input.

use super::groups::Groups;
use crate::{Objects, Prediction, Truth};
use labelscope_geometry::{PixelBox, Rle};

/// What is laid over each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlap {
    /// Boxes.
    #[default]
    Boxes,
    /// Masks. What has none takes part with its box, rasterised as pycocotools' `loadRes` does; two without are measured
    /// as boxes.
    Masks,
}

/// The overlaps of all predictions with the objects of their inputs, of any concept. Those of 0 are not held.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlaps {
    by: Overlap,
    /// Where each prediction's pairs begin, and where the last one's end.
    starts: Vec<usize>,
    truths: Vec<u32>,
    ious: Vec<f64>,
    areas: Vec<f64>,
}

impl Overlaps {
    /// What was laid over each other.
    pub fn by(&self) -> Overlap {
        self.by
    }

    /// The objects that a prediction overlaps, by position in [`Objects::truth`], ascending, and the overlaps: intersection
    /// over union, above 0 and up to 1; with a crowd intersection over the prediction's area.
    pub fn of(&self, prediction: usize) -> impl Iterator<Item = (u32, f64)> + Clone + '_ {
        let range = match (self.starts.get(prediction), self.starts.get(prediction + 1)) {
            (Some(from), Some(to)) => *from..*to,
            _ => 0..0,
        };
        let truths = self.truths.get(range.clone()).unwrap_or_default();
        let ious = self.ious.get(range).unwrap_or_default();
        truths.iter().copied().zip(ious.iter().copied())
    }

    /// A prediction's area in pixels: of its mask where masks are measured and it has one, else of its box.
    pub fn area(&self, prediction: usize) -> f64 {
        self.areas.get(prediction).copied().unwrap_or_default()
    }
}

/// Lays all predictions over the objects of their inputs. Done once for boxes or masks; it serves all that follows. Agrees
/// with pycocotools' `mask.iou`.
#[must_use]
pub fn overlaps(objects: &Objects, by: Overlap) -> Overlaps {
    let inputs = objects.truth.iter().map(|t| t.input as usize + 1).max().unwrap_or_default();
    let truths = Groups::of(inputs, objects.truth.iter().zip(0..).map(|(t, at)| (at, t.input)));
    let masks = by == Overlap::Masks;
    let mut all = Overlaps { by, starts: Vec::with_capacity(objects.predictions.len() + 1), ..Overlaps::default() };
    all.areas.reserve_exact(objects.predictions.len());
    all.starts.push(0);
    for prediction in &objects.predictions {
        for &at in truths.get(prediction.input as usize) {
            let Some(truth) = objects.truth.get(at as usize) else { continue };
            let iou =
                if masks { iou_of_masks(prediction, truth) } else { prediction.bbox.iou(truth.bbox, truth.crowd) };
            if iou > 0.0 {
                all.truths.push(at);
                all.ious.push(iou);
            }
        }
        all.starts.push(all.truths.len());
        let mask = prediction.mask.as_ref().filter(|_| masks);
        all.areas.push(mask.map_or_else(|| prediction.bbox.area(), |mask| mask.area() as f64));
    }
    all
}

fn iou_of_masks(prediction: &Prediction, truth: &Truth) -> f64 {
    match (&prediction.mask, &truth.mask) {
        (Some(ours), Some(theirs)) => ours.iou(theirs, truth.crowd),
        (Some(ours), None) => ours.iou(&filled(truth.bbox, ours), truth.crowd),
        (None, Some(theirs)) => filled(prediction.bbox, theirs).iou(theirs, truth.crowd),
        (None, None) => prediction.bbox.iou(truth.bbox, truth.crowd),
    }
}

/// A box as a mask of another's size.
fn filled(b: PixelBox, like: &Rle) -> Rle {
    let (right, bottom) = (b.x + b.w, b.y + b.h);
    Rle::from_polygon(like.height(), like.width(), &[b.x, b.y, b.x, bottom, right, bottom, right, b.y])
}
