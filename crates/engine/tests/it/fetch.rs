//! Inputs whose files come later than their call.

use crate::world::{World, host, scope, testdata};
use labelscope_api::extensions::{CancelJob, JobKind, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::{Draft, Fetch, FetchError, Host, Order, jobs};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Answers from a table; what is not in it is an unknown host.
#[derive(Default)]
struct Table {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    asked: Mutex<Vec<String>>,
    /// After so many files nothing comes any more, as if the process had been told to stop.
    stop_after: AtomicUsize,
    stop: AtomicBool,
}

impl Fetch for Table {
    fn fetch(
        &self,
        orders: Vec<Order>,
        stop: &(dyn Fn() -> bool + Sync),
        arrived: &mut dyn FnMut(usize, Result<Draft, FetchError>),
    ) {
        for (index, mut order) in orders.into_iter().enumerate() {
            if stop() {
                return arrived(index, Err(FetchError::Stopped));
            }
            self.asked.lock().unwrap().push(order.url.clone());
            let file = self.files.lock().unwrap().get(&order.url).cloned();
            let result = match file {
                None => Err(FetchError::Address("the host of the url is not known".into())),
                Some(bytes) if bytes.len() as u64 > order.limit => Err(FetchError::TooLong(order.limit)),
                Some(bytes) => {
                    order.into.writer().unwrap().write_all(&bytes).unwrap();
                    Ok(order.into)
                }
            };
            arrived(index, result);
            if self.stop_after.fetch_sub(1, Ordering::Relaxed) == 1 {
                self.stop.store(true, Ordering::Relaxed);
            }
        }
    }

    fn notify(&self, _url: &str, _body: &[u8]) -> Result<(), FetchError> {
        Ok(())
    }
}

fn table(files: &[(&str, Vec<u8>)]) -> Arc<Table> {
    let table = Table { stop_after: AtomicUsize::new(usize::MAX), ..Table::default() };
    table.files.lock().unwrap().extend(files.iter().map(|(url, bytes)| ((*url).to_owned(), bytes.clone())));
    Arc::new(table)
}

fn world(table: &Arc<Table>) -> World {
    at(Arc::new(tempfile::tempdir().unwrap()), table, 1)
}

fn at(dir: Arc<tempfile::TempDir>, table: &Arc<Table>, seed: u64) -> World {
    let fetch: Arc<dyn Fetch> = table.clone();
    World::hosted(dir, Host { fetch: Some(fetch), ..host(seed) })
}

fn room() -> Vec<u8> {
    std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap()
}

fn image(id: &str, url: &str) -> Input {
    let image = Some(Image { url: url.into(), ..Image::default() });
    Input { id: id.into(), data: Some(Box::new(Data { image, ..Data::default() })), ..Input::default() }
}

fn post(w: &World, inputs: Vec<Input>) -> MultiInputResponse {
    w.ok(&PostInputs { user_app_id: scope(), inputs, inputs_add_job_id: "up".into(), ..Default::default() })
}

fn get(w: &World, id: &str) -> Input {
    w.ok(&GetInput { user_app_id: scope(), input_id: id.into() }).input.unwrap()
}

fn code(input: &Input) -> i32 {
    input.status.as_ref().unwrap().code.0
}

fn listed(w: &World, code: StatusCode) -> Vec<String> {
    let status = Some(Status { code, ..Status::default() });
    let op = ListInputs { user_app_id: scope(), status, ..Default::default() };
    w.ok(&op).inputs.into_iter().map(|i| i.id).collect()
}

#[test]
fn an_address_is_pending_and_becomes_a_picture() {
    let t = table(&[("http://x/room.jpg", room())]);
    let w = world(&t);
    let reply = post(&w, vec![image("a", "http://x/room.jpg"), image("b", "http://gone/x.jpg")]);
    assert_eq!(reply.inputs.iter().map(code).collect::<Vec<_>>(), [30001, 30001]);
    let progress = reply.inputs_add_job.unwrap().progress.unwrap();
    assert_eq!((progress.pending_count.0, progress.success_count.0), (2, 0));
    let counts = || w.ok(&GetInputCount { user_app_id: scope() }).counts.unwrap();
    assert_eq!((counts().to_process, counts().processed), (2, 0));
    assert_eq!(listed(&w, StatusCode::INPUT_PENDING), ["a", "b"]);
    assert!(listed(&w, StatusCode::INPUT_SUCCESS).is_empty());
    w.run_jobs();
    let a = get(&w, "a");
    let shown = a.data.as_ref().unwrap().image.clone().unwrap();
    let info = shown.image_info.unwrap();
    assert_eq!((code(&a), info.width, info.height, info.format.as_str()), (30000, 640, 480, "jpeg"));
    assert!(shown.url.contains(&shown.hosted.unwrap().suffix));
    let b = get(&w, "b");
    assert_eq!(code(&b), 30106);
    assert!(b.status.unwrap().details.contains("not known"));
    assert_eq!(b.data.unwrap().image.unwrap().url, "http://gone/x.jpg");
    assert_eq!((counts().to_process, counts().processed, counts().errors), (0, 1, 1));
    assert_eq!(listed(&w, StatusCode::INPUT_SUCCESS), ["a"]);
    assert_eq!(listed(&w, StatusCode::INPUT_INVALID_URL), ["b"]);
    let job = post(&w, vec![image("c", "http://gone/y.jpg")]).inputs_add_job.unwrap();
    let progress = job.progress.unwrap();
    assert_eq!((progress.pending_count.0, progress.success_count.0, progress.failed_count.0), (1, 1, 1));
    assert_eq!(job.status.unwrap().code, StatusCode::JOB_RUNNING);
}

#[test]
fn what_comes_must_be_what_was_said() {
    let huge = {
        let mut png = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R'];
        png.extend([0, 0, 0x40, 0, 0, 0, 0x40, 0, 8, 2, 0, 0, 0]);
        png
    };
    let t = table(&[
        ("http://x/page", b"<html><script>alert(1)</script></html>".to_vec()),
        ("http://x/huge.png", huge),
        ("http://x/long", vec![0xff; (20 << 20) + 1]),
        ("http://x/long.txt", vec![b'a'; (10 << 20) + 1]),
        ("http://x/room.jpg", room()),
        ("http://x/text", "grüße".as_bytes().to_vec()),
    ]);
    let w = world(&t);
    let text = |id: &str, url: &str| {
        let text = Some(Text { url: url.into(), ..Text::default() });
        Input { id: id.into(), data: Some(Box::new(Data { text, ..Data::default() })), ..Input::default() }
    };
    let video = Some(Video { url: "http://x/room.jpg".into(), ..Video::default() });
    let video = Input { id: "v".into(), data: Some(Box::new(Data { video, ..Data::default() })), ..Input::default() };
    post(
        &w,
        vec![
            image("page", "http://x/page"),
            image("huge", "http://x/huge.png"),
            image("long", "http://x/long"),
            video,
            text("t", "http://x/text"),
            text("bad", "http://x/long.txt"),
        ],
    );
    w.run_jobs();
    for (id, want, words) in [
        ("page", 30101, "no JPEG"),
        ("huge", 30105, "16384 by 16384"),
        ("long", 30105, "20 MB"),
        ("v", 30101, "no MP4"),
        ("bad", 30105, "10 MB"),
    ] {
        let input = get(&w, id);
        let status = input.status.unwrap();
        assert!(status.code.0 == want && status.details.contains(words), "{id}: {status:?}");
    }
    let text = get(&w, "t").data.unwrap().text.unwrap();
    assert_eq!((text.raw.as_str(), text.text_info.unwrap().char_count), ("grüße", 5));
    // Nothing of what was refused lies about.
    let blobs = w.dir().path().join("blobs");
    let left = std::fs::read_dir(blobs).unwrap().flat_map(|d| std::fs::read_dir(d.unwrap().path()).unwrap()).count();
    assert_eq!(left, 0);
}

#[test]
fn a_killed_fetch_goes_on_where_it_was_and_asks_nothing_twice() {
    let dir = Arc::new(tempfile::tempdir().unwrap());
    let urls: Vec<String> = (0..20).map(|n| format!("http://x/{n}.jpg")).collect();
    let files: Vec<_> = urls.iter().map(|u| (u.as_str(), room())).collect();
    let t = table(&files);
    t.stop_after.store(7, Ordering::Relaxed);
    {
        let w = at(dir.clone(), &t, 1);
        post(&w, urls.iter().enumerate().map(|(n, url)| image(&format!("i{n}"), url)).collect());
        let id = w.writer.lock().next_job_in(jobs::Lane::Fetch).unwrap().unwrap();
        let mut reader = w.engine.reader().unwrap();
        let ended = jobs::run(&w.engine, &mut reader, &w.writer, &id, &t.stop).unwrap();
        assert_eq!(ended, jobs::Outcome::Stopped);
        assert_eq!(listed(&w, StatusCode::INPUT_SUCCESS).len(), 7);
        assert!(!listed(&w, StatusCode::INPUT_IN_PROGRESS).is_empty());
    }
    t.stop.store(false, Ordering::Relaxed);
    let w = at(dir, &t, 1000);
    w.run_jobs();
    assert_eq!(listed(&w, StatusCode::INPUT_SUCCESS).len(), 20);
    let mut asked = t.asked.lock().unwrap().clone();
    asked.sort();
    let mut all = urls;
    all.sort();
    assert_eq!(asked, all);
    let jobs = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs;
    assert_eq!(jobs.iter().map(|j| (j.kind, j.state)).collect::<Vec<_>>(), [(JobKind::FETCH, JobState::DONE)]);
}

#[test]
fn cancelled_inputs_do_not_wait_for_ever() {
    let t = table(&[("http://x/a.jpg", room())]);
    let w = world(&t);
    post(&w, vec![image("a", "http://x/a.jpg")]);
    let job = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs.remove(0);
    w.ok(&CancelJob { user_app_id: scope(), job_id: job.id });
    w.run_jobs();
    let a = get(&w, "a");
    assert_eq!(code(&a), 30002);
    assert!(a.status.unwrap().details.contains("cancelled"));
    assert!(t.asked.lock().unwrap().is_empty());
}

#[test]
fn what_is_changed_or_deleted_meanwhile_stays_so() {
    let t = table(&[("http://x/a.jpg", room()), ("http://x/b.jpg", room())]);
    let w = world(&t);
    post(&w, vec![image("a", "http://x/a.jpg"), image("b", "http://x/b.jpg")]);
    let data = Data { metadata: serde_json::json!({"k": 1}).as_object().cloned(), ..Data::default() };
    let change = Input { id: "a".into(), data: Some(Box::new(data)), ..Input::default() };
    let patched = w.ok(&PatchInputs { user_app_id: scope(), inputs: vec![change], ..Default::default() });
    assert_eq!(code(&patched.inputs[0]), 30001);
    w.ok(&DeleteInputs { user_app_id: scope(), ids: vec!["b".into()] });
    w.run_jobs();
    let a = get(&w, "a");
    assert_eq!((code(&a), a.data.as_ref().unwrap().metadata.is_some()), (30000, true));
    assert!(a.data.unwrap().image.unwrap().hosted.is_some());
    assert_eq!(w.refused(&GetInput { user_app_id: scope(), input_id: "b".into() }).0, 11101);
    let counts = w.ok(&GetInputCount { user_app_id: scope() }).counts.unwrap();
    assert_eq!((counts.processed, counts.to_process), (1, 0));
    let progress = post(&w, vec![image("c", "http://x/c.jpg")]).inputs_add_job.unwrap().progress.unwrap();
    assert_eq!((progress.pending_count.0, progress.success_count.0, progress.failed_count.0), (1, 1, 1));
}

#[test]
fn a_version_made_before_the_file_came_has_it_too() {
    let t = table(&[("http://x/a.jpg", room())]);
    let w = world(&t);
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let sent = Input { dataset_ids: vec!["d".into()], ..image("a", "http://x/a.jpg") };
    post(&w, vec![sent]);
    let versions = vec![DatasetVersion { id: "v".into(), ..DatasetVersion::default() }];
    w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_versions: versions });
    w.run_jobs();
    let revision =
        |w: &World| w.ok(&ListDatasetInputs { user_app_id: scope(), dataset_id: "d".into(), ..Default::default() });
    assert_eq!(
        revision(&w).dataset_inputs[0]
            .input
            .as_ref()
            .unwrap()
            .data
            .as_ref()
            .unwrap()
            .image
            .as_ref()
            .unwrap()
            .image_info
            .as_ref()
            .unwrap()
            .width,
        640
    );
    let op = GetDatasetVersion { user_app_id: scope(), dataset_id: "d".into(), dataset_version_id: "v".into() };
    assert_eq!(w.ok(&op).dataset_version.unwrap().status.unwrap().code, StatusCode::DATASET_VERSION_READY);
}

