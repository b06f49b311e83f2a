//! A data folder with an engine in it, and a way to call it.

use labelscope_api::extensions::{GetJob, Import, Job, JobState, PostImports, StartImport};
use labelscope_api::messages::UserAppIdSet;
use labelscope_api::{ApiError, Operation};
use labelscope_engine::{Call, Caller, Clock, Engine, Host, Random, Reader, SampleFile, Writer, is_write, jobs};
use parking_lot::FairMutex;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// A clock that moves a millisecond each time it is read.
struct Ticks(AtomicI64);

impl Clock for Ticks {
    fn now(&self) -> i64 {
        1_700_000_000_000_000 + self.0.fetch_add(1000, Ordering::Relaxed)
    }
}

struct Numbers(AtomicU64);

impl Random for Numbers {
    fn fill(&self, buffer: &mut [u8]) {
        let n = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        buffer.iter_mut().zip(n.to_le_bytes().into_iter().cycle()).for_each(|(b, v)| *b = v);
    }
}

pub fn host(seed: u64) -> Host {
    Host {
        clock: Arc::new(Ticks(AtomicI64::new(0))),
        random: Arc::new(Numbers(AtomicU64::new(seed))),
        fetch: None,
        sources: None,
        disk: None,
        min_free: 0,
    }
}

pub struct World {
    pub engine: Engine,
    pub writer: FairMutex<Writer>,
    pub reader: Mutex<Reader>,
    dir: Arc<tempfile::TempDir>,
}

pub fn scope() -> UserAppIdSet {
    UserAppIdSet { user_id: "me".into(), app_id: "demo".into() }
}

pub fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)
}

impl World {
    pub fn new() -> Self {
        Self::at(Arc::new(tempfile::tempdir().unwrap()), 1)
    }

    pub fn at(dir: Arc<tempfile::TempDir>, seed: u64) -> Self {
        Self::hosted(dir, host(seed))
    }

    pub fn hosted(dir: Arc<tempfile::TempDir>, host: Host) -> Self {
        Self::with_sample(dir, host, &[])
    }

    pub fn with_sample(dir: Arc<tempfile::TempDir>, host: Host, sample: &'static [SampleFile]) -> Self {
        let engine = Engine::open(dir.path(), host, sample).unwrap();
        let writer = FairMutex::new(engine.writer().unwrap());
        let reader = Mutex::new(engine.reader().unwrap());
        Self { engine, writer, reader, dir }
    }

    pub fn dir(&self) -> Arc<tempfile::TempDir> {
        self.dir.clone()
    }

    /// Sends an operation as a client would, through bytes.
    pub fn send<O: Operation>(&self, op: &O) -> Result<O::Reply, ApiError> {
        let request = op.request("http://h").unwrap();
        let (path, _) = O::META.match_path(request.uri().path()).unwrap();
        let caller = Caller { user_id: "local".into() };
        let call = Call {
            name: O::META.name,
            path,
            query: request.uri().query().unwrap_or(""),
            body: request.body(),
            caller: &caller,
            base_url: "http://h",
            req_id: "r1",
        };
        let answer = if is_write(O::META.name, request.body()) {
            self.writer.lock().execute(&call)
        } else {
            self.reader.lock().unwrap().execute(&call)
        };
        O::reply(answer.http_status, &answer.body)
    }

    pub fn ok<O: Operation>(&self, op: &O) -> O::Reply {
        self.send(op).unwrap_or_else(|e| panic!("{}: {e}", O::META.name))
    }

    /// The code and the details of a call that must fail.
    pub fn refused<O: Operation + std::fmt::Debug>(&self, op: &O) -> (i32, String) {
        match self.send(op) {
            Ok(_) => panic!("{op:?} succeeded"),
            Err(e) => (e.code().0, e.status.details.clone()),
        }
    }

    /// Runs all jobs that wait, to their ends.
    pub fn run_jobs(&self) {
        let stop = AtomicBool::new(false);
        loop {
            let next = self.writer.lock().next_job().unwrap();
            let Some(id) = next else { return };
            let mut reader = self.engine.reader().unwrap();
            jobs::run(&self.engine, &mut reader, &self.writer, &id, &stop).unwrap();
        }
    }

    /// Makes an import of these files, and starts it.
    pub fn start_import(&self, dataset: &str, files: &[(&str, &[u8])]) -> Job {
        self.start(Import { dataset_id: dataset.into(), ..Default::default() }, files)
    }

    /// The same, of any kind.
    pub fn start(&self, import: Import, files: &[(&str, &[u8])]) -> Job {
        let job = self.ok(&PostImports { user_app_id: scope(), import: Some(import) }).job.unwrap();
        for (name, bytes) in files {
            let path = self.engine.import_folder(&job.id).join("files").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
            assert!(self.writer.lock().note_import_file(&job.id, name, bytes.len() as u64).unwrap());
        }
        self.ok(&StartImport { user_app_id: scope(), import_id: job.id }).job.unwrap()
    }

    /// Imports these files and gives the job at its end.
    pub fn import(&self, dataset: &str, files: &[(&str, &[u8])]) -> Job {
        let job = self.start_import(dataset, files);
        self.run_jobs();
        self.job(&job.id)
    }

    pub fn imported(&self, dataset: &str, files: &[(&str, &[u8])]) -> Job {
        let job = self.import(dataset, files);
        assert_eq!(job.state, JobState::DONE, "{:?}", job.error);
        job
    }

    pub fn job(&self, id: &str) -> Job {
        self.ok(&GetJob { user_app_id: scope(), job_id: id.to_owned() }).job.unwrap()
    }
}
