//! Import of predictions: what comes in, what is refused, and what it leaves alone.

use crate::imports::{coco_of, export, freeze, gt};
use crate::models::{add, model, register, version};
use crate::steps::Mortal;
use crate::world::{World, host, scope, testdata};
use labelscope_api::extensions::*;
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::Outcome;
use labelscope_formats::coco::compare::differences;
use serde_json::{Value, json};
use std::sync::Arc;

fn detections() -> Vec<u8> {
    std::fs::read(testdata("indoor85/predictions.json")).unwrap()
}

fn of(dataset: &str, model: &str, version: &str) -> Import {
    Import { dataset_id: dataset.into(), model_id: model.into(), model_version_id: version.into(), ..Import::default() }
}

fn run(w: &World, import: Import, file: impl AsRef<[u8]>) -> Job {
    let job = w.start(import, &[("predictions", file.as_ref())]);
    w.run_jobs();
    w.job(&job.id)
}

fn done(w: &World, import: Import, file: impl AsRef<[u8]>) -> ImportResult {
    let job = run(w, import, file);
    assert_eq!(job.state, JobState::DONE, "{:?}", job.error);
    job.result.unwrap()
}

/// Place, reason and advice, and what the result says of it.
fn failed(w: &World, import: Import, file: impl AsRef<[u8]>) -> (JobError, ImportResult) {
    let job = run(w, import, file);
    assert_eq!(job.state, JobState::FAILED, "{:?}", job.result);
    (job.error.unwrap(), job.result.unwrap_or_default())
}

fn said_by(w: &World, version: &str) -> Vec<Annotation> {
    let mut out = Vec::new();
    for page in 1.. {
        let op = ListAnnotations {
            user_app_id: scope(),
            model_version_ids: vec![version.into()],
            page,
            per_page: 500,
            ..Default::default()
        };
        let found = w.ok(&op).annotations;
        out.extend(found.iter().cloned());
        if found.len() < 500 {
            break;
        }
    }
    out
}

/// What is said of an input as a whole: concepts with their values.
fn labels(w: &World, version: &str) -> Vec<(String, Vec<(String, f32)>)> {
    let concepts = |a: &Annotation| {
        let data = a.data.as_ref().unwrap();
        assert!(data.regions.is_empty() && a.input_level);
        data.concepts.iter().map(|c| (c.id.clone(), c.value.0)).collect()
    };
    said_by(w, version).iter().map(|a| (a.input_id.clone(), concepts(a))).collect()
}

fn revision(w: &World) -> i64 {
    w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap().revision.0
}

fn rooms() -> World {
    let w = World::new();
    w.imported("rooms", &[("gt.json", &gt("indoor85"))]);
    w
}

/// A dataset of texts with concepts, as someone makes it by hand.
fn texts() -> World {
    let w = World::new();
    fill(&w);
    w
}

fn fill(w: &World) {
    let text = |id: &str| Input {
        id: id.into(),
        data: Some(Box::new(Data { text: Some(Text { raw: id.into(), ..Text::default() }), ..Data::default() })),
        dataset_ids: vec!["mail".into()],
        ..Input::default()
    };
    let dataset = |id: &str| Dataset { id: id.into(), ..Dataset::default() };
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![dataset("mail"), dataset("other")] });
    w.ok(&PostInputs { user_app_id: scope(), inputs: vec![text("a"), text("b"), text("c")], ..Default::default() });
    let concepts = ["spam", "ham"].map(|id| Concept { id: id.into(), name: id.to_uppercase(), ..Concept::default() });
    w.ok(&PostConcepts { user_app_id: scope(), concepts: concepts.into() });
}

