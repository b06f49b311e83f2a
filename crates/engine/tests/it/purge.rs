//! What was purged is nowhere: not in the past, not in an archive, not in any byte of the data folder.

use crate::disk::png;
use crate::imports::{coco_of, export, freeze, gt};
use crate::world::{World, host, scope};
use labelscope_api::extensions::{CancelJob, GetAppCounts, Import, JobState, ListJobs, PostImports, PurgeInputs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::Base64;
use labelscope_engine::{Draft, Fetch, FetchError, Host, Order, jobs};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// A word that is in nothing else.
const MARK: &str = "zanzibar-7f3a";

fn purge(w: &World, ids: &[&str]) -> Status {
    w.ok(&PurgeInputs { user_app_id: scope(), ids: ids.iter().map(|id| (*id).to_owned()).collect() }).status.unwrap()
}

fn picture(id: &str, bytes: &[u8], word: &str) -> Input {
    let image = Some(Image { base64: Base64(bytes.to_vec()), ..Image::default() });
    let metadata = Some(serde_json::from_value(serde_json::json!({"who": word})).unwrap());
    let concepts = vec![Concept { id: "cat".into(), value: ConceptValue(1.0), ..Concept::default() }];
    let data = Some(Box::new(Data { image, metadata, concepts, ..Data::default() }));
    Input { id: id.into(), dataset_ids: vec!["d".into()], data, ..Input::default() }
}

fn dataset(w: &World) {
    let datasets = vec![Dataset { id: "d".into(), ..Dataset::default() }];
    w.ok(&PostDatasets { user_app_id: scope(), datasets });
}

fn post(w: &World, inputs: Vec<Input>) {
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
}

/// Files below a folder that hold one of these pieces.
fn holding(dir: &Path, pieces: &[&[u8]]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(holding(&path, pieces));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            if pieces.iter().any(|piece| bytes.windows(piece.len()).any(|w| w == *piece)) {
                out.push(path);
            }
        }
    }
    out
}

#[test]
fn no_byte_of_it_stays() {
    let w = World::new();
    let dir = w.dir();
    dataset(&w);
    let (theirs, other) = (png(7), png(8));
    post(&w, vec![picture(MARK, &theirs, MARK), picture("other", &other, "somebody")]);
    // It has a past: changed, annotated, frozen, exported, and deleted in the end.
    let annotation = Annotation {
        id: format!("a-{MARK}"),
        input_id: MARK.into(),
        data: Some(Box::new(Data { text: Some(Text { raw: MARK.into(), ..Text::default() }), ..Data::default() })),
        ..Annotation::default()
    };
    w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![annotation] });
    freeze(&w, "d", "v1");
    export(&w, "d", "v1", ExportFormat::CLARIFAI_DATA_JSON);
    let before =
        w.ok(&GetDatasetVersion { user_app_id: scope(), dataset_id: "d".into(), dataset_version_id: "v1".into() });
    std::fs::write(dir.path().join("labelscope.before-4.db"), MARK).unwrap();
    w.ok(&DeleteInput { user_app_id: scope(), input_id: MARK.into() });
    let pieces = [MARK.as_bytes(), &theirs];
    assert!(holding(dir.path(), &pieces).len() >= 3, "database or log, picture, copy");

    let details = purge(&w, &[MARK]).details;
    assert!(details.starts_with("purged 1 inputs"), "{details}");
    assert!(details.contains("counted anew: 1") && details.contains("archives of exports removed: 1"), "{details}");
    assert_eq!(holding(dir.path(), &pieces), Vec::<PathBuf>::new());

    // The rest is as it was, and the version is counted without it.
    w.run_jobs();
    let version = |v: SingleDatasetVersionResponse| v.dataset_version.unwrap();
    let after =
        w.ok(&GetDatasetVersion { user_app_id: scope(), dataset_id: "d".into(), dataset_version_id: "v1".into() });
    assert_eq!(version(after.clone()).status.unwrap().code.0, 64015);
    let inputs = |v: &DatasetVersion| v.metrics.values().next().unwrap().inputs_count.unwrap().0;
    assert_eq!((inputs(&version(before)), inputs(&version(after))), (2, 1));
    let archive = export(&w, "d", "v1", ExportFormat::CLARIFAI_DATA_JSON);
    assert!(!archive.is_empty());
    assert_eq!(w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap().inputs.0, 1);
    assert_eq!(holding(dir.path(), &[&other]).len(), 1);
    assert_eq!(holding(dir.path(), &pieces), Vec::<PathBuf>::new());
    // Once more is fine; what never was is refused; and the id is free.
    assert_eq!(purge(&w, &[MARK]).code.0, 10000);
    let (code, details) = w.refused(&PurgeInputs { user_app_id: scope(), ids: vec![MARK.into(), "never".into()] });
    assert_eq!(code, 11101);
    assert!(details.starts_with("ids[1]"), "{details}");
    post(&w, vec![picture(MARK, &theirs, "again")]);
    assert_eq!(w.ok(&GetInput { user_app_id: scope(), input_id: MARK.into() }).input.unwrap().id, MARK);
}

