//! Inputs out of data sources.

use crate::extraction::{add_job, code, counts, extraction, found, ids, room, tape, zip};
use crate::uploads::files;
use crate::world::{World, host, scope};
use labelscope_api::extensions::{JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::Secret;
use labelscope_engine::{Draft, Fetch, FetchError, Host, Object, Order, Source, Sources, jobs};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A bucket in memory, and what was asked of it.
#[derive(Default)]
struct Shelf {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    opened: Mutex<Vec<(String, Option<DataSourceCredentials>)>>,
    read: Mutex<Vec<String>>,
    /// Listing fails with this.
    broken: Mutex<Option<String>>,
    /// After so many objects the process is told to stop.
    stop_after: AtomicUsize,
    stop: AtomicBool,
    /// Calls back, and whether they are to fail.
    called: Mutex<Vec<(String, Vec<u8>)>>,
    deaf: AtomicBool,
    /// What happens while the first object is read.
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

#[derive(Clone)]
struct Shop(Arc<Shelf>);

impl Sources for Shop {
    fn open(&self, url: &str, credentials: Option<&DataSourceCredentials>) -> Result<Box<dyn Source>, FetchError> {
        self.0.opened.lock().unwrap().push((url.to_owned(), credentials.cloned()));
        if url.starts_with("ftp:") {
            return Err(FetchError::Address(format!("{url} is no place that can be opened")));
        }
        Ok(Box::new(self.clone()))
    }
}

impl Source for Shop {
    fn list(&self, after: &str, each: &mut dyn FnMut(Object) -> bool) -> Result<(), FetchError> {
        if let Some(words) = self.0.broken.lock().unwrap().clone() {
            return Err(FetchError::Failed(words));
        }
        let all: Vec<_> = self.0.objects.lock().unwrap().iter().map(|(k, b)| (k.clone(), b.len())).collect();
        for (key, bytes) in all.into_iter().filter(|(key, _)| key.as_str() > after) {
            if !each(Object { key, bytes: bytes as u64 }) {
                break;
            }
        }
        Ok(())
    }

    fn read(
        &self,
        key: &str,
        limit: u64,
        mut into: Draft,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Draft, FetchError> {
        if stop() {
            return Err(FetchError::Stopped);
        }
        self.0.read.lock().unwrap().push(key.to_owned());
        if let Some(happens) = self.0.meanwhile.lock().unwrap().take() {
            happens();
        }
        if self.0.stop_after.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.stop.store(true, Ordering::Relaxed);
        }
        let bytes = self.0.objects.lock().unwrap().get(key).cloned().unwrap_or_default();
        if bytes == b"gone" {
            return Err(FetchError::Failed("the other side answered 404".into()));
        }
        assert!(bytes.len() as u64 <= limit);
        into.writer().unwrap().write_all(&bytes).unwrap();
        Ok(into)
    }
}

impl Fetch for Shop {
    fn fetch(
        &self,
        orders: Vec<Order>,
        _stop: &(dyn Fn() -> bool + Sync),
        arrived: &mut dyn FnMut(usize, Result<Draft, FetchError>),
    ) {
        (0..orders.len()).for_each(|n| arrived(n, Err(FetchError::Failed("nothing there".into()))));
    }

    fn notify(&self, url: &str, body: &[u8]) -> Result<(), FetchError> {
        self.0.called.lock().unwrap().push((url.to_owned(), body.to_vec()));
        if self.0.deaf.load(Ordering::Relaxed) {
            return Err(FetchError::Failed(format!("{url} answered 500")));
        }
        Ok(())
    }
}

fn shop(objects: &[(&str, &[u8])]) -> Shop {
    let shelf = Shelf { stop_after: AtomicUsize::new(usize::MAX), ..Shelf::default() };
    shelf.objects.lock().unwrap().extend(objects.iter().map(|(k, b)| ((*k).to_owned(), b.to_vec())));
    Shop(Arc::new(shelf))
}

fn at(dir: Arc<tempfile::TempDir>, shop: &Shop, seed: u64) -> World {
    let (sources, fetch): (Arc<dyn Sources>, Arc<dyn Fetch>) = (Arc::new(shop.clone()), Arc::new(shop.clone()));
    World::hosted(dir, Host { sources: Some(sources), fetch: Some(fetch), ..host(seed) })
}

fn world(shop: &Shop) -> World {
    at(Arc::new(tempfile::tempdir().unwrap()), shop, 1)
}

/// Gone and started again.
fn again(w: World, shop: &Shop, seed: u64) -> World {
    let dir = w.dir();
    drop(w);
    at(dir, shop, seed)
}

fn place(job: &str, url: &str) -> InputsDataSource {
    InputsDataSource {
        inputs_add_job_id: job.into(),
        url: Some(DataSourceUrl { url: url.into(), ..DataSourceUrl::default() }),
        ..InputsDataSource::default()
    }
}

fn op(data_sources: Vec<InputsDataSource>) -> PostInputsDataSources {
    PostInputsDataSources { user_app_id: scope(), data_sources, ..Default::default() }
}

/// Runs the next job until it ends or the shop says stop.
fn run_one(w: &World, shop: &Shop) -> jobs::Outcome {
    let id = w.writer.lock().next_job().unwrap().unwrap();
    let mut reader = w.engine.reader().unwrap();
    jobs::run(&w.engine, &mut reader, &w.writer, &id, &shop.0.stop).unwrap()
}

#[test]
fn what_lies_below_an_address_becomes_inputs() {
    let pack = zip(&[("in/x.txt", b"x"), ("in/y.txt", b"y")]);
    let shop = shop(&[
        ("pre/", b""),
        ("pre/.keep", b"x"),
        ("pre/a/1.jpg", &room(1)),
        ("pre/b/1.jpg", &room(2)),
        ("pre/b/2.txt", b"two"),
        ("pre/bad.bin", &[0, 1]),
        ("pre/c.txt", b"gone"),
        // An archive by its bytes, whatever its name.
        ("pre/pack.data", &pack),
    ]);
    let w = world(&shop);
    let template = Input {
        data: Some(Box::new(Data {
            concepts: vec![Concept { id: "c".into(), ..Concept::default() }],
            ..Data::default()
        })),
        ..Input::default()
    };
    let sent = InputsDataSource { input_template: Some(Box::new(template)), ..place("", "s3://bucket/pre/") };
    let jobs = w.ok(&op(vec![sent])).inputs_add_jobs;
    assert_eq!((jobs.len(), jobs[0].id.len(), code(jobs[0].status.as_ref())), (1, 32, 64000));
    let extraction = &jobs[0].extraction_jobs[0];
    assert_eq!((extraction.url.as_str(), code(extraction.status.as_ref())), ("s3://bucket/pre/", 64000));
    assert_eq!(extraction.input_template.as_ref().unwrap().data.as_ref().unwrap().concepts[0].id, "c");
    w.run_jobs();
    let job = add_job(&w, &jobs[0].id);
    assert_eq!((code(job.status.as_ref()), counts(&job)), (64002, [0, 0, 5, 2]));
    let extraction = &job.extraction_jobs[0];
    assert_eq!((code(extraction.status.as_ref()), found(extraction)), (64002, [2, 0, 0, 3, 0, 0, 1, 0]));
    let told = &extraction.status.as_ref().unwrap().details;
    assert!(
        told.contains("2 files were left out") && told.contains("pre/c.txt: the other side answered 404"),
        "{told}"
    );
    assert_eq!(ids(&w), ["pre-a-1.jpg", "pre-b-1.jpg", "2", "x", "y"]);
    let input = w.ok(&GetInput { user_app_id: scope(), input_id: "2".into() }).input.unwrap().data.unwrap();
    assert_eq!((input.concepts[0].id.as_str(), input.text.unwrap().raw.as_str()), ("c", "two"));
    assert_eq!(shop.0.opened.lock().unwrap()[0], ("s3://bucket/pre/".to_owned(), None));
    // Pictures alone are kept.
    assert_eq!(files(&w, "blobs").len(), 2);
    let done = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs.remove(0);
    assert_eq!((done.state, done.done.0, done.total.0), (JobState::DONE, 7, 7));
}

#[test]
fn a_hidden_folder_is_passed_over_unless_it_is_asked_for() {
    let shop = shop(&[(".cache/a.txt", b"a"), (".cache/.b.txt", b"b"), ("c.txt", b"c")]);
    let w = world(&shop);
    w.ok(&op(vec![place("all", "s3://b/")]));
    w.run_jobs();
    assert_eq!(ids(&w), ["c"]);
    shop.0.objects.lock().unwrap().remove("c.txt");
    w.ok(&op(vec![place("hidden", "s3://b/.cache/")]));
    w.run_jobs();
    assert_eq!(ids(&w), ["c", "a"]);
}

#[test]
fn what_is_cancelled_while_it_is_read_is_not_added() {
    let shop = shop(&[("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c")]);
    let w = Arc::new(world(&shop));
    w.ok(&op(vec![place("job", "s3://b/")]));
    let other = w.clone();
    let cancel = move || {
        let job = CancelInputsAddJob { user_app_id: scope(), id: "job".into() };
        assert_eq!(code(other.ok(&job).inputs_add_job.unwrap().status.as_ref()), 64004);
    };
    *shop.0.meanwhile.lock().unwrap() = Some(Box::new(cancel));
    w.run_jobs();
    let job = add_job(&w, "job");
    assert_eq!((ids(&w).len(), counts(&job), code(job.extraction_jobs[0].status.as_ref())), (0, [0; 4], 64004));
    assert_eq!(*shop.0.read.lock().unwrap(), ["a.txt"]);
    assert_eq!(w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs[0].state, JobState::CANCELLED);
}

#[test]
fn a_single_archive_is_unpacked() {
    let shop = shop(&[("Archive.zip", &zip(&[("1.jpg", &room(1)), ("2.jpg", &room(2))]))]);
    let w = world(&shop);
    w.ok(&op(vec![place("job", "s3://samples/Archive.zip")]));
    w.run_jobs();
    assert_eq!(found(&extraction(&w, "job")), [2, 0, 0, 0, 0, 0, 1, 0]);
    assert_eq!((ids(&w), counts(&add_job(&w, "job"))), (vec!["1".into(), "2".into()], [0, 0, 2, 0]));
}

#[test]
fn files_of_several_archives_are_told_apart_and_a_bad_one_spoils_nothing() {
    let shop = shop(&[
        ("a.zip", &zip(&[("1.txt", b"a")])),
        ("b.tgz", &tape(&[("1.txt", b"b")], true)),
        ("c.zip", &zip(&[("ok.txt", b"c"), ("../1.txt", b"c")])),
        ("d.txt", b"d"),
    ]);
    let w = world(&shop);
    w.ok(&op(vec![place("job", "s3://b/")]));
    w.run_jobs();
    assert_eq!(ids(&w), ["a-1", "b-1", "d"]);
    let extraction = extraction(&w, "job");
    assert_eq!((code(extraction.status.as_ref()), found(&extraction)), (64002, [0, 0, 0, 3, 0, 0, 2, 1]));
    assert!(extraction.status.unwrap().details.contains("c.zip: entry 1 has the name \"../1.txt\""));
    assert_eq!(counts(&add_job(&w, "job")), [0, 0, 3, 1]);
    // Where nothing else lies there the job has failed.
    shop.0.objects.lock().unwrap().retain(|k, _| k == "c.zip");
    w.ok(&op(vec![place("bad", "s3://b/c.zip")]));
    w.run_jobs();
    let job = add_job(&w, "bad");
    let status = job.extraction_jobs[0].status.clone().unwrap();
    assert!(status.code.0 == 67000 && status.details.contains("leaves the archive"), "{status:?}");
    assert_eq!(found(&job.extraction_jobs[0]), [0, 0, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn what_cannot_be_listed_says_why() {
    let shop = shop(&[]);
    let w = world(&shop);
    w.ok(&op(vec![place("empty", "s3://b/none/"), place("odd", "ftp://h/x")]));
    w.run_jobs();
    *shop.0.broken.lock().unwrap() = Some("access denied".into());
    w.ok(&op(vec![place("denied", "s3://b/")]));
    w.run_jobs();
    for (id, words) in [
        ("empty", "nothing lies at s3://b/none/"),
        ("odd", "ftp://h/x cannot be listed: ftp://h/x is no place"),
        ("denied", "access denied"),
    ] {
        let job = add_job(&w, id);
        let status = job.extraction_jobs[0].status.clone().unwrap();
        assert!(status.code.0 == 66000 && status.details.contains(words), "{status:?}");
        assert_eq!((code(job.status.as_ref()), counts(&job)), (64003, [0; 4]));
    }
}

#[test]
fn a_bad_call_is_refused_with_its_place() {
    let w = World::new();
    let (refused, details) = w.refused(&op(vec![place("", "s3://b/")]));
    assert!(refused == 10040 && details.contains("opens no data sources"), "{details}");
    let shop = shop(&[]);
    let w = world(&shop);
    let bad = Input { dataset_ids: vec!["none".into()], ..Input::default() };
    for (sent, words) in [
        (vec![], "data_sources holds 0"),
        (vec![place("", "s3://b/"); 129], "data_sources holds 129"),
        (vec![place("", "s3://b/"), place("", " ")], "data_sources[1].url.url is empty"),
        (vec![place("", &format!("s3://{}", "b".repeat(5000)))], "data_sources[0].url.url is longer"),
        (vec![InputsDataSource { url: None, ..place("", "") }], "data_sources[0].url.url is empty"),
        (vec![place("a/b", "s3://b/")], "data_sources[0]: inputs_add_job id"),
        (
            vec![InputsDataSource { input_template: Some(Box::new(bad)), ..place("", "s3://b/") }],
            "data_sources[0].input_template: dataset \"none\"",
        ),
    ] {
        let details = w.refused(&op(sent)).1;
        assert!(details.contains(words), "{details}");
    }
    for url in ["file:///etc/passwd", "javascript:x", "x"] {
        let sent = PostInputsDataSources { call_back_url: url.into(), ..op(vec![place("", "s3://b/")]) };
        assert!(w.refused(&sent).1.contains("call_back_url must begin"));
    }
    assert!(w.ok(&ListInputsAddJobs { user_app_id: scope(), ..Default::default() }).inputs_add_jobs.is_empty());
    // Without calls to others nobody can be told.
    let sources: Arc<dyn Sources> = Arc::new(shop.clone());
    let host = Host { sources: Some(sources), ..host(1) };
    let w = World::hosted(Arc::new(tempfile::tempdir().unwrap()), host);
    let sent = PostInputsDataSources { call_back_url: "http://h/x".into(), ..op(vec![place("", "s3://b/")]) };
    assert!(w.refused(&sent).1.contains("without calls to others"));
}

#[test]
fn a_killed_job_goes_on_behind_the_last_object() {
    let mut objects: Vec<(String, Vec<u8>)> = (0..90).map(|n| (format!("o{n:02}.txt"), vec![b'a'; n + 1])).collect();
    let names: Vec<String> = (0..70).map(|n| format!("m{n:02}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), n.as_bytes())).collect();
    objects.push(("o50.zip".into(), zip(&members)));
    let all: Vec<(&str, &[u8])> = objects.iter().map(|(k, b)| (k.as_str(), b.as_slice())).collect();
    for stop_after in [1, 20, 40, 52, 75, 91] {
        let shop = shop(&all);
        let mut w = world(&shop);
        w.ok(&op(vec![place("job", "s3://b/")]));
        shop.0.stop_after.store(stop_after, Ordering::Relaxed);
        assert_eq!(run_one(&w, &shop), jobs::Outcome::Stopped);
        w = again(w, &shop, 50_000);
        let [pending, _, success, failed] = counts(&add_job(&w, "job"));
        assert_eq!((success as usize, failed), (ids(&w).len(), 0));
        assert!(pending > 0, "{stop_after}");
        // Once more, while it goes on.
        shop.0.stop.store(false, Ordering::Relaxed);
        shop.0.stop_after.store(20, Ordering::Relaxed);
        run_one(&w, &shop);
        w = again(w, &shop, 90_000);
        shop.0.stop.store(false, Ordering::Relaxed);
        w.run_jobs();
        let job = add_job(&w, "job");
        assert_eq!((counts(&job), code(job.status.as_ref())), ([0, 0, 160, 0], 64002), "{stop_after}");
        assert_eq!(found(&job.extraction_jobs[0]), [0, 0, 0, 160, 0, 0, 1, 0]);
        let mut inputs = ids(&w);
        inputs.sort();
        inputs.dedup();
        assert_eq!(inputs.len(), 160);
    }
}

const SECRETS: [&str; 9] =
    ["s3id4u", "s3secret4u", "s3token4u", "gcp4u", "azure4u", "query4u", "pass4u", "pat4u", "callback4u"];

/// Credentials of every kind, in every place where they may be.
fn secretive() -> PostInputsDataSources {
    let secret = |text: &str| Secret(text.into());
    let credentials = DataSourceCredentials {
        s3_creds: Some(AwsCreds {
            region: "eu-1".into(),
            id: secret("s3id4u"),
            secret: secret("s3secret4u"),
            token: secret("s3token4u"),
        }),
        gcp_creds: secret("gcp4u"),
        azure_blob_creds: Some(AzureBlobCreds { account_name: "acc".into(), account_key: secret("azure4u") }),
    };
    let url = "https://user:pass4u@h/pre/?sig=query4u".into();
    let url = Some(DataSourceUrl { url, credentials: Some(credentials) });
    PostInputsDataSources {
        call_back_url: "https://h/hook?token=callback4u".into(),
        app_pat: secret("pat4u"),
        ..op(vec![InputsDataSource { url, ..place("job", "") }])
    }
}

/// None of the secrets is in a text, nor in any file of the data folder.
fn holds_no_secret(w: &World, texts: &[String]) {
    let stored = files(w, "").into_iter().map(|b| String::from_utf8_lossy(&b).into_owned());
    for text in texts.iter().cloned().chain(stored) {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} is in {} bytes", text.len());
        }
    }
}

/// All that the server says of a job.
fn said(w: &World) -> Vec<String> {
    let jobs = w.ok(&ListInputsAddJobs { user_app_id: scope(), ..Default::default() });
    let work = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() });
    vec![serde_json::to_string(&jobs).unwrap(), serde_json::to_string(&work).unwrap(), format!("{jobs:?}")]
}

#[test]
fn credentials_open_the_source_and_are_stored_nowhere() {
    let shop = shop(&[("pre/a.txt", b"a")]);
    let w = world(&shop);
    let sent = secretive();
    let reply = w.ok(&sent);
    let job = &reply.inputs_add_jobs[0];
    assert_eq!((job.call_back_url.as_str(), job.app_pat.0.as_str()), ("https://h/hook", ""));
    assert_eq!(job.extraction_jobs[0].url, "https://h/pre/");
    holds_no_secret(&w, &[serde_json::to_string(&reply).unwrap()]);
    w.run_jobs();
    let (url, credentials) = shop.0.opened.lock().unwrap()[0].clone();
    let posted = sent.data_sources[0].url.clone().unwrap();
    assert_eq!((url, credentials), (posted.url, posted.credentials));
    assert_eq!(ids(&w), ["a"]);
    holds_no_secret(&w, &said(&w));
    // The other side repeats what it was given.
    *shop.0.broken.lock().unwrap() = Some(format!("denied: {}", SECRETS[..7].join(" & ")));
    shop.0.deaf.store(true, Ordering::Relaxed);
    w.ok(&secretive());
    w.run_jobs();
    let job = add_job(&w, "job");
    assert!(job.extraction_jobs[1].status.as_ref().unwrap().details.contains("denied: (hidden)"));
    assert!(job.status.unwrap().details.contains("could not be told"));
    shop.0.broken.lock().unwrap().take();
    // What was posted without success is not stored either.
    let mut bad = secretive();
    bad.data_sources.push(place("", ""));
    let (_, details) = w.refused(&bad);
    holds_no_secret(&w, &[details]);
    let texts = said(&w).into_iter().filter(|t| !t.contains("pat4u")).collect::<Vec<_>>();
    holds_no_secret(&w, &texts);
}

#[test]
fn after_a_restart_credentials_are_asked_for_again() {
    let shop = shop(&[("pre/a.txt", b"a"), ("pre/b.txt", b"b")]);
    let w = world(&shop);
    w.ok(&secretive());
    w.ok(&op(vec![place("open", "s3://b/")]));
    let w = again(w, &shop, 50_000);
    w.run_jobs();
    let job = add_job(&w, "job");
    let status = job.extraction_jobs[0].status.clone().unwrap();
    assert!(status.code.0 == 66000 && status.details.contains("post the data source again"), "{status:?}");
    // Nobody can be called, and that is told.
    assert!(shop.0.called.lock().unwrap().is_empty());
    assert!(job.status.unwrap().details.contains("is not stored"));
    // What needs nothing else goes on.
    assert_eq!(counts(&add_job(&w, "open")), [0, 0, 2, 0]);
    // Posted again, what is there already is left alone.
    shop.0.objects.lock().unwrap().insert("pre/c.txt".into(), b"c".to_vec());
    w.ok(&secretive());
    w.run_jobs();
    assert_eq!((ids(&w), counts(&add_job(&w, "job"))), (vec!["a".into(), "b".into(), "c".into()], [0, 0, 1, 2]));
    assert_eq!(shop.0.called.lock().unwrap().len(), 1);
}

fn calls(shop: &Shop) -> Vec<(String, SingleInputsAddJobResponse)> {
    let calls = shop.0.called.lock().unwrap();
    calls.iter().map(|(url, body)| (url.clone(), serde_json::from_slice(body).unwrap())).collect()
}

#[test]
fn the_client_is_called_once_when_all_is_over() {
    let shop = shop(&[("a.txt", b"a")]);
    let w = world(&shop);
    let url = "https://h/hook?token=t0ken";
    let told = |sent: Vec<InputsDataSource>| PostInputsDataSources { call_back_url: url.into(), ..op(sent) };
    w.ok(&told(vec![place("job", "s3://b/"), place("job", "s3://b/")]));
    // An input of the same job whose file is still to come.
    let image = Some(Image { url: "http://x/a.jpg".into(), ..Image::default() });
    let input =
        Input { id: "late".into(), data: Some(Box::new(Data { image, ..Data::default() })), ..Input::default() };
    let op =
        PostInputs { user_app_id: scope(), inputs: vec![input], inputs_add_job_id: "job".into(), ..Default::default() };
    w.ok(&op);
    let extract = |w: &World| {
        let id = w.writer.lock().next_job_in(jobs::Lane::Extract).unwrap().unwrap();
        jobs::run(&w.engine, &mut w.engine.reader().unwrap(), &w.writer, &id, &AtomicBool::new(false)).unwrap();
    };
    extract(&w);
    extract(&w);
    assert!(calls(&shop).is_empty());
    w.run_jobs();
    let called = calls(&shop);
    assert_eq!((called.len(), called[0].0.as_str()), (1, url));
    let job = called[0].1.inputs_add_job.clone().unwrap();
    assert_eq!((job.id.as_str(), code(job.status.as_ref()), counts(&job)), ("job", 64002, [0, 0, 1, 2]));
    assert_eq!(code(called[0].1.status.as_ref()), 10000);
    // Inputs that are added later do not call again; another post that asks for it does.
    let mut op = op;
    op.inputs[0].id = "later".into();
    let data = op.inputs[0].data.as_mut().unwrap();
    data.image.as_mut().unwrap().url = "http://x/b.jpg".into();
    w.ok(&op);
    w.run_jobs();
    assert_eq!(calls(&shop).len(), 1);
    w.ok(&told(vec![place("job", "s3://b/")]));
    w.run_jobs();
    assert_eq!(calls(&shop).len(), 2);
    // A failed call is noted, and the job is none the worse for it.
    shop.0.deaf.store(true, Ordering::Relaxed);
    w.ok(&told(vec![place("deaf", "s3://b/")]));
    w.run_jobs();
    let status = add_job(&w, "deaf").status.unwrap();
    assert!(status.code.0 == 64002 && status.details.contains("(hidden) answered 500"), "{status:?}");
    // One that failed is told of as well, one that was cancelled is not.
    let before = calls(&shop).len();
    *shop.0.broken.lock().unwrap() = Some("denied".into());
    w.ok(&told(vec![place("failed", "s3://b/")]));
    w.run_jobs();
    assert_eq!(code(calls(&shop)[before].1.inputs_add_job.as_ref().unwrap().status.as_ref()), 64003);
    w.ok(&told(vec![place("cancelled", "s3://b/")]));
    w.ok(&CancelInputsAddJob { user_app_id: scope(), id: "cancelled".into() });
    w.run_jobs();
    assert_eq!(calls(&shop).len(), before + 1);
}

#[test]
fn a_call_without_secrets_is_made_after_a_restart() {
    let shop = shop(&[("a.txt", b"a"), ("b.txt", b"b")]);
    let w = world(&shop);
    w.ok(&PostInputsDataSources { call_back_url: "https://h/hook".into(), ..op(vec![place("job", "s3://b/")]) });
    shop.0.stop_after.store(1, Ordering::Relaxed);
    assert_eq!(run_one(&w, &shop), jobs::Outcome::Stopped);
    let w = again(w, &shop, 50_000);
    w.run_jobs();
    let called = calls(&shop);
    assert_eq!((called.len(), called[0].0.as_str()), (1, "https://h/hook"));
}

#[test]
fn an_object_that_is_too_long_is_left_out_unread() {
    let shop = shop(&[("a.txt", b"a"), ("long.bin", &vec![0; (100 << 20) + 1])]);
    let w = world(&shop);
    w.ok(&op(vec![place("job", "s3://b/")]));
    w.run_jobs();
    assert!(extraction(&w, "job").status.unwrap().details.contains("long.bin: the file is longer than 100 MB"));
    assert_eq!(*shop.0.read.lock().unwrap(), ["a.txt"]);
}