#[test]
fn real_detections_come_in() {
    let w = rooms();
    freeze(&w, "rooms", "before");
    let (start, counts) = (revision(&w), w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap());
    let job = run(&w, of("rooms", "detector", "d1"), detections());
    let r = job.result.unwrap();
    assert_eq!(
        (r.predictions_added.0, r.annotations_added.0, r.predictions_replaced.0, r.unchanged),
        (494, 494, 0, false)
    );
    assert_eq!((r.unknown_inputs_count.0, r.unknown_concepts_count.0, r.predictions_skipped.0), (0, 0, 0));
    assert_eq!(job.import.unwrap().format, "coco_results");
    assert_eq!(revision(&w), start + 1);
    // Model and version are made as the file tells.
    let made =
        w.ok(&GetModel { user_app_id: scope(), model_id: "detector".into(), ..Default::default() }).model.unwrap();
    assert_eq!((made.model_type_id.as_str(), made.model_version.unwrap().id.as_str()), ("visual-detector", "d1"));

    let said = said_by(&w, "d1");
    assert_eq!(said.len(), 494);
    let first = &said[0];
    let worker = first.worker.as_ref().unwrap().model.as_ref().unwrap();
    assert_eq!((worker.id.as_str(), worker.model_version.as_ref().unwrap().id.as_str()), ("detector", "d1"));
    assert_eq!((first.model_version_id.as_str(), first.trusted, first.input_id.as_str()), ("d1", false, "rooms-1"));
    let data = first.data.as_ref().unwrap();
    assert_eq!(data.metadata.as_ref().unwrap()["labelscope"]["bbox"], json!([0.0, 13.0, 174.0, 231.0]));
    let concept = &data.regions[0].data.as_ref().unwrap().concepts[0];
    assert!((concept.value.0 - 0.471_781).abs() < 1e-7);
    // In the order of the file.
    let file: Vec<Value> = serde_json::from_slice(&detections()).unwrap();
    for (a, want) in said.iter().zip(&file) {
        assert_eq!(a.input_id, format!("rooms-{}", want["image_id"]));
        let own = &a.data.as_ref().unwrap().metadata.as_ref().unwrap()["labelscope"];
        assert!(
            own["bbox"]
                .as_array()
                .unwrap()
                .iter()
                .zip(want["bbox"].as_array().unwrap())
                .all(|(a, b)| a.as_f64() == b.as_f64())
        );
    }
    // Scores are kept to the last bit, though the wire has 32.
    let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    let mut statement = conn.prepare("SELECT l.value FROM annotation a JOIN label l ON l.annotation = a.rev WHERE a.model_version_id = 'd1' ORDER BY a.key").unwrap();
    let scores: Vec<f64> = statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(scores, file.iter().map(|p| p["score"].as_f64().unwrap()).collect::<Vec<_>>());

    // Labels are as they were: in counts, in lists, in a new version and its export.
    let after = w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap();
    assert_eq!((after.inputs, after.concepts), (counts.inputs, counts.concepts));
    let trusted = ListAnnotations { user_app_id: scope(), per_page: 1000, ..Default::default() };
    assert_eq!(w.ok(&trusted).annotations.len(), 686);
    freeze(&w, "rooms", "after");
    let out = coco_of(export(&w, "rooms", "after", ExportFormat::COCO));
    assert_eq!(differences(gt("indoor85").as_slice(), out.as_slice()).unwrap(), Vec::<String>::new());
}

#[test]
fn the_same_file_again_writes_nothing_and_another_takes_its_place() {
    let w = rooms();
    done(&w, of("rooms", "detector", "d1"), detections());
    let before = revision(&w);
    let again = done(&w, of("rooms", "detector", "d1"), detections());
    assert!(again.unchanged);
    assert_eq!((again.annotations_unchanged.0, again.predictions_added.0, revision(&w)), (494, 0, before));
    // Another order is another file: it decides between equal scores.
    let mut file: Vec<Value> = serde_json::from_slice(&detections()).unwrap();
    file.swap(3, 4);
    assert!(!done(&w, of("rooms", "detector", "d1"), serde_json::to_vec(&file).unwrap()).unchanged);
    file.truncate(10);
    file[0]["score"] = 0.5.into();
    let other = done(&w, of("rooms", "detector", "d1"), serde_json::to_vec(&file).unwrap());
    assert_eq!((other.predictions_replaced.0, other.predictions_added.0), (494, 10));
    assert_eq!((said_by(&w, "d1").len(), revision(&w)), (10, before + 2));
    // Two versions stand beside each other, and so do two datasets.
    done(&w, of("rooms", "detector", "d2"), detections());
    w.imported("again", &[("gt.json", &gt("coco100"))]);
    let one = json!([{"image_id": 1146, "category_id": 44, "bbox": [1, 2, 3, 4], "score": 0.5}]);
    done(&w, of("again", "detector", "d1"), one.to_string());
    assert_eq!((said_by(&w, "d1").len(), said_by(&w, "d2").len()), (11, 494));
    // What was changed since by hand is not what the file says.
    let mut changed = said_by(&w, "d1").pop().unwrap();
    changed.data.as_mut().unwrap().regions[0].data.as_mut().unwrap().concepts[0].value.0 = 0.25;
    let op = PatchAnnotations {
        user_app_id: scope(),
        action: "overwrite".into(),
        annotations: vec![changed],
        ..Default::default()
    };
    w.ok(&op);
    let back = done(&w, of("again", "detector", "d1"), one.to_string());
    assert_eq!((back.unchanged, back.predictions_replaced.0), (false, 1));
    // With a model alone its latest version is meant, and a version alone knows its model.
    assert!(done(&w, of("rooms", "detector", ""), detections()).unchanged);
    assert!(done(&w, of("rooms", "", "d2"), detections()).unchanged);
}

