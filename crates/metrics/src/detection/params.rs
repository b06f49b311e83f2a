//! Over which overlaps, areas and numbers of detections COCO evaluates.

/// How many recalls precision is read off at: 0, 0.01, … 1.
pub const RECALL_POINTS: usize = 101;

/// A range of areas in pixels. An object of exactly a bound belongs to the ranges on both sides of it, as in pycocotools.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// How COCO calls it.
    pub name: &'static str,
    /// The least.
    pub from: f64,
    /// The greatest.
    pub to: f64,
}

impl Area {
    /// Up to 10¹⁰ pixels.
    pub const ALL: Self = Self { name: "all", from: 0.0, to: 1e10 };
    /// Up to 32².
    pub const SMALL: Self = Self { name: "small", from: 0.0, to: 1024.0 };
    /// 32² to 96².
    pub const MEDIUM: Self = Self { name: "medium", from: 1024.0, to: 9216.0 };
    /// From 96² on.
    pub const LARGE: Self = Self { name: "large", from: 9216.0, to: 1e10 };

    /// Is an area in the range, its bounds included?
    #[must_use]
    pub fn holds(self, area: f64) -> bool {
        !(area < self.from || area > self.to)
    }
}

/// What [`super::evaluate`] goes over. The default is COCO's.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Overlaps from which on a prediction may match, ascending, each above 0 and up to 1.
    pub ious: Vec<f64>,
    /// Ranges of areas.
    pub areas: Vec<Area>,
    /// How many predictions of a concept count on an input, the surest first; ascending.
    pub max_detections: Vec<usize>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            ious: coco_ious(),
            areas: vec![Area::ALL, Area::SMALL, Area::MEDIUM, Area::LARGE],
            max_detections: vec![1, 10, 100],
        }
    }
}

/// .50, .55, … .95, to the bit as numpy's `linspace(.5, .95, 10)` gives them.
#[must_use]
pub fn coco_ious() -> Vec<f64> {
    let step = (0.95 - 0.5) / 9.0;
    (0..10).map(|i| if i == 9 { 0.95 } else { f64::from(i) * step + 0.5 }).collect()
}

/// The recall of a point, to the bit as numpy's `linspace(0, 1, 101)` gives it; 1 beyond.
#[must_use]
pub fn recall_point(index: usize) -> f64 {
    if index + 1 >= RECALL_POINTS { 1.0 } else { index as f64 * 0.01 }
}
