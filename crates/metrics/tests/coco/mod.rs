//! COCO instances and results as objects, as pycocotools orders them: images and categories by id, the rest as in the
//! file.

use labelscope_geometry::{PixelBox, Rle, decode_counts};
use labelscope_metrics::{Objects, Prediction, Truth};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
pub struct Instances {
    images: Vec<Image>,
    categories: Vec<Category>,
    annotations: Vec<Annotation>,
}

#[derive(Deserialize)]
struct Image {
    id: i64,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
}

#[derive(Deserialize)]
struct Category {
    id: i64,
}

#[derive(Deserialize)]
struct Annotation {
    id: i64,
    image_id: i64,
    category_id: i64,
    bbox: [f64; 4],
    area: f64,
    #[serde(default)]
    iscrowd: u8,
    #[serde(default)]
    segmentation: Option<Segmentation>,
}

#[derive(Deserialize)]
pub struct Found {
    image_id: i64,
    category_id: i64,
    score: f64,
    #[serde(default)]
    bbox: Option<[f64; 4]>,
    #[serde(default)]
    segmentation: Option<Segmentation>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Segmentation {
    Polygons(Vec<Vec<f64>>),
    Runs { size: [u32; 2], counts: Counts },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Counts {
    Text(String),
    Numbers(Vec<u32>),
}

/// What is evaluated, and how the files call it.
pub struct Case {
    pub objects: Objects,
    pub categories: Vec<i64>,
    /// The ids of the objects, in their order.
    pub truth_ids: Vec<i64>,
    /// For each prediction its place in the file.
    pub places: Vec<usize>,
}

/// Panics where the files do not fit together.
pub fn case(gt: Instances, dt: Vec<Found>, masks: bool) -> Case {
    let mut images = gt.images;
    images.sort_by_key(|image| image.id);
    let mut categories: Vec<i64> = gt.categories.iter().map(|c| c.id).collect();
    categories.sort_unstable();
    let image_at: HashMap<i64, u32> = images.iter().zip(0..).map(|(image, at)| (image.id, at)).collect();
    let category_at: HashMap<i64, u32> = categories.iter().zip(0..).map(|(id, at)| (*id, at)).collect();
    let mask = |segmentation: Option<Segmentation>, input: u32| {
        let image = images.get(input as usize).filter(|_| masks)?;
        let mask = match segmentation? {
            Segmentation::Polygons(outlines) => {
                Rle::from_polygons(image.height, image.width, outlines.iter().map(Vec::as_slice))
            }
            Segmentation::Runs { size: [height, width], counts } => {
                let counts = match counts {
                    Counts::Text(text) => decode_counts(&text).expect("run lengths"),
                    Counts::Numbers(numbers) => numbers,
                };
                Rle::new(height, width, counts).expect("a whole mask")
            }
        };
        Some(Box::new(mask))
    };
    let bbox = |[x, y, w, h]: [f64; 4]| PixelBox { x, y, w, h };
    let mut truth: Vec<(Truth, i64)> = Vec::with_capacity(gt.annotations.len());
    for a in gt.annotations {
        let input = *image_at.get(&a.image_id).expect("an image");
        let concept = *category_at.get(&a.category_id).expect("a category");
        let (bbox, crowd, mask) = (bbox(a.bbox), a.iscrowd != 0, mask(a.segmentation, input));
        truth.push((Truth { input, concept, bbox, area: a.area, crowd, mask, id: String::new() }, a.id));
    }
    truth.sort_by_key(|(truth, _)| truth.input);
    let mut predictions: Vec<(Prediction, usize)> = Vec::with_capacity(dt.len());
    for (d, place) in dt.into_iter().zip(0..) {
        let input = *image_at.get(&d.image_id).expect("an image");
        // A category that the ground truth does not know is in no figure.
        let concept = category_at.get(&d.category_id).copied().unwrap_or(u32::MAX);
        let mask = mask(d.segmentation, input);
        let bbox = d.bbox.map(bbox).or_else(|| mask.as_ref().map(|m| m.bounds())).expect("a box or a mask");
        predictions.push((Prediction { input, concept, bbox, score: d.score, mask, id: String::new() }, place));
    }
    predictions.sort_by_key(|(prediction, _)| prediction.input);
    let (truth, truth_ids) = truth.into_iter().unzip();
    let (predictions, places) = predictions.into_iter().unzip();
    Case { objects: Objects { truth, predictions }, categories, truth_ids, places }
}
