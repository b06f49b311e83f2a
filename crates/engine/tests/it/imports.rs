use crate::world::{World, scope, testdata};
use labelscope_api::extensions::{CancelJob, GetAppCounts, GetDatasetSummary, JobState};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_formats::archive::{Limits, Reader};
use labelscope_formats::{clarifai, coco};
use std::io::{Cursor, Read};

pub fn gt(name: &str) -> Vec<u8> {
    std::fs::read(testdata(&format!("{name}/instances_gt.json"))).unwrap()
}

pub fn photos() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(testdata("indoor85/images"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(p).unwrap()))
        .collect();
    all.sort();
    all
}

pub fn freeze(w: &World, dataset: &str, id: &str) {
    let version = DatasetVersion { id: id.into(), ..DatasetVersion::default() };
    w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: dataset.into(), dataset_versions: vec![version] });
    w.run_jobs();
}

/// Asks for an export, runs it, and gives the archive.
pub fn export(w: &World, dataset: &str, version: &str, format: ExportFormat) -> Vec<u8> {
    let put = PutDatasetVersionExports {
        user_app_id: scope(),
        dataset_id: dataset.into(),
        dataset_version_id: version.into(),
        exports: vec![DatasetVersionExport { format, ..Default::default() }],
    };
    let first = w.ok(&put).exports.remove(0);
    assert!(matches!(first.status.unwrap().code.0, 64200 | 64201 | 64203));
    w.run_jobs();
    let done = w.ok(&put).exports.remove(0);
    assert_eq!(done.status.as_ref().unwrap().code.0, 64200, "{:?}", done.status);
    let parts: Vec<&str> = done.url.rsplit('/').collect();
    let file = w.reader.lock().unwrap().export_file(parts[1], parts[0]).unwrap().unwrap();
    let bytes = std::fs::read(&file.path).unwrap();
    assert_eq!((bytes.len() as u64, done.size.0), (file.bytes, file.bytes));
    bytes
}

pub fn coco_of(zip: Vec<u8>) -> Vec<u8> {
    let mut zip = Reader::open(Cursor::new(zip), Limits::default()).unwrap();
    assert_eq!(zip.name(0).unwrap().as_deref(), Some("annotations/instances_all.json"));
    let mut out = Vec::new();
    zip.entry(0).unwrap().read_to_end(&mut out).unwrap();
    out
}

fn revision(w: &World) -> i64 {
    w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap().revision.0
}

#[test]
fn real_datasets_come_out_as_they_went_in() {
    let w = World::new();
    let photos = photos();
    let rooms = gt("indoor85");
    let mut files: Vec<(&str, &[u8])> = photos.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    files.push(("instances_gt.json", &rooms));
    let job = w.imported("rooms", &files);
    let r = job.result.unwrap();
    assert_eq!(
        (r.inputs_added.0, r.annotations_added.0, r.concepts_added.0, r.media_added.0, r.missing_media_count.0),
        (85, 686, 38, 79, 6)
    );
    assert!(r.missing_media.contains(&"indoor_010.jpg".to_owned()));
    w.imported("coco100", &[("gt.json", &gt("coco100"))]);
    let summary = w.ok(&GetDatasetSummary { user_app_id: scope(), dataset_id: "rooms".into() }).summary.unwrap();
    assert_eq!(
        (summary.inputs.0, summary.bounding_boxes.0, summary.concepts_count.0, summary.inputs_without_media.0),
        (85, 686, 30, 6)
    );
    assert_eq!((summary.concepts[0].id.as_str(), summary.concepts[0].annotations.0), ("chair", 106));
    let masks = w.ok(&GetDatasetSummary { user_app_id: scope(), dataset_id: "coco100".into() }).summary.unwrap();
    assert_eq!((masks.polygons.0, masks.masks.0), (830, 9));
    for (dataset, source) in [("rooms", rooms), ("coco100", gt("coco100"))] {
        freeze(&w, dataset, "v1");
        let out = coco_of(export(&w, dataset, "v1", ExportFormat::COCO));
        assert_eq!(
            coco::compare::differences(source.as_slice(), out.as_slice()).unwrap(),
            Vec::<String>::new(),
            "{dataset}"
        );
        for (format, kind) in [
            (ExportFormat::CLARIFAI_DATA_PROTOBUF, clarifai::Format::Protobuf),
            (ExportFormat::CLARIFAI_DATA_JSON, clarifai::Format::Json),
        ] {
            let (mut regions, mut ids) = (0, Vec::new());
            let found = clarifai::read(Cursor::new(export(&w, dataset, "v1", format)), |_, input| {
                regions += input.data.as_ref().unwrap().regions.len();
                ids.push(input.id);
            });
            let want = if dataset == "rooms" { (85, 686) } else { (100, 839) };
            assert_eq!((found.unwrap(), regions), ((kind, want.0), want.1));
            assert_eq!(ids[0], format!("{dataset}-{}", if dataset == "rooms" { "1" } else { "1146" }));
        }
    }
}

