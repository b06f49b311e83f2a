//! What a chosen COCO file would bring, and what is wrong with it.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use labelscope_formats::coco::{self, Annotation, Category, Error, Image, Segmentation, Sink};
use labelscope_messages::{Answer, CocoPreview, Failure, Problem, Progress};
use web_sys::Blob;

use crate::blob_reader::BlobReader;

/// Reads the whole file once. What is no COCO file at all is a failure; what is one, but names things that are not there,
/// is a preview with problems.
pub fn preview(file: &Blob, on_progress: impl Fn(Progress)) -> Result<Answer, Failure> {
    let reader = BlobReader::new(file, &on_progress).map_err(|error| failure(Error::Io(error)))?;
    preview_of(reader).map(Answer::CocoPreview)
}

fn preview_of(reader: impl Read) -> Result<CocoPreview, Failure> {
    let mut counting = Counting::default();
    coco::read(reader, &mut counting).map_err(failure)?;
    Ok(counting.finish())
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Content { place, reason } => {
            Failure { reason, place: Some(place.to_string()).filter(|text| !text.is_empty()) }
        }
        Error::Io(error) => Failure { reason: format!("the file could not be read: {error}"), place: None },
    }
}

/// Counts what comes by, and keeps ids alone.
#[derive(Default)]
struct Counting {
    preview: CocoPreview,
    images: HashSet<i64>,
    categories: HashSet<i64>,
    /// Images and categories that annotations name, with the first annotation that does: what they name may come later.
    named_images: HashMap<i64, usize>,
    named_categories: HashMap<i64, usize>,
}

impl Sink for Counting {
    fn image(&mut self, index: usize, image: Image) -> Result<(), Error> {
        self.preview.images += 1;
        if !self.images.insert(image.id) {
            self.problem(format!("images[{index}].id"), format!("an image before has the id {} too", image.id));
        }
        if self.preview.file_names.len() < CocoPreview::NAMES {
            self.preview.file_names.push(image.file_name);
        }
        Ok(())
    }

    fn annotation(&mut self, index: usize, annotation: Annotation) -> Result<(), Error> {
        let preview = &mut self.preview;
        preview.annotations += 1;
        match annotation.segmentation {
            None => preview.boxes += 1,
            Some(Segmentation::Polygons(outlines)) if outlines.is_empty() => preview.boxes += 1,
            Some(Segmentation::Polygons(_)) => preview.polygons += 1,
            Some(Segmentation::Rle { .. }) => preview.masks += 1,
        }
        preview.crowds += u32::from(annotation.iscrowd);
        self.named_images.entry(annotation.image_id).or_insert(index);
        self.named_categories.entry(annotation.category_id).or_insert(index);
        Ok(())
    }

    fn category(&mut self, index: usize, category: Category) -> Result<(), Error> {
        self.preview.categories += 1;
        if !self.categories.insert(category.id) {
            self.problem(
                format!("categories[{index}].id"),
                format!("a category before has the id {} too", category.id),
            );
        }
        if self.preview.category_names.len() < CocoPreview::NAMES {
            self.preview.category_names.push(category.name);
        }
        Ok(())
    }

    fn extra(&mut self, _: String, _: serde_json::Value) -> Result<(), Error> {
        Ok(())
    }
}

impl Counting {
    fn problem(&mut self, place: String, reason: String) {
        self.preview.problem_count += 1;
        if self.preview.problems.len() < CocoPreview::PROBLEMS {
            self.preview.problems.push(Problem { place, reason });
        }
    }

    fn finish(mut self) -> CocoPreview {
        let missing = |named: &HashMap<i64, usize>, there: &HashSet<i64>, field: &'static str, what: &'static str| {
            let missing = named.iter().filter(|(id, _)| !there.contains(id));
            missing
                .map(|(id, index)| (*index, field, format!("there is no {what} with the id {id}")))
                .collect::<Vec<_>>()
        };
        let mut dangling = missing(&self.named_images, &self.images, "image_id", "image");
        dangling.extend(missing(&self.named_categories, &self.categories, "category_id", "category"));
        // In the order of the file, whatever the order of the maps.
        dangling.sort();
        for (index, field, reason) in dangling {
            self.problem(format!("annotations[{index}].{field}"), reason);
        }
        let empty = self.images.iter().filter(|id| !self.named_images.contains_key(id)).count();
        self.preview.empty_images = u32::try_from(empty).unwrap_or(u32::MAX);
        self.preview
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::*;

    use super::*;

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    fn a_real_file_is_counted() {
        let preview = preview_of(&include_bytes!("../../../testdata/coco100/instances_gt.json")[..]).unwrap();
        assert_eq!((preview.images, preview.annotations, preview.categories), (100, 839, 80));
        assert_eq!(preview.boxes + preview.polygons + preview.masks, 839);
        assert_eq!(preview.crowds, 9);
        assert_eq!(preview.category_names.len(), CocoPreview::NAMES);
        assert_eq!(preview.problem_count, 0);
    }

    #[wasm_bindgen_test]
    fn what_an_annotation_names_may_come_later_but_has_to_come() {
        let text = r#"{
            "annotations": [
                { "id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 2, 2] },
                { "id": 2, "image_id": 9, "category_id": 8, "bbox": [0, 0, 2, 2] }
            ],
            "images": [
                { "id": 1, "file_name": "a.jpg", "width": 4, "height": 4 },
                { "id": 2, "file_name": "b.jpg", "width": 4, "height": 4 },
                { "id": 2, "file_name": "c.jpg", "width": 4, "height": 4 }
            ],
            "categories": [{ "id": 7, "name": "chair" }]
        }"#;
        let preview = preview_of(text.as_bytes()).unwrap();
        let places: Vec<&str> = preview.problems.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, ["images[2].id", "annotations[1].category_id", "annotations[1].image_id"]);
        assert_eq!(preview.problems[2].reason, "there is no image with the id 9");
        assert_eq!((preview.problem_count, preview.empty_images), (3, 1));
    }

    #[wasm_bindgen_test]
    fn a_broken_file_fails_with_its_place() {
        let failure = preview_of(&b"{\"images\": [\n  {\"id\": 1, \"file_name\""[..]).unwrap_err();
        assert!(failure.place.as_deref().is_some_and(|place| place.contains("line 2")), "{failure:?}");
        let failure =
            preview_of(&br#"{"images":[{"id":1,"file_name":"a.jpg","width":"wide","height":4}]}"#[..]).unwrap_err();
        assert!(failure.place.as_deref().is_some_and(|place| place.contains("images[0].width")), "{failure:?}");
    }
}