#[test]
fn without_fetching_an_address_is_kept_and_all_is_well() {
    let w = World::new();
    let reply = post(&w, vec![image("a", "http://x/a.jpg")]);
    assert_eq!(code(&reply.inputs[0]), 30000);
    assert_eq!(reply.inputs[0].data.as_ref().unwrap().image.as_ref().unwrap().url, "http://x/a.jpg");
    let job = reply.inputs_add_job.unwrap();
    assert_eq!((job.id.as_str(), job.progress.unwrap().success_count.0), ("up", 1));
    assert_eq!(job.status.unwrap().code, StatusCode::JOB_COMPLETED);
    assert!(w.writer.lock().next_job().unwrap().is_none());
}

#[test]
fn an_address_is_taken_once_unless_told_otherwise() {
    let w = World::new();
    let mut twice = image("c", "http://x/a.jpg");
    let reply = post(&w, vec![image("a", "http://x/a.jpg"), image("b", "http://x/a.jpg"), twice.clone()]);
    assert_eq!(reply.inputs.iter().map(code).collect::<Vec<_>>(), [30000, 30100, 30100]);
    assert!(reply.inputs[1].status.as_ref().unwrap().details.contains("\"a\""));
    twice.data.as_mut().unwrap().image.as_mut().unwrap().allow_duplicate_url = true;
    assert_eq!(code(&post(&w, vec![twice]).inputs[0]), 30000);
    w.ok(&DeleteInputs { user_app_id: scope(), ids: vec!["a".into(), "c".into()] });
    assert_eq!(code(&post(&w, vec![image("d", "http://x/a.jpg")]).inputs[0]), 30000);
}