#[test]
fn the_same_file_again_changes_nothing() {
    let w = World::new();
    let file = gt("coco100");
    w.imported("coco100", &[("gt.json", &file)]);
    let before = revision(&w);
    let again = w.imported("coco100", &[("gt.json", &file)]).result.unwrap();
    assert!(again.unchanged);
    assert_eq!((again.inputs_unchanged.0, again.annotations_unchanged.0, revision(&w)), (100, 839, before));
    // One box moved: one annotation changes, as one revision of that annotation.
    let text = String::from_utf8(file.clone()).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["annotations"][3]["bbox"][0] = 1.25.into();
    let moved = w.imported("coco100", &[("gt.json", json.to_string().as_bytes())]).result.unwrap();
    assert_eq!(
        (moved.unchanged, moved.annotations_changed.0, moved.annotations_unchanged.0, moved.inputs_changed.0),
        (false, 1, 838, 0)
    );
    // Into a second dataset: the inputs that are there join it.
    let second = w.imported("other", &[("gt.json", &file)]).result.unwrap();
    assert_eq!((second.inputs_added.0, second.inputs_joined.0), (0, 100));
    assert_eq!(w.ok(&GetInputCount { user_app_id: scope() }).counts.unwrap().processed, 100);
}

#[test]
fn an_edit_survives_importing_the_same_file_again() {
    let w = World::new();
    w.imported("rooms", &[("gt.json", &gt("indoor85"))]);
    let edit = Annotation {
        id: "rooms-1-a1".into(),
        input_id: "rooms-1".into(),
        data: Some(Box::new(Data {
            regions: vec![Region {
                region_info: Some(RegionInfo {
                    bounding_box: Some(BoundingBox { top_row: 0.0, left_col: 0.0, bottom_row: 0.5, right_col: 0.5 }),
                    ..Default::default()
                }),
                ..Default::default()
            }],
            ..Data::default()
        })),
        ..Annotation::default()
    };
    w.ok(&PatchAnnotations {
        user_app_id: scope(),
        action: "merge".into(),
        annotations: vec![edit],
        ..Default::default()
    });
    assert!(w.imported("rooms", &[("gt.json", &gt("indoor85"))]).result.unwrap().unchanged);
    freeze(&w, "rooms", "v1");
    let out: serde_json::Value =
        serde_json::from_slice(&coco_of(export(&w, "rooms", "v1", ExportFormat::COCO))).unwrap();
    assert_eq!(
        out["annotations"][0]["bbox"],
        serde_json::json!([0, 0, 320, 240]),
        "the API's geometry is exported once it was changed"
    );
}