#[test]
fn a_living_input_goes_and_what_others_share_stays() {
    let w = World::new();
    dataset(&w);
    let shared = png(3);
    post(&w, vec![picture("a", &shared, "x")]);
    let mut twin = picture("b", &shared, "y");
    twin.dataset_ids.clear();
    post(&w, vec![twin]);
    let counts = |w: &World| w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap().inputs.0;
    let facts = |word: &str| {
        let metadata = Some(serde_json::from_value(serde_json::json!({"who": word})).unwrap());
        let data = Some(Box::new(Data { metadata, ..Data::default() }));
        let filter = Filter { input: Some(Box::new(Input { data, ..Input::default() })), ..Filter::default() };
        let query = Some(Query { filters: vec![filter], ..Query::default() });
        let searches = vec![Search { query, ..Search::default() }];
        w.ok(&PostInputsSearches { user_app_id: scope(), searches, ..Default::default() }).hits.len()
    };
    assert_eq!((counts(&w), facts("x"), facts("y")), (2, 1, 1));
    purge(&w, &["a"]);
    assert_eq!((counts(&w), facts("x"), facts("y")), (1, 0, 1));
    assert_eq!(w.refused(&GetInput { user_app_id: scope(), input_id: "a".into() }).0, 11101);
    assert_eq!(holding(w.dir().path(), &[&shared]).len(), 1, "b has it still");
    let members = w.ok(&ListDatasetInputs { user_app_id: scope(), dataset_id: "d".into(), ..Default::default() });
    assert!(members.dataset_inputs.is_empty());
    purge(&w, &["b"]);
    assert_eq!(holding(w.dir().path(), &[&shared]), Vec::<PathBuf>::new());
}

#[test]
fn an_export_that_runs_meanwhile_is_begun_anew() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "d", "v");
    let put = || {
        let exports = vec![DatasetVersionExport { format: ExportFormat::COCO, ..Default::default() }];
        let op = PutDatasetVersionExports {
            user_app_id: scope(),
            dataset_id: "d".into(),
            dataset_version_id: "v".into(),
            exports,
        };
        w.ok(&op).exports.remove(0)
    };
    put();
    // It has begun, and the process ended.
    let id = w.writer.lock().next_job().unwrap().unwrap();
    let mut reader = w.engine.reader().unwrap();
    jobs::run(&w.engine, &mut reader, &w.writer, &id, &AtomicBool::new(true)).unwrap();
    let victim = w.ok(&ListInputs { user_app_id: scope(), ..Default::default() }).inputs.remove(0).id;
    purge(&w, &[&victim]);
    w.run_jobs();
    assert!(put().url.is_empty(), "what was under way is given up");
    w.run_jobs();
    let file: serde_json::Value = serde_json::from_slice(&coco_of(export(&w, "d", "v", ExportFormat::COCO))).unwrap();
    assert_eq!(file["images"].as_array().unwrap().len(), 99);
}

#[test]
fn it_waits_for_what_is_coming_in() {
    let w = World::new();
    dataset(&w);
    post(&w, vec![picture("a", &png(1), "x")]);
    let import = Some(Import { dataset_id: "e".into(), ..Import::default() });
    let job = w.ok(&PostImports { user_app_id: scope(), import }).job.unwrap();
    let (code, details) = w.refused(&PurgeInputs { user_app_id: scope(), ids: vec!["a".into()] });
    assert_eq!(code, 11102);
    assert!(details.contains(&job.id), "{details}");
    w.ok(&CancelJob { user_app_id: scope(), job_id: job.id });
    w.run_jobs();
    purge(&w, &["a"]);
    for ids in [vec![], vec!["a".to_owned(); 1001]] {
        assert_eq!(w.refused(&PurgeInputs { user_app_id: scope(), ids }).0, 11102);
    }
}

#[test]
fn names_of_files_go_from_what_jobs_tell() {
    let w = World::new();
    let gt: serde_json::Value = serde_json::from_slice(&gt("indoor85")).unwrap();
    let job = w.imported("rooms", &[("gt.json", gt.to_string().as_bytes())]);
    let name = job.result.as_ref().unwrap().missing_media[0].clone();
    let image = gt["images"].as_array().unwrap().iter().find(|i| i["file_name"] == name.as_str()).unwrap();
    purge(&w, &[&format!("rooms-{}", image["id"])]);
    assert!(!w.job(&job.id).result.unwrap().missing_media.contains(&name));
    let told = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs;
    assert!(told.iter().all(|job| job.state == JobState::DONE));
    assert_eq!(holding(w.dir().path(), &[name.as_bytes()]), Vec::<PathBuf>::new());
}

#[test]
fn with_an_app_go_the_pictures_that_only_it_has() {
    let w = World::new();
    dataset(&w);
    let (own, shared) = (png(5), png(6));
    post(&w, vec![picture("a", &own, "x"), picture("b", &shared, "y")]);
    let apps = vec![App { id: "second".into(), ..App::default() }];
    w.ok(&PostApps { user_app_id: scope(), apps });
    let mut twin = picture("b", &shared, "y");
    twin.dataset_ids.clear();
    let second = UserAppIdSet { user_id: "me".into(), app_id: "second".into() };
    w.ok(&PostInputs { user_app_id: second, inputs: vec![twin], ..Default::default() });
    w.ok(&DeleteApp { user_app_id: scope() });
    assert_eq!(holding(w.dir().path(), &[&own]), Vec::<PathBuf>::new());
    assert_eq!(holding(w.dir().path(), &[&shared]).len(), 1);
}

