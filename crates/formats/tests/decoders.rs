//! Files that are nearly right: whatever byte is another, they are read or refused, and never more than was written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use labelscope_api::messages::{Concept, Data, Embedding, Image, Input, Region, RegionInfo, Text};
use labelscope_formats::clarifai::{self, Format};
use labelscope_formats::coco::{self, Error, Sink};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};

/// Counts what it is given, and checks what is promised of it.
#[derive(Default)]
struct Counts(usize);

impl Sink for Counts {
    fn image(&mut self, _: usize, image: coco::Image) -> Result<(), Error> {
        self.0 += 1;
        drop(format!("{image:?}"));
        Ok(())
    }
    fn annotation(&mut self, _: usize, annotation: coco::Annotation) -> Result<(), Error> {
        self.0 += 1;
        drop(format!("{annotation:?}"));
        Ok(())
    }
    fn category(&mut self, _: usize, _: coco::Category) -> Result<(), Error> {
        self.0 += 1;
        Ok(())
    }
    fn extra(&mut self, _: String, _: Value) -> Result<(), Error> {
        Ok(())
    }
}

fn coco_file() -> Value {
    json!({
        "info": {"year": 2024},
        "images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}, {"id": 2, "file_name": "b.jpg", "width": 9, "height": 9}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1.5, 2, 10, 20.25], "area": 202.5, "iscrowd": 0, "segmentation": [[1, 2, 11, 2, 11, 22]]},
            {"id": 2, "image_id": 1, "category_id": 2, "bbox": [0, 0, 64, 48], "area": 3072, "iscrowd": 1, "segmentation": {"size": [48, 64], "counts": [0, 3072]}},
            {"id": 3, "image_id": 2, "category_id": 1, "bbox": [0, 0, 9, 9], "area": 81, "iscrowd": 1, "segmentation": {"size": [9, 9], "counts": "01d2"}}
        ],
        "categories": [{"id": 1, "name": "cat", "supercategory": "animal"}, {"id": 2, "name": "crowd"}]
    })
}

/// Another value in one place of the tree, which `at` chooses.
fn replace(value: &mut Value, at: &mut usize, with: &Value) {
    if *at == 0 {
        *value = with.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, at, with)),
        Value::Object(map) => map.values_mut().for_each(|item| replace(item, at, with)),
        _ => {}
    }
}

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(-1)),
        Just(json!(1e308)),
        Just(json!(u64::MAX)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[]])),
        Just(json!([1])),
        Just(json!({"size": [1, 1], "counts": "~~~~"})),
        Just(json!({"size": [4_000_000_000u64, 4_000_000_000u64], "counts": [1]})),
        any::<f64>().prop_map(Value::from),
        ".{0,5}".prop_map(Value::from),
    ]
}

fn input() -> Input {
    Input {
        id: "in".into(),
        data: Some(Box::new(Data {
            image: Some(Image { url: "http://h/a.jpg".into(), ..Image::default() }),
            text: Some(Text { raw: "ü".into(), ..Text::default() }),
            concepts: vec![Concept { id: "c".into(), ..Concept::default() }],
            embeddings: vec![Embedding { vector: vec![0.5; 8], num_dimensions: 8 }],
            metadata: json!({"a": [1.5, null, {"b": true}]}).as_object().cloned(),
            regions: vec![Region { id: "r".into(), region_info: Some(RegionInfo::default()), ..Region::default() }],
            ..Data::default()
        })),
        ..Input::default()
    }
}

/// An archive whose members were changed one by one, so that the ZIP around them is whole.
fn changed(format: Format, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut writer = clarifai::Writer::new(Cursor::new(Vec::new()), format, "all").unwrap();
    (0..3).for_each(|_| writer.push(&input()).unwrap());
    let written = writer.finish().unwrap();
    let mut from = zip::ZipArchive::new(written).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..from.len() {
        let mut member = from.by_index(n).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        if name != "mimetype" {
            change(&mut bytes);
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn coco_with_another_value_somewhere(at in 0usize..70, with in odd()) {
        let mut file = coco_file();
        replace(&mut file, &mut at.clone(), &with);
        let mut counts = Counts::default();
        if let Err(error) = coco::read(file.to_string().as_bytes(), &mut counts) {
            prop_assert!(!error.to_string().is_empty());
        }
        prop_assert!(counts.0 <= 7);
    }

    #[test]
    fn coco_with_another_byte_somewhere_or_cut_off(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = coco_file().to_string().into_bytes();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let read = coco::read(bytes.as_slice(), &mut Counts::default());
        prop_assert!(!cut || read.is_err(), "half a file is none");
    }

    #[test]
    fn archives_with_another_byte_in_a_member(at in any::<prop::sample::Index>(), byte in any::<u8>(), json in any::<bool>()) {
        let format = if json { Format::Json } else { Format::Protobuf };
        let archive = changed(format, |bytes| {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        });
        let mut count = 0;
        if let Ok((_, told)) = clarifai::read(Cursor::new(archive), |_, input| { count += 1; drop(format!("{input:?}")); }) {
            prop_assert_eq!(told, count);
        }
    }

    #[test]
    fn archives_whose_members_are_anything(bytes in any::<Vec<u8>>(), json in any::<bool>()) {
        let format = if json { Format::Json } else { Format::Protobuf };
        let _ = clarifai::read(Cursor::new(changed(format, |member| member.clone_from(&bytes))), |_, _| ());
        let _ = clarifai::read(Cursor::new(bytes), |_, _| ());
    }
}