#[test]
fn tables_of_scores() {
    let w = texts();
    let long = "input_id,concept_id,score\nb,spam,0.25\na,spam,0.75\nb,HAM,1\n";
    let r = done(&w, of("mail", "sorter", "s1"), long);
    assert_eq!((r.predictions_added.0, r.annotations_added.0), (3, 2));
    let said = |rows: &[(&str, &[(&str, f32)])]| -> Vec<(String, Vec<(String, f32)>)> {
        rows.iter().map(|(i, c)| ((*i).into(), c.iter().map(|(c, v)| ((*c).into(), *v)).collect())).collect()
    };
    // One annotation an input, in the order of first mention; a concept is known by its name too.
    assert_eq!(labels(&w, "s1"), said(&[("b", &[("spam", 0.25), ("ham", 1.0)]), ("a", &[("spam", 0.75)])]));
    let kind = w.ok(&GetModel { user_app_id: scope(), model_id: "sorter".into(), ..Default::default() }).model.unwrap();
    assert_eq!(kind.model_type_id, "visual-classifier");
    let wide = "\u{feff}input_id,spam,ham\r\na,0.5,\r\nb,,\r\nc,0,0.125\r\n";
    let import = Import { model_type_id: "text-classifier".into(), ..of("mail", "words", "w1") };
    let r = done(&w, import, wide);
    assert_eq!((r.predictions_added.0, r.annotations_added.0), (3, 2));
    assert_eq!(labels(&w, "w1"), said(&[("a", &[("spam", 0.5)]), ("c", &[("spam", 0.0), ("ham", 0.125)])]));
    let kind = w.ok(&GetModel { user_app_id: scope(), model_id: "words".into(), ..Default::default() }).model.unwrap();
    assert_eq!(kind.model_type_id, "text-classifier");
    // Two scores of one pair: which holds?
    let (error, _) =
        failed(&w, of("mail", "sorter", "s1"), "input_id,concept_id,score\na,spam,0.25\nb,ham,1\na,SPAM,0.5\n");
    assert_eq!(error.place, "line 4");
    assert!(error.message.contains("line 2") && error.message.contains("two scores"), "{}", error.message);
    assert_eq!(labels(&w, "s1").len(), 2);
}

#[test]
fn images_are_known_by_id_number_and_file_name() {
    let w = rooms();
    let names = ["rooms-1", "indoor_002.jpg", "indoor_003", "4", "000000000005"];
    let table = names.map(|n| format!("{n},chair,0.5\n")).concat();
    done(&w, of("rooms", "m", "v"), format!("input_id,concept_id,score\n{table}"));
    let ids: Vec<String> = said_by(&w, "v").into_iter().map(|a| a.input_id).collect();
    assert_eq!(ids, ["rooms-1", "rooms-2", "rooms-3", "rooms-4", "rooms-5"]);
    // In a second dataset of the same images, too, which have joined it.
    w.imported("copy", &[("gt.json", &gt("indoor85"))]);
    assert_eq!(done(&w, of("copy", "m2", "v2"), detections()).predictions_added.0, 494);
    // An input of another dataset is unknown here.
    let (_, r) = failed(&w, of("copy", "m2", "v2"), "input_id,chair\nrooms-1,1\nrooms-999,1\n");
    assert_eq!(r.unknown_inputs, ["rooms-999"]);
}