#[test]
fn it_goes_from_the_test_sets_of_evaluations() {
    use crate::evaluations::{all, asked, get, pets, post as evaluate, predict, world};
    let w = world();
    predict(&w);
    evaluate(&w, asked("e", pets()));
    w.run_jobs();
    let before = get(&w, "e", all());
    let ids =
        |e: &EvalMetrics| -> Vec<String> { e.test_set.iter().map(|t| t.input.as_ref().unwrap().id.clone()).collect() };
    assert_eq!(ids(&before), ["a", "b", "c", "d"]);
    purge(&w, &["b"]);
    let after = get(&w, "e", all());
    assert_eq!(ids(&after), ["a", "c", "d"]);
    assert_eq!(after.summary, before.summary, "what was measured stays as it was measured");
    // Measured anew, it plays no part.
    evaluate(&w, asked("e", pets()));
    w.run_jobs();
    assert_eq!(ids(&get(&w, "e", all())), ["a", "c", "d"]);
}

/// Does something else while a file is under way.
struct Meanwhile {
    file: Vec<u8>,
    then: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Fetch for Meanwhile {
    fn fetch(
        &self,
        orders: Vec<Order>,
        _stop: &(dyn Fn() -> bool + Sync),
        arrived: &mut dyn FnMut(usize, Result<Draft, FetchError>),
    ) {
        for (index, mut order) in orders.into_iter().enumerate() {
            order.into.writer().unwrap().write_all(&self.file).unwrap();
            if let Some(then) = self.then.lock().unwrap().take() {
                then();
            }
            arrived(index, Ok(order.into));
        }
    }

    fn notify(&self, _url: &str, _body: &[u8]) -> Result<(), FetchError> {
        Ok(())
    }
}

#[test]
fn a_file_that_arrives_after_the_purge_is_not_kept() {
    let file = png(9);
    let fetch = Arc::new(Meanwhile { file: file.clone(), then: Mutex::default() });
    let host = Host { fetch: Some(fetch.clone()), ..host(1) };
    let w = Arc::new(World::hosted(Arc::new(tempfile::tempdir().unwrap()), host));
    let image = Some(Image { url: format!("http://x/{MARK}.png"), ..Image::default() });
    let data = Some(Box::new(Data { image, ..Data::default() }));
    post(&w, vec![Input { id: MARK.into(), data, ..Input::default() }]);
    let purged = w.clone();
    *fetch.then.lock().unwrap() = Some(Box::new(move || drop(purge(&purged, &[MARK]))));
    w.run_jobs();
    assert!(fetch.then.lock().unwrap().is_none());
    // The log is emptied at the next write, if not before.
    dataset(&w);
    assert_eq!(holding(w.dir().path(), &[&file, MARK.as_bytes()]), Vec::<PathBuf>::new());
}

#[test]
fn pages_that_were_split_and_moved_keep_nothing() {
    let w = World::new();
    dataset(&w);
    let text = |n: usize| if n.is_multiple_of(3) { format!("{MARK}-{n}") } else { format!("plain-{n}") };
    // In no order, of many lengths, changed twice: rows move between pages, and pages are freed.
    let order: Vec<usize> = (0..360).map(|n| n * 97 % 360).collect();
    for chunk in order.chunks(90) {
        let inputs = chunk
            .iter()
            .map(|n| {
                let said = text(*n).repeat(1 + n % 40);
                let data =
                    Some(Box::new(Data { text: Some(Text { raw: said, ..Text::default() }), ..Data::default() }));
                Input { id: text(*n), dataset_ids: vec!["d".into()], data, ..Input::default() }
            })
            .collect();
        post(&w, inputs);
    }
    for round in 1..3 {
        for chunk in order.chunks(90) {
            let inputs = chunk
                .iter()
                .map(|n| {
                    let said = serde_json::json!({ "said": text(*n).repeat(1 + n * round % 50) });
                    let data = Data { metadata: Some(serde_json::from_value(said).unwrap()), ..Data::default() };
                    Input { id: text(*n), data: Some(Box::new(data)), ..Input::default() }
                })
                .collect();
            w.ok(&PatchInputs { user_app_id: scope(), inputs, action: "overwrite".into() });
        }
    }
    let marked: Vec<String> = (0..360).filter(|n| n % 3 == 0).map(text).collect();
    w.ok(&DeleteInputs { user_app_id: scope(), ids: marked.iter().step_by(2).cloned().collect() });
    let ids: Vec<&str> = marked.iter().map(String::as_str).collect();
    purge(&w, &ids);
    assert_eq!(holding(w.dir().path(), &[MARK.as_bytes()]), Vec::<PathBuf>::new());
    assert_eq!(w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap().inputs.0, 240);
}
