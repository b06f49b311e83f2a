//! Real COCO files through reader and writer, and broken ones refused with place and reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use labelscope_formats::coco::{Annotation, Category, Error, Image, Segmentation, Sink, Writer, compare, read};
use serde_json::Value;
use std::path::Path;

#[derive(Default)]
struct All {
    images: Vec<Image>,
    annotations: Vec<Annotation>,
    categories: Vec<Category>,
    extras: Vec<(String, Value)>,
}

impl Sink for All {
    fn image(&mut self, _: usize, i: Image) -> Result<(), Error> {
        self.images.push(i);
        Ok(())
    }
    fn annotation(&mut self, _: usize, a: Annotation) -> Result<(), Error> {
        self.annotations.push(a);
        Ok(())
    }
    fn category(&mut self, _: usize, c: Category) -> Result<(), Error> {
        self.categories.push(c);
        Ok(())
    }
    fn extra(&mut self, key: String, value: Value) -> Result<(), Error> {
        self.extras.push((key, value));
        Ok(())
    }
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)).unwrap()
}

fn written(all: &All) -> Vec<u8> {
    let mut w = Writer::new(Vec::new()).unwrap();
    for (key, value) in &all.extras {
        w.extra(key, value).unwrap();
    }
    all.images.iter().for_each(|i| w.image(i).unwrap());
    all.annotations.iter().for_each(|a| w.annotation(a).unwrap());
    all.categories.iter().for_each(|c| w.category(c).unwrap());
    w.finish().unwrap()
}

#[test]
fn real_files_come_out_as_they_went_in() {
    for (name, images, annotations, categories) in
        [("indoor85/instances_gt.json", 85, 686, 38), ("coco100/instances_gt.json", 100, 839, 80)]
    {
        let bytes = file(name);
        let mut all = All::default();
        let summary = read(bytes.as_slice(), &mut all).unwrap();
        assert_eq!(
            (summary.images, summary.annotations, summary.categories),
            (images, annotations, categories),
            "{name}"
        );
        let out = written(&all);
        assert_eq!(compare::differences(bytes.as_slice(), out.as_slice()).unwrap(), Vec::<String>::new(), "{name}");
        // Field by field, as plain JSON, with ids.
        let before: Value = serde_json::from_slice(&bytes).unwrap();
        let after: Value = serde_json::from_slice(&out).unwrap();
        for key in ["images", "annotations", "categories", "info", "licenses"] {
            let (b, a) = (before[key].to_string().len(), after[key].to_string().len());
            assert!(!after[key].is_null() || before[key].is_null(), "{name} {key} {b} {a}");
        }
    }
}

/// Masks against the figures in COCO's own file.
#[test]
fn masks_have_the_area_and_box_that_coco_gives() {
    let mut all = All::default();
    read(file("coco100/instances_gt.json").as_slice(), &mut all).unwrap();
    let mut crowds = 0;
    for a in &all.annotations {
        if let Some(mask) = a.segmentation.as_ref().and_then(Segmentation::mask) {
            let mask = mask.unwrap();
            crowds += 1;
            // `area` is what the annotator's outline enclosed; the mask was smoothed after it.
            let area = a.area.unwrap();
            assert!((mask.area() as f64 - area).abs() <= 0.15 * area, "{:?}", a.id);
            let (b, [x, y, w, h]) = (mask.bounds(), a.bbox.unwrap());
            assert!(
                [b.x - x, b.y - y, b.w - w, b.h - h].iter().all(|d| d.abs() <= 1.0),
                "{:?}: {b:?} {:?}",
                a.id,
                a.bbox
            );
        }
    }
    assert_eq!(crowds, 9);
}

#[test]
fn comparing_sees_a_tenth_of_a_pixel() {
    let bytes = file("indoor85/instances_gt.json");
    let mut all = All::default();
    read(bytes.as_slice(), &mut all).unwrap();
    all.annotations[5].bbox.as_mut().unwrap()[0] += 0.1;
    assert_eq!(compare::differences(bytes.as_slice(), written(&all).as_slice()).unwrap().len(), 1);
}

#[test]
fn broken_files_are_refused_with_place_and_reason() {
    let good = r#"{"images":[{"id":0,"file_name":"a.jpg","width":4,"height":3}],"categories":[{"id":1,"name":"x"}],"annotations":[
{"id":1,"image_id":0,"category_id":1,"bbox":[0,0,2.5,1]}]}"#;
    assert!(read(good.as_bytes(), &mut All::default()).is_ok());
    for (from, to, want) in [
        (r#""file_name":"a.jpg","#, "", "images[0].file_name, line 1, column"),
        (
            r#""id":0"#,
            r#""id":"zero""#,
            r#"images[0].id, line 1, column 66: must be a whole number, but is the text "zero""#,
        ),
        (r#""width":4"#, r#""width":0"#, "images[0].width"),
        (
            "2.5,1]",
            "-2.5,1]",
            "annotations[0].bbox[2], line 2, column 58: is a width and must not be negative, but is -2.5",
        ),
        ("[0,0,2.5,1]", "[0,0,2.5]", "must have four numbers"),
        ("2.5,1]", "\"wide\",1]", "annotations[0].bbox[2]"),
        (r#""image_id":0,"#, "", "annotations[0].image_id"),
        (r#""bbox":[0,0,2.5,1]"#, r#""segmentation":[[1,2,3,4,5]]"#, "annotations[0].segmentation[0]"),
        (
            r#""bbox":[0,0,2.5,1]"#,
            r#""segmentation":{"size":[3,4],"counts":[5,5]}"#,
            "add up to 10 pixels, but the size 3 x 4 has 12",
        ),
        (r#""bbox":[0,0,2.5,1]"#, r#""segmentation":{"size":[3,4],"counts":"~"}"#, "character 0"),
        (r#""bbox":[0,0,2.5,1]"#, r#""iscrowd":3"#, "annotations[0].iscrowd"),
        (r#""categories":[{"id":1,"name":"x"}],"#, "", "categories: is missing"),
        (r#""name":"x""#, r#""name":" ""#, "categories[0].name"),
        ("[0,0,2.5,1]}]}", "[0,0,2.5", "line 2, column 52: the file ends too early"),
        ("\"images\":", "\"images\" ", "the file is not JSON"),
    ] {
        assert!(good.contains(from), "{from}");
        let text = good.replacen(from, to, 1);
        let error = read(text.as_bytes(), &mut All::default()).unwrap_err().to_string();
        assert!(error.contains(want), "{to}: {error}");
    }
    for (text, want) in [
        ("", "the file is empty"),
        ("[{\"image_id\":1,\"score\":0.5}]", "looks like COCO results"),
        ("\"text\"", "a COCO instances file"),
        (r#"{"images":[],"images":[]}"#, "images, line 1, column 22: stands twice"),
        (r#"{"images":{"a":1}}"#, "a list of images"),
    ] {
        let error = read(text.as_bytes(), &mut All::default()).unwrap_err().to_string();
        assert!(error.contains(want), "{text}: {error}");
    }
}