#[test]
fn categories_are_known_by_number_whatever_their_concept_is_called_now() {
    let w = rooms();
    let chair = Concept { id: "chair".into(), name: "seat".into(), ..Concept::default() };
    w.ok(&PatchConcepts { user_app_id: scope(), concepts: vec![chair], action: "overwrite".into() });
    assert_eq!(done(&w, of("rooms", "detector", "d1"), detections()).predictions_added.0, 494);
    let one = |category: &str| format!("input_id,concept_id,score\nrooms-1,{category},0.5\n");
    let file: Value = serde_json::from_slice(&gt("indoor85")).unwrap();
    let number =
        file["categories"].as_array().unwrap().iter().find(|c| c["name"] == "chair").unwrap()["id"].to_string();
    for (version, name) in [("n1", number.as_str()), ("n2", "seat"), ("n3", "chair")] {
        done(&w, of("rooms", "labeller", version), one(name));
        assert_eq!(labels(&w, version)[0].1[0].0, "chair", "{name}");
    }
}

#[test]
fn what_the_api_answers_comes_in_again_as_it_was() {
    let w = rooms();
    done(&w, of("rooms", "detector", "d1"), detections());
    let strip = |mut a: Annotation| {
        let id = std::mem::take(&mut a.id);
        let region = &mut a.data.as_mut().unwrap().regions[0];
        assert_eq!(region.id, id);
        region.id = String::new();
        (a.worker, a.created_at, a.modified_at, a.model_version_id) = (None, None, None, String::new());
        a
    };
    let said = said_by(&w, "d1");
    let file =
        serde_json::to_vec(&MultiAnnotationResponse { annotations: said.clone(), ..Default::default() }).unwrap();
    let job = run(&w, of("rooms", "copy", "c1"), &file);
    assert_eq!(job.import.unwrap().format, "clarifai");
    let copied: Vec<Annotation> = said_by(&w, "c1").into_iter().map(strip).collect();
    assert_eq!(copied, said.into_iter().map(strip).collect::<Vec<_>>());
    // Labels are no predictions.
    let labels = w.ok(&ListAnnotations { user_app_id: scope(), ..Default::default() });
    let (error, _) = failed(&w, of("rooms", "copy", "c1"), serde_json::to_vec(&labels).unwrap());
    assert!(error.place.starts_with("annotations[0].trusted"), "{error:?}");
    // Outputs of a model, with an image's labels and its objects.
    let outputs = json!({"outputs": [{"input": {"id": "rooms-1"}, "data": {
        "concepts": [{"id": "chair", "value": 0.75}],
        "regions": [{"region_info": {"bounding_box": {"top_row": 0.25, "left_col": 0, "bottom_row": 0.5, "right_col": 1}}, "data": {"concepts": [{"id": "sofa", "value": 0.5}, {"id": "chair", "value": 0.25}]}}]}}]});
    let r = done(&w, of("rooms", "outputs", "o1"), outputs.to_string());
    assert_eq!((r.annotations_added.0, r.predictions_added.0), (2, 3));
    let said = said_by(&w, "o1");
    assert_eq!((said[0].input_level, said[1].input_level), (true, false));
    assert_eq!(said[1].data.as_ref().unwrap().regions[0].data.as_ref().unwrap().concepts.len(), 2);
}

#[test]
fn outlines_and_masks_are_kept() {
    let w = World::new();
    w.imported("coco100", &[("gt.json", &gt("coco100"))]);
    let file: Value = serde_json::from_slice(&gt("coco100")).unwrap();
    let results: Vec<Value> = file["annotations"].as_array().unwrap().iter().map(|a| {
        json!({"image_id": a["image_id"], "category_id": a["category_id"], "segmentation": a["segmentation"], "score": 0.5})
    }).collect();
    assert_eq!(
        done(&w, of("coco100", "segmenter", "s1"), serde_json::to_vec(&results).unwrap()).predictions_added.0,
        839
    );
    for (a, want) in said_by(&w, "s1").iter().zip(&results) {
        let data = a.data.as_ref().unwrap();
        let info = data.regions[0].region_info.as_ref().unwrap();
        assert_eq!(info.mask.is_some(), want["segmentation"].is_object());
        let kept = &data.metadata.as_ref().unwrap()["labelscope"]["segmentation"];
        let numbers = |v: &Value| -> Vec<f64> {
            v.as_array().unwrap().iter().flat_map(|r| r.as_array().unwrap()).map(|n| n.as_f64().unwrap()).collect()
        };
        if want["segmentation"].is_object() {
            assert_eq!(kept, &want["segmentation"]);
        } else {
            assert_eq!(numbers(kept), numbers(&want["segmentation"]));
        }
    }
    let (image, category) = (&results[0]["image_id"], &results[0]["category_id"]);
    let mask = json!([{"image_id": image, "category_id": category, "segmentation": {"size": [3, 3], "counts": [0, 9]}, "score": 0.5}]);
    let (error, _) = failed(&w, of("coco100", "segmenter", "s1"), mask.to_string());
    assert_eq!(error.place, "[0].segmentation.size");
    assert!(error.message.contains("3 × 3"), "{}", error.message);
}

