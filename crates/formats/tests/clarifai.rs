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
    for format in [Format::Protobuf, Format::Json] {
        let names = names(archive_of(format, 1203));
        assert_eq!(names, ["mimetype", "all/0000000000_n500", "all/0000000001_n500", "all/0000000002_n203"]);
    }
}

fn names(zip: Vec<u8>) -> Vec<String> {
    let mut zip = archive::Reader::open(Cursor::new(zip), Limits::default()).unwrap();
    (0..zip.len()).map(|i| zip.name(i).unwrap().unwrap()).collect()
}

#[test]
fn each_part_has_members_of_its_own() {
    for format in [Format::Protobuf, Format::Json] {
        let mut w = Writer::new(Cursor::new(Vec::new()), format, "train").unwrap();
        (0..501).for_each(|n| w.push(&input(n)).unwrap());
        w.next_split("empty").unwrap();
        w.next_split("val").unwrap();
        w.push(&input(501)).unwrap();
        let zip = w.finish().unwrap().into_inner();
        assert_eq!(
            names(zip.clone()),
            ["mimetype", "train/0000000000_n500", "train/0000000001_n1", "val/0000000000_n1"]
        );
        let mut got = Vec::new();
        read(Cursor::new(zip), |member, i| got.push((member.to_owned(), i.id))).unwrap();
        assert_eq!(got[501], ("val/0000000000_n1".to_owned(), "in-501".to_owned()));
    }
}

#[test]
fn frames_vectors_and_facts_of_media_come_back() {
    let frame = json!({"frame_info": {"number": 7, "time": "280"}, "id": "f", "data": {
        "concepts": [{"id": "run", "value": 0.5}], "embeddings": [{"vector": [0.25, -1.0], "num_dimensions": 2}],
    }});
    let time = json!({"num_frames": 4, "begin_time": 0.5, "end_time": 1.5});
    let label = json!({"concepts": [{"id": "run", "value": 1.0}]});
    let inputs: Vec<Input> = serde_json::from_value(json!([
        {"id": "k", "data": {"regions": [{"region_info": {"keypoint_locations": [{"row": 0.5, "col": 0.25}]}}]}},
        {"id": "s", "data": {
            "tracks": [{"id": "t", "quality": 0.5, "time_info": time, "data": label}],
            "time_segments": [{"id": "u", "time_info": time, "data": label}],
        }},
        {"id": "v", "data": {"frames": [frame], "video": {"url": "u", "video_info": {
            "width": 4, "height": 3, "fps": 25.0, "video_format": "mp4", "bit_rate": 9, "frame_count": 8, "duration_seconds": 0.5,
        }}}},
        {"id": "a", "data": {"audio": {"url": "u", "audio_info": {
            "audio_format": "wav", "sample_rate": 44100, "duration_seconds": 1.5, "bit_rate": 7,
        }}}},
        {"id": "t", "data": {"text": {"raw": "ü", "text_info": {"char_count": 1, "encoding": "UTF-8"}}}},
    ]))
    .unwrap();
    for format in [Format::Protobuf, Format::Json] {
        let mut w = Writer::new(Cursor::new(Vec::new()), format, "all").unwrap();
        inputs.iter().for_each(|i| w.push(i).unwrap());
        let mut got = Vec::new();
        read(Cursor::new(w.finish().unwrap().into_inner()), |_, i| got.push(i)).unwrap();
        assert_eq!(got, inputs);
    }
}

#[test]
fn other_archives_are_refused() {
    let mut w = archive::Writer::new(Cursor::new(Vec::new()));
    w.entry("mimetype", false).unwrap().write_all(b"text/plain").unwrap();
    let error = read(Cursor::new(w.finish().unwrap().into_inner()), |_, _| ()).unwrap_err().to_string();
    assert!(error.contains("text/plain"), "{error}");
}