#[test]
fn what_has_not_come_is_exported_with_its_address() {
    let t = table(&[]);
    let w = world(&t);
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    post(&w, vec![Input { dataset_ids: vec!["d".into()], ..image("a", "http://gone/a.jpg") }]);
    let versions = vec![DatasetVersion { id: "v".into(), ..DatasetVersion::default() }];
    w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_versions: versions });
    let format = ExportFormat::CLARIFAI_DATA_PROTOBUF;
    let put = PutDatasetVersionExports {
        user_app_id: scope(),
        dataset_id: "d".into(),
        dataset_version_id: "v".into(),
        exports: vec![DatasetVersionExport { format, ..Default::default() }],
    };
    w.ok(&put);
    let mut reader = w.engine.reader().unwrap();
    while let Some(id) = { w.writer.lock().next_job_in(jobs::Lane::Other).unwrap() } {
        jobs::run(&w.engine, &mut reader, &w.writer, &id, &AtomicBool::new(false)).unwrap();
    }
    let pending = crate::archives::read(crate::imports::export(&w, "d", "v", format));
    w.run_jobs();
    assert_eq!(code(&get(&w, "a")), 30106);
    crate::imports::freeze(&w, "d", "w");
    let failed = crate::archives::read(crate::imports::export(&w, "d", "w", format));
    for archive in [pending, failed] {
        let image = archive["a"].1.image.clone().unwrap();
        assert_eq!((image.url.as_str(), image.hosted), ("http://gone/a.jpg", None));
    }
}