#[test]
fn what_is_unknown_is_told_and_nothing_is_written() {
    let w = rooms();
    let before = revision(&w);
    let mut file: Vec<Value> = serde_json::from_slice(&detections()).unwrap();
    file[2]["image_id"] = 999.into();
    file[7]["category_id"] = 777.into();
    for n in 0..150 {
        file.push(json!({"image_id": format!("no-{n}"), "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.5}));
    }
    let bytes = serde_json::to_vec(&file).unwrap();
    let (error, r) = failed(&w, of("rooms", "detector", "d1"), &bytes);
    assert_eq!((error.code, error.place.as_str()), (11101, "[2]"));
    assert!(
        error.message.contains("151 of")
            && error.message.contains("(999, no-0, no-1, …)")
            && error.message.contains("(777)"),
        "{}",
        error.message
    );
    assert!(error.advice.contains("skip_unknown"));
    assert_eq!((r.unknown_inputs_count.0, r.unknown_inputs.len(), r.unknown_inputs[0].as_str()), (151, 100, "999"));
    assert_eq!((r.unknown_concepts_count.0, r.unknown_concepts), (1, vec!["777".to_owned()]));
    // Neither model nor prediction nor revision.
    assert_eq!(revision(&w), before);
    let op = GetModel { user_app_id: scope(), model_id: "detector".into(), ..Default::default() };
    assert_eq!(w.refused(&op).0, 21200);
    // All else comes in where that is wanted.
    let r = done(&w, Import { skip_unknown: true, ..of("rooms", "detector", "d1") }, &bytes);
    assert_eq!((r.predictions_added.0, r.predictions_skipped.0, r.unknown_inputs_count.0), (492, 152, 151));
    assert_eq!(said_by(&w, "d1").len(), 492);
    // But what is there does not go for nothing.
    let none = json!([{"image_id": 999, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.5}]).to_string();
    let (error, _) = failed(&w, Import { skip_unknown: true, ..of("rooms", "detector", "d1") }, none);
    assert!(error.message.contains("None of the predictions"), "{}", error.message);
    assert_eq!(said_by(&w, "d1").len(), 492);
}

#[test]
fn a_broken_file_leaves_nothing() {
    let w = texts();
    let before = revision(&w);
    for (file, place, reason) in [
        ("input_id,spam\na,high\n", "spam, line 2, column 2", "must be a number"),
        ("[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}]", "[0].score, line 1", "is missing"),
        (
            "[{\"input_id\": \"a\", \"data\": {\"concepts\": [{\"id\": \"spam\"}]}}]",
            "[0].data.concepts[0].value",
            "is missing",
        ),
        ("[{\"image_id\": 1, ", "line 1", "cut off"),
        ("[{\"x\": 1}]", "[0]", "neither image_id (COCO results) nor input_id"),
        ("", "", "the file is empty"),
        ("[]", "", "neither image_id"),
        // An object in a text has no place in pixels.
        ("[{\"image_id\": \"a\", \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 1}]", "[0]", "Not in dataset"),
    ] {
        let (error, _) = failed(&w, of("mail", "m", "v"), file);
        assert!(error.place.starts_with(place) && error.message.contains(reason), "{file}: {error:?}");
        assert!(!error.advice.is_empty(), "{error:?}");
    }
    let object = "[{\"input_id\": \"a\", \"data\": {\"regions\": []}}]";
    assert!(failed(&w, of("mail", "m", "v"), object).0.message.contains("no predictions"));
    w.ok(&PostConcepts { user_app_id: scope(), concepts: vec![Concept { id: "1".into(), ..Concept::default() }] });
    let pixels = "[{\"image_id\": \"a\", \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 1}]";
    let (error, _) = failed(&w, of("mail", "m", "v"), pixels);
    assert!(error.message.contains("size of input \"a\" is not known"), "{error:?}");
    assert_eq!(revision(&w), before + 1);
    // Two files, or none that was named.
    let job = w.start(of("mail", "m", "v"), &[("a.csv", b"x"), ("b.csv", b"x")]);
    let named = w.start(Import { annotations_file: "c.csv".into(), ..of("mail", "m", "v") }, &[("a.csv", b"x")]);
    w.run_jobs();
    assert!(w.job(&job.id).error.unwrap().message.contains("Two files"));
    assert!(w.job(&named.id).error.unwrap().message.contains("has not arrived"));
    let right = Import { annotations_file: "b.csv".into(), ..of("mail", "m", "v") };
    let job = w.start(right, &[("a.csv", b"x"), ("b.csv", b"input_id,spam\na,1\n")]);
    w.run_jobs();
    assert_eq!(w.job(&job.id).state, JobState::DONE);
}

#[test]
fn what_cannot_be_is_refused_at_once() {
    let w = texts();
    register(&w, model("m", "visual-classifier"));
    add(&w, "m", vec![version("v1")]);
    let post = |import| w.refused(&PostImports { user_app_id: scope(), import: Some(import) });
    for (import, code, words) in [
        (of("nowhere", "m", "v1"), 11101, "nowhere"),
        (Import { format: "coco".into(), ..of("mail", "m", "v1") }, 11102, "coco_results"),
        (Import { format: "csv".into(), ..of("mail", "", "") }, 11102, "model_version_id"),
        (of("mail", "", "v9"), 11102, "name the model"),
        (of("mail", "n", "v1"), 21202, "taken by model \"m\""),
        (of("mail", "a/b", "v2"), 21202, "a/b"),
        (of("mail", "n", "a/b"), 21202, "a/b"),
        (of("", "m", "v1"), 11102, "dataset id"),
    ] {
        let (got, details) = post(import);
        assert!(got == code && details.contains(words), "{got} {details}");
    }
    // Two models must not share a version's id: their predictions could not be told apart.
    register(&w, model("n", "visual-classifier"));
    let op = PostModelVersions {
        user_app_id: scope(),
        model_id: "n".into(),
        model_versions: vec![version("v1")],
        ..Default::default()
    };
    assert_eq!(w.refused(&op).0, 21202);
    // Nor can an annotation name a version of another model.
    let worker: Worker = serde_json::from_value(json!({"model": {"id": "n", "model_version": {"id": "v1"}}})).unwrap();
    let sent = Annotation { input_id: "a".into(), worker: Some(Box::new(worker)), ..Annotation::default() };
    let good = Annotation { worker: None, id: "good".into(), ..sent.clone() };
    let reply = w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![sent, good] });
    let details = &reply.annotations[0].status.as_ref().unwrap().details;
    assert!(details.contains("taken by model \"m\""), "{details}");
    assert!(said_by(&w, "v1").is_empty());
    // It may be taken between the call and the job.
    let job = w.start(of("mail", "new", "v2"), &[("p.csv", b"input_id,spam\na,1\n")]);
    add(&w, "n", vec![version("v2")]);
    w.run_jobs();
    let error = w.job(&job.id).error.unwrap();
    assert!(error.message.contains("taken by model \"n\""), "{error:?}");
    let op = GetModel { user_app_id: scope(), model_id: "new".into(), ..Default::default() };
    assert_eq!(w.refused(&op).0, 21200);
    // So may the dataset go.
    let job = w.start(of("other", "m", "v1"), &[("p.csv", b"input_id,spam\na,1\n")]);
    w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["other".into()] });
    w.run_jobs();
    assert!(w.job(&job.id).error.unwrap().message.contains("other"));
}

