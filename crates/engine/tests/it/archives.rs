//! What the API's own archives hold, in both formats.

use crate::imports::{export, freeze};
use crate::world::{World, scope, testdata};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::Base64;
use labelscope_formats::clarifai;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Cursor;

const FORMATS: [ExportFormat; 2] = [ExportFormat::CLARIFAI_DATA_JSON, ExportFormat::CLARIFAI_DATA_PROTOBUF];

/// Inputs by id: the member that each stands in, and its data.
pub fn read(zip: Vec<u8>) -> BTreeMap<String, (String, Data)> {
    let mut out = BTreeMap::new();
    clarifai::read(Cursor::new(zip), |member, input| {
        out.insert(input.id, (member.to_owned(), *input.data.unwrap()));
    })
    .unwrap();
    out
}

fn world() -> World {
    let w = World::new();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let mut inputs: Vec<Input> = serde_json::from_value(json!([
        {"id": "picture", "data": {
            "metadata": {"split": "train", "deep": {"list": [1.5, null, true]}},
            "concepts": [{"id": "cat"}, {"id": "fox", "value": 0.0}],
            "embeddings": [{"vector": [1.0, 0.5], "num_dimensions": 2}],
            "geo": {"geo_point": {"longitude": 8.5, "latitude": 47.25}},
        }},
        {"id": "text", "data": {"text": {"raw": "grüße"}, "metadata": {"split": "test"}}},
        {"id": "film", "data": {"video": {"url": "http://x/film.mp4"}}},
        {"id": "song", "data": {"audio": {"url": "http://x/song.mp3"}}},
    ]))
    .unwrap();
    let room = std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap();
    let image = Image { base64: Base64(room), ..Image::default() };
    inputs[0].data.as_mut().unwrap().image = Some(image);
    inputs.iter_mut().for_each(|i| i.dataset_ids = vec!["d".into()]);
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    let annotations = serde_json::from_value(json!([
        {"input_id": "picture", "data": {"regions": [{
            "region_info": {"bounding_box": {"top_row": 0.25, "left_col": 0.0, "bottom_row": 0.75, "right_col": 0.5}},
            "data": {"concepts": [{"id": "dog"}]},
        }]}},
        {"id": "caption", "input_id": "picture", "data": {"text": {"raw": "A cat, asleep."}, "metadata": {"by": "Ann"}}},
        {"input_id": "song", "data": {"time_segments": [{
            "id": "refrain", "time_info": {"begin_time": 0.5, "end_time": 1.5}, "data": {"concepts": [{"id": "dog"}]},
        }]}},
        {"input_id": "film", "data": {"frames": [{
            "frame_info": {"number": 3, "time": "100"},
            "data": {"concepts": [{"id": "dog", "value": 1.0}], "embeddings": [{"vector": [0.5], "num_dimensions": 1}]},
        }]}},
    ]))
    .unwrap();
    w.ok(&PostAnnotations { user_app_id: scope(), annotations });
    freeze(&w, "d", "v");
    w
}

