//! Detection, held against pycocotools' figures, against known answers, and against what must hold for any data.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../coco/mod.rs"]
mod coco;
mod golden;
mod masks;
mod properties;
mod references;

use labelscope_geometry::PixelBox;
use labelscope_metrics::{Prediction, Truth};

fn truth(input: u32, concept: u32, [x, y, w, h]: [f64; 4]) -> Truth {
    Truth { input, concept, bbox: PixelBox { x, y, w, h }, area: w * h, ..Truth::default() }
}

fn found(input: u32, concept: u32, [x, y, w, h]: [f64; 4], score: f64) -> Prediction {
    Prediction { input, concept, bbox: PixelBox { x, y, w, h }, score, ..Prediction::default() }
}