#[test]
fn objects_of_a_classifier_are_worth_a_look() {
    let w = rooms();
    register(&w, model("m", "visual-classifier"));
    let r = done(&w, of("rooms", "m", "v"), detections());
    assert!(r.warnings[0].contains("visual-classifier"), "{:?}", r.warnings);
}

#[test]
fn killed_at_any_step_it_ends_as_if_nothing_had_happened() {
    let table = b"input_id,spam\na,0.5\nb,0.25\nc,1\n";
    let mut runs = 0;
    for steps in 1.. {
        let mut m = Mortal::new();
        fill(&m.w);
        let before = revision(&m.w);
        let job = m.w.start(of("mail", "sorter", "s1"), &[("p.csv", table)]);
        let first = m.run(steps);
        // Nothing of it, or all.
        assert!([0, 3].contains(&said_by(&m.w, "s1").len()));
        m = m.killed();
        m.w.run_jobs();
        let done = m.w.job(&job.id);
        assert_eq!(done.state, JobState::DONE, "{:?}", done.error);
        assert_eq!(done.result.unwrap().predictions_added.0, 3);
        assert_eq!((said_by(&m.w, "s1").len(), revision(&m.w)), (3, before + 1));
        runs += 1;
        if first == Outcome::Finished {
            // Written, but not noted.
            m = m.unnoted(&job.id);
            m.w.run_jobs();
            let done = m.w.job(&job.id);
            assert_eq!((done.state, done.result.unwrap().predictions_added.0), (JobState::DONE, 3));
            assert_eq!((said_by(&m.w, "s1").len(), revision(&m.w)), (3, before + 1));
            break;
        }
    }
    assert!(runs > 3);
}