#[test]
fn broken_files_leave_nothing_behind() {
    let w = World::new();
    let good = String::from_utf8(gt("indoor85")).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&good).unwrap();
    json["annotations"][685]["category_id"] = 99.into();
    let unknown = json.to_string();
    json["annotations"][685]["category_id"] = 1.into();
    json["images"][84]["id"] = 1.into();
    let twice = json.to_string();
    let cut = &good[..good.len() / 2];
    let cases: [(&str, &[u8], &str, &str); 6] = [
        ("unknown.json", unknown.as_bytes(), "annotations[685].category_id", "category 99"),
        ("twice.json", twice.as_bytes(), "images[84].id", "images[0]"),
        ("cut.json", cut.as_bytes(), "line", "ends too early"),
        ("empty.json", b"", "line", "empty"),
        ("list.json", b"[]", "line", "COCO results"),
        ("none.json", br#"{"images":[],"annotations":[],"categories":[]}"#, "images", "no images"),
    ];
    for (name, bytes, place, reason) in cases {
        let photo = photos().remove(0);
        let job = w.import("rooms", &[(name, bytes), (&photo.0, &photo.1)]);
        let error = job.error.unwrap_or_else(|| panic!("{name} was taken"));
        assert_eq!(job.state, JobState::FAILED);
        assert!(error.place.contains(place) && error.message.contains(reason), "{name}: {error:?}");
        assert!(!w.engine.import_folder(&job.id).exists());
    }
    // A picture that is none, refused after the file itself was read.
    let job = w.import("rooms", &[("gt.json", good.as_bytes()), ("indoor_001.jpg", b"<html>")]);
    assert_eq!(job.error.unwrap().place, "indoor_001.jpg");
    let counts = w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap();
    assert_eq!((counts.concepts.0, counts.datasets.0, counts.inputs.0, counts.revision.0), (0, 0, 0, 0));
    let blobs: Vec<_> = std::fs::read_dir(w.dir().path().join("blobs"))
        .unwrap()
        .flat_map(|d| std::fs::read_dir(d.unwrap().path()).unwrap())
        .collect();
    assert!(blobs.is_empty(), "{blobs:?}");
    assert!(
        w.refused(&GetDataset { user_app_id: scope(), dataset_id: "rooms".into(), ..Default::default() }).0 == 11101
    );
}

#[test]
fn pictures_come_from_zips_too() {
    let w = World::new();
    let mut zip = labelscope_formats::archive::Writer::new(Cursor::new(Vec::new()));
    for (name, bytes) in photos().iter().take(5) {
        zip.entry(&format!("some/folder/{name}"), false).unwrap().write_all(bytes).unwrap();
    }
    zip.entry("some/README.txt", true).unwrap().write_all(b"hello").unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let result = w.imported("rooms", &[("gt.json", &gt("indoor85")), ("pictures.zip", &zip)]).result.unwrap();
    assert_eq!((result.media_added.0, result.missing_media_count.0), (5, 80));
    let input = w.ok(&GetInput { user_app_id: scope(), input_id: "rooms-1".into() }).input.unwrap();
    assert!(input.data.unwrap().image.unwrap().hosted.is_some());
}

#[test]
fn cancelled_before_its_turn_or_while_waiting() {
    let w = World::new();
    let job = w.start_import("rooms", &[("gt.json", &gt("indoor85"))]);
    let cancelled = w.ok(&CancelJob { user_app_id: scope(), job_id: job.id.clone() }).job.unwrap();
    assert_eq!(cancelled.state, JobState::CANCELLED);
    w.run_jobs();
    assert_eq!(revision(&w), 0);
    assert!(!w.engine.import_folder(&job.id).exists());
}

#[test]
fn a_version_does_not_see_what_came_after_it() {
    let w = World::new();
    w.imported("rooms", &[("gt.json", &gt("indoor85"))]);
    freeze(&w, "rooms", "v1");
    let before = export(&w, "rooms", "v1", ExportFormat::CLARIFAI_DATA_JSON);
    w.ok(&DeleteInputs { user_app_id: scope(), ids: (1..40).map(|n| format!("rooms-{n}")).collect() });
    w.ok(&PatchConcepts {
        user_app_id: scope(),
        action: "overwrite".into(),
        concepts: vec![Concept { id: "chair".into(), name: "seat".into(), ..Concept::default() }],
    });
    w.ok(&DeleteAnnotations { user_app_id: scope(), input_ids: vec!["rooms-50".into()], ids: vec![] });
    let out = coco_of(export(&w, "rooms", "v1", ExportFormat::COCO));
    assert_eq!(coco::compare::differences(gt("indoor85").as_slice(), out.as_slice()).unwrap(), Vec::<String>::new());
    assert_eq!(export(&w, "rooms", "v1", ExportFormat::CLARIFAI_DATA_JSON), before);
    freeze(&w, "rooms", "v2");
    let v2: serde_json::Value =
        serde_json::from_slice(&coco_of(export(&w, "rooms", "v2", ExportFormat::COCO))).unwrap();
    assert_eq!(v2["images"].as_array().unwrap().len(), 46);
    assert!(
        v2["categories"].as_array().unwrap().iter().any(|c| c["name"] == "seat"),
        "a renamed concept is exported by its new name"
    );
}
