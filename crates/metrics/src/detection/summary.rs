//! COCO's twelve numbers, and a line for each concept.

use super::evaluation::Evaluation;

/// The twelve numbers that pycocotools' `summarize` prints, each 0 to 1. Undefined (−1 there) where no concept has an object
/// in the range, or where the parameters do not hold what the number is about.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CocoSummary {
    /// AP, AP50, AP75, APsmall, APmedium, APlarge, AR1, AR10, AR100, ARsmall, ARmedium, ARlarge.
    pub values: [Option<f64>; 12],
}

impl CocoSummary {
    /// Their usual names, in order. AR1, AR10 and AR100 stand for the first, second and last of
    /// [`super::Params::max_detections`]; all others are at the last.
    pub const NAMES: [&'static str; 12] = [
        "AP", "AP50", "AP75", "APsmall", "APmedium", "APlarge", "AR1", "AR10", "AR100", "ARsmall", "ARmedium",
        "ARlarge",
    ];

    /// One of them by its usual name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        let (_, value) = self.rows().find(|(its, _)| *its == name)?;
        value
    }

    /// Name and value of all.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, Option<f64>)> + '_ {
        Self::NAMES.iter().copied().zip(self.values)
    }
}

/// A concept's figures, at the most detections that count. Average precisions and recalls are undefined where it has no
/// object in the range.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClassFigures {
    /// Objects that are there, without crowds.
    pub objects: u32,
    /// Crowds.
    pub crowds: u32,
    /// Predictions, all of them.
    pub predictions: u32,
    /// Mean over all overlaps.
    pub ap: Option<f64>,
    /// At .50.
    pub ap50: Option<f64>,
    /// At .75.
    pub ap75: Option<f64>,
    /// Objects up to 32² pixels.
    pub ap_small: Option<f64>,
    /// Objects of 32² to 96² pixels.
    pub ap_medium: Option<f64>,
    /// Objects from 96² pixels on.
    pub ap_large: Option<f64>,
    /// Recall, mean over all overlaps, with one prediction an input; with ten; with a hundred.
    pub ar: [Option<f64>; 3],
}

impl Evaluation {
    /// COCO's twelve numbers.
    #[must_use]
    pub fn summary(&self) -> CocoSummary {
        let last = self.params().max_detections.len().saturating_sub(1);
        let ap = |iou: Option<f64>, area: &str| {
            let iou = match iou {
                Some(wanted) => Some(self.iou_index(wanted)?),
                None => None,
            };
            self.mean_average_precision(iou, self.area_index(area)?, last)
        };
        let ar = |area: &str, most: usize| self.mean_recall(None, self.area_index(area)?, most);
        CocoSummary {
            values: [
                ap(None, "all"),
                ap(Some(0.5), "all"),
                ap(Some(0.75), "all"),
                ap(None, "small"),
                ap(None, "medium"),
                ap(None, "large"),
                ar("all", 0),
                ar("all", 1),
                ar("all", last),
                ar("small", last),
                ar("medium", last),
                ar("large", last),
            ],
        }
    }

    /// A line for each concept.
    #[must_use]
    pub fn classes(&self) -> Vec<ClassFigures> {
        let last = self.params().max_detections.len().saturating_sub(1);
        let (fifty, seventy_five) = (self.iou_index(0.5), self.iou_index(0.75));
        let [all, small, medium, large] = ["all", "small", "medium", "large"].map(|name| self.area_index(name));
        (0..self.class_count())
            .map(|class| {
                let mean = |area: Option<usize>| self.average_precision_over_ious(class, area?, last);
                let at = |iou: Option<usize>| self.average_precision(class, iou?, all?, last);
                let ar = |most: usize| self.recall_over_ious(class, all?, most);
                ClassFigures {
                    objects: self.objects(class),
                    crowds: self.crowds(class),
                    predictions: self.predictions(class),
                    ap: mean(all),
                    ap50: at(fifty),
                    ap75: at(seventy_five),
                    ap_small: mean(small),
                    ap_medium: mean(medium),
                    ap_large: mean(large),
                    ar: [ar(0), ar(1), ar(last)],
                }
            })
            .collect()
    }
}