#[test]
fn cancelled_it_leaves_nothing() {
    for steps in 1..4 {
        let m = Mortal::new();
        m.w.imported("rooms", &[("gt.json", &gt("indoor85"))]);
        let before = revision(&m.w);
        let job = m.w.start(of("rooms", "detector", "d1"), &[("p.json", &detections())]);
        assert_eq!(m.run(steps), Outcome::Stopped);
        m.w.ok(&CancelJob { user_app_id: scope(), job_id: job.id.clone() });
        m.w.run_jobs();
        let over = m.w.job(&job.id);
        assert_eq!((over.state, over.result.is_none(), revision(&m.w)), (JobState::CANCELLED, true, before));
        assert!(!m.w.engine.import_folder(&job.id).exists());
    }
}

#[test]
fn the_sample_project_brings_its_detections() {
    let sample = [("indoor85.json", gt("indoor85")), ("predictions.json", detections())];
    let sample: Vec<_> = sample.into_iter().map(|(name, bytes)| (name, &*bytes.leak())).collect();
    let w = World::with_sample(Arc::new(tempfile::tempdir().unwrap()), host(1), sample.leak());
    for round in 0..2 {
        let first = w.ok(&PostSampleImport { user_app_id: scope() }).job.unwrap();
        w.run_jobs();
        let jobs = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs;
        assert_eq!(jobs.len(), 2 * (round + 1));
        assert_eq!(
            (jobs[1].id.as_str(), jobs[1].state, jobs[0].state),
            (first.id.as_str(), JobState::DONE, JobState::DONE)
        );
        let r = jobs[0].result.as_ref().unwrap();
        assert_eq!((r.predictions_added.0, r.unchanged), if round == 0 { (494, false) } else { (0, true) });
        assert_eq!(said_by(&w, "indoor-detector-v1").len(), 494);
    }
    // Where the dataset does not come, they do not either.
    let w = World::with_sample(
        Arc::new(tempfile::tempdir().unwrap()),
        host(1),
        &[("indoor85.json", b"{}"), ("predictions.json", b"[]")],
    );
    w.ok(&PostSampleImport { user_app_id: scope() });
    w.run_jobs();
    let jobs = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs;
    assert_eq!((jobs.len(), jobs[0].state), (1, JobState::FAILED));
}

#[test]
fn a_copy_of_the_app_keeps_them() {
    let w = rooms();
    done(&w, of("rooms", "detector", "d1"), detections());
    let copy = UserAppIdSet { app_id: "copy".into(), ..scope() };
    let sent: PostAppDuplications =
        serde_json::from_value(json!({"app_duplications": [{"destination_app": {"id": "copy"}}]})).unwrap();
    w.ok(&PostAppDuplications { user_app_id: scope(), ..sent });
    w.run_jobs();
    let op = ListAnnotations {
        user_app_id: copy,
        model_version_ids: vec!["d1".into()],
        per_page: 1000,
        ..Default::default()
    };
    let said = w.ok(&op).annotations;
    assert_eq!((said.len(), said[0].worker.as_ref().unwrap().model.as_ref().unwrap().id.as_str()), (494, "detector"));
}
