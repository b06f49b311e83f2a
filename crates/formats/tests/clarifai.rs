//! The API's archives: what is written is read back, and the layout is what the vendor's reader expects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use labelscope_api::messages::{
    BoundingBox, Concept, ConceptValue, Data, HostedUrl, Image, ImageInfo, Input, Region, RegionInfo,
};
use labelscope_formats::archive::{self, Limits};
use labelscope_formats::clarifai::{Format, Writer, read};
use serde_json::json;
use std::io::Cursor;

fn input(n: usize) -> Input {
    Input {
        id: format!("in-{n}"),
        data: Some(Box::new(Data {
            image: Some(Image {
                url: "http://h/é.jpg".into(),
                hosted: Some(HostedUrl {
                    prefix: "http://h".into(),
                    suffix: "x".into(),
                    sizes: vec!["orig".into()],
                    ..HostedUrl::default()
                }),
                image_info: Some(ImageInfo { width: 640, height: 480, format: "JPEG".into(), ..ImageInfo::default() }),
                ..Image::default()
            }),
            concepts: vec![Concept { id: "no".into(), value: ConceptValue(0.0), ..Concept::default() }],
            metadata: json!({"a": [1.5, null, {"b": "ü", "c": true}]}).as_object().cloned(),
            regions: vec![Region {
                id: "r".into(),
                value: 1.0,
                region_info: Some(RegionInfo {
                    bounding_box: Some(BoundingBox { top_row: 0.1, left_col: 0.2, bottom_row: 0.3, right_col: 0.4 }),
                    ..RegionInfo::default()
                }),
                data: Some(Box::new(Data {
                    concepts: vec![Concept { id: "chair".into(), ..Concept::default() }],
                    ..Data::default()
                })),
                ..Region::default()
            }],
            ..Data::default()
        })),
        ..Input::default()
    }
}

fn archive_of(format: Format, count: usize) -> Vec<u8> {
    let mut w = Writer::new(Cursor::new(Vec::new()), format, "all").unwrap();
    (0..count).for_each(|n| w.push(&input(n)).unwrap());
    w.finish().unwrap().into_inner()
}

#[test]
fn inputs_come_back_from_both_formats() {
    for format in [Format::Protobuf, Format::Json] {
        for count in [0, 1, 501] {
            let mut got = Vec::new();
            let found = read(Cursor::new(archive_of(format, count)), |_, i| got.push(i)).unwrap();
            assert_eq!(found, (format, count));
            assert_eq!(got, (0..count).map(input).collect::<Vec<_>>());
        }
    }
}

#[test]
fn members_are_named_as_the_vendor_reads_them() {
    let mut zip = archive::Reader::open(Cursor::new(archive_of(Format::Protobuf, 1203)), Limits::default()).unwrap();
    let names: Vec<_> = (0..zip.len()).map(|i| zip.name(i).unwrap().unwrap()).collect();
    assert_eq!(names, ["mimetype", "all/0000000000_n500", "all/0000000001_n500", "all/0000000002_n203"]);
}

#[test]
fn other_archives_are_refused() {
    let mut w = archive::Writer::new(Cursor::new(Vec::new()));
    w.entry("mimetype", false).unwrap().write_all(b"text/plain").unwrap();
    let error = read(Cursor::new(w.finish().unwrap().into_inner()), |_, _| ()).unwrap_err().to_string();
    assert!(error.contains("text/plain"), "{error}");
}
