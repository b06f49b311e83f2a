//! A test set from COCO's two files: an instances file says what is there, a results file what was found.

use crate::coco::whole::Whole;
use crate::coco::{Error, Place, Segmentation, read};
use labelscope_geometry::PixelBox;
use labelscope_metrics::{Content, Named, Objects, Prediction, TestInput, TestSet, Truth};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::Read;

/// One line of a results file.
#[derive(Deserialize)]
struct Found {
    image_id: i64,
    category_id: i64,
    bbox: Option<[f64; 4]>,
    segmentation: Option<Segmentation>,
    score: f64,
}

/// An error of a JSON file that ought to be this.
pub(super) fn unreadable(e: serde_json::Error, what: &str) -> Error {
    if e.is_io() {
        return Error::Io(e.into());
    }
    let place = Place { path: String::new(), line: e.line(), column: e.column() };
    let text = e.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(head, _)| head);
    Error::Content { place, reason: format!("{what}: {text}") }
}

/// The truth of a test set, without predictions yet: images and categories by their ids, as pycocotools takes them.
pub struct OfCoco {
    set: TestSet,
    objects: Objects,
    images: HashMap<i64, u32>,
    categories: HashMap<i64, u32>,
}

/// Reads an instances file.
pub fn truth_of_coco(reader: impl Read) -> Result<OfCoco, Error> {
    let mut file = Whole::default();
    read(reader, &mut file)?;
    file.images.sort_by_key(|i| i.id);
    file.categories.sort_by_key(|c| c.id);
    let images = (0..).zip(&file.images).map(|(at, i)| (i.id, at)).collect();
    let categories = (0..).zip(&file.categories).map(|(at, c)| (c.id, at)).collect();
    let inputs = file.images.into_iter().map(|i| TestInput {
        id: i.id.to_string(),
        url: i.file_name,
        width: i.width,
        height: i.height,
        predicted: false,
    });
    let concepts = file.categories.into_iter().map(|c| Named { id: c.id.to_string(), name: c.name });
    let set = TestSet {
        concepts: concepts.collect(),
        inputs: inputs.collect(),
        content: Content::Objects(Objects::default()),
    };
    let mut out = OfCoco { set, objects: Objects::default(), images, categories };
    for (index, a) in file.annotations.into_iter().enumerate() {
        let place = format!("annotations[{index}]");
        let (input, concept) = out.places(a.image_id, a.category_id, &place)?;
        let (bbox, mask) = out.outline(input, a.bbox, a.segmentation.as_ref(), &place)?;
        let area = a.area.unwrap_or_else(|| mask.as_ref().map_or_else(|| bbox.area(), |m| m.area() as f64));
        let id = a.id.map(|id| id.to_string()).unwrap_or_default();
        out.objects.truth.push(Truth { input, concept, bbox, area, crowd: a.iscrowd, mask, id });
    }
    out.objects.truth.sort_by_key(|t| t.input);
    Ok(out)
}

type Outline = (PixelBox, Option<Box<labelscope_geometry::Rle>>);

impl OfCoco {
    /// Reads a results file, and gives the whole.
    pub fn with_predictions(mut self, reader: impl Read) -> Result<TestSet, Error> {
        let found: Vec<Found> =
            serde_json::from_reader(reader).map_err(|e| unreadable(e, "no list of COCO results"))?;
        for (at, f) in found.into_iter().enumerate() {
            let place = format!("[{at}]");
            let (input, concept) = self.places(f.image_id, f.category_id, &place)?;
            let (bbox, mask) = self.outline(input, f.bbox, f.segmentation.as_ref(), &place)?;
            if let Some(i) = self.set.inputs.get_mut(input as usize) {
                i.predicted = true;
            }
            let id = at.to_string();
            self.objects.predictions.push(Prediction { input, concept, bbox, score: f.score, mask, id });
        }
        self.objects.predictions.sort_by_key(|p| p.input);
        self.set.content = Content::Objects(self.objects);
        Ok(self.set)
    }

    fn places(&self, image: i64, category: i64, place: &str) -> Result<(u32, u32), Error> {
        let found = |map: &HashMap<i64, u32>, id: i64, key: &str, what: &str| {
            map.get(&id)
                .copied()
                .ok_or_else(|| Error::at(format!("{place}.{key}"), format!("is {id}, which is no {what} of the truth")))
        };
        Ok((
            found(&self.images, image, "image_id", "image")?,
            found(&self.categories, category, "category_id", "category")?,
        ))
    }

    fn outline(
        &self,
        input: u32,
        bbox: Option<[f64; 4]>,
        segmentation: Option<&Segmentation>,
        place: &str,
    ) -> Result<Outline, Error> {
        let size = self.set.inputs.get(input as usize).map_or((0, 0), |i| (i.height, i.width));
        let mask = segmentation.map(|s| s.filled(size.0, size.1)).transpose();
        let mask = mask.map_err(|e| Error::at(format!("{place}.segmentation"), e.to_string()))?;
        let around = bbox.map(|[x, y, w, h]| PixelBox { x, y, w, h });
        let bbox = around.or_else(|| segmentation?.bounds());
        let bbox = bbox.ok_or_else(|| Error::at(place, "has neither bbox nor segmentation"))?;
        Ok((bbox, mask.map(Box::new)))
    }
}