#[test]
fn both_formats_hold_the_same_and_each_part_its_own_members() {
    let w = world();
    let [json, protobuf] = FORMATS.map(|f| read(export(&w, "d", "v", f)));
    assert_eq!(json, protobuf);
    let members = json.iter().map(|(id, (member, _))| (id.as_str(), member.as_str())).collect::<Vec<_>>();
    let want = [
        ("film", "all/0000000000_n2"),
        ("picture", "train/0000000000_n1"),
        ("song", "all/0000000000_n2"),
        ("text", "test/0000000000_n1"),
    ];
    assert_eq!(members, want);
    let picture = &json["picture"].1;
    let values: Vec<_> = picture.concepts.iter().map(|c| (c.id.as_str(), c.value.0)).collect();
    assert_eq!(values, [("cat", 1.0), ("fox", 0.0)]);
    assert_eq!(picture.metadata.as_ref().unwrap()["deep"], json!({"list": [1.5, null, true]}));
    let place = GeoPoint { longitude: 8.5, latitude: 47.25 };
    assert_eq!(picture.geo.as_ref().unwrap().geo_point, Some(place));
    let region = &picture.regions[0];
    let bounding_box = BoundingBox { top_row: 0.25, left_col: 0.0, bottom_row: 0.75, right_col: 0.5 };
    assert_eq!(region.region_info.as_ref().unwrap().bounding_box, Some(bounding_box));
    assert_eq!(region.data.as_ref().unwrap().concepts[0].id, "dog");
    // What is said of the whole beside labels stands in a region that is nowhere.
    let caption = picture.regions.iter().find(|r| r.id == "caption").unwrap();
    let said = caption.data.as_ref().unwrap();
    assert_eq!((said.text.as_ref().unwrap().raw.as_str(), &caption.region_info), ("A cat, asleep.", &None));
    assert_eq!(said.metadata.as_ref().unwrap()["by"], "Ann");
    let segment = &json["song"].1.time_segments[0];
    assert_eq!((segment.id.as_str(), segment.data.as_ref().unwrap().concepts[0].id.as_str()), ("refrain", "dog"));
    let frame = &json["film"].1.frames[0];
    assert_eq!((frame.frame_info.as_ref().unwrap().number, frame.frame_info.as_ref().unwrap().time.0), (3, 100));
    assert_eq!(frame.data.as_ref().unwrap().concepts[0].id, "dog");
}

#[test]
fn what_is_here_can_be_fetched_and_the_rest_has_its_address() {
    let w = world();
    let all = read(export(&w, "d", "v", ExportFormat::CLARIFAI_DATA_PROTOBUF));
    let hosted = all["picture"].1.image.as_ref().unwrap().hosted.clone().unwrap();
    assert_eq!(hosted.prefix, "http://h/labelscope/v1/media");
    assert!(hosted.sizes.contains(&"orig".to_owned()));
    let reader = w.reader.lock().unwrap();
    assert_eq!(reader.media(&hosted.suffix).unwrap().unwrap().content_type, "image/jpeg");
    let text = all["text"].1.text.as_ref().unwrap();
    let hosted = text.hosted.clone().unwrap();
    assert_eq!((hosted.prefix.as_str(), hosted.sizes), ("http://h/labelscope/v1/media", vec!["orig".to_owned()]));
    assert_eq!(reader.text(&hosted.suffix).unwrap().as_deref(), Some("grüße"));
    // The name holds a hash: numbers alone give nothing away.
    let number = hosted.suffix.rsplit_once('-').unwrap().0;
    for name in [number.to_owned(), format!("{number}-0000000000000000"), "text-".into(), "text-x-y".into()] {
        assert_eq!(reader.text(&name).unwrap(), None, "{name}");
    }
    let film = all["film"].1.video.as_ref().unwrap();
    assert_eq!((film.url.as_str(), film.hosted.clone()), ("http://x/film.mp4", None));
    let song = all["song"].1.audio.as_ref().unwrap();
    assert_eq!((song.url.as_str(), song.hosted.clone()), ("http://x/song.mp3", None));
}

#[test]
fn vectors_are_in_it_only_if_asked() {
    let w = world();
    for format in FORMATS {
        let plain = read(export(&w, "d", "v", format));
        assert!(plain["picture"].1.embeddings.is_empty());
        assert!(plain["film"].1.frames[0].data.as_ref().unwrap().embeddings.is_empty());
        let put = PutDatasetVersionExports {
            user_app_id: scope(),
            dataset_id: "d".into(),
            dataset_version_id: "v".into(),
            exports: vec![DatasetVersionExport { format, include_embeddings: true, ..Default::default() }],
        };
        w.ok(&put);
        w.run_jobs();
        let url = w.ok(&put).exports.remove(0).url;
        let parts: Vec<&str> = url.rsplit('/').collect();
        let file = w.reader.lock().unwrap().export_file(parts[1], parts[0]).unwrap().unwrap();
        let full = read(std::fs::read(file.path).unwrap());
        assert_eq!(full["picture"].1.embeddings[0].vector, [1.0, 0.5]);
        assert_eq!(full["film"].1.frames[0].data.as_ref().unwrap().embeddings[0].vector, [0.5]);
    }
}
