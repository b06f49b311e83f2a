//! A disk that fills up, at any byte.

use crate::exports::blobs;
use crate::imports::{freeze, gt};
use crate::world::{World, host, scope};
use labelscope_api::extensions::{CancelJob, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::Base64;
use labelscope_engine::{Disk, Host};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A disk with so much room, which blobs use up.
struct Small {
    free: AtomicU64,
    left: AtomicU64,
}

impl Disk for Small {
    fn free(&self, _dir: &Path) -> Option<u64> {
        Some(self.free.load(Ordering::Relaxed))
    }

    fn take(&self, bytes: usize) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 && bytes > 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = left.min(bytes as u64);
        self.left.store(left - taken, Ordering::Relaxed);
        Ok(taken as usize)
    }
}

impl Small {
    fn new() -> Arc<Self> {
        Arc::new(Self { free: AtomicU64::new(u64::MAX), left: AtomicU64::new(u64::MAX) })
    }

    fn set(&self, left: u64) {
        self.left.store(left, Ordering::Relaxed);
    }

    fn free(&self, bytes: u64) {
        self.free.store(bytes, Ordering::Relaxed);
    }
}

fn world(disk: &Arc<Small>) -> World {
    let host = Host { disk: Some(disk.clone()), min_free: 1 << 20, ..host(1) };
    World::hosted(Arc::new(tempfile::tempdir().unwrap()), host)
}

/// Files that are not whole.
fn parts(w: &World) -> usize {
    std::fs::read_dir(w.dir().path().join("blobs/part")).unwrap().count()
}

/// A picture of 4 by 3 pixels as far as its head goes; another for each number.
pub fn png(number: u8) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x03\x08\x02\0\0\0".to_vec();
    out.extend((0..64).map(|n: u8| n.wrapping_mul(31) ^ number.wrapping_mul(77)));
    out
}

fn picture(id: &str, bytes: &[u8]) -> Input {
    let image = Some(Image { base64: Base64(bytes.to_vec()), ..Image::default() });
    Input { id: id.into(), data: Some(Box::new(Data { image, ..Data::default() })), ..Input::default() }
}

fn post(bytes: &[&[u8]]) -> PostInputs {
    let inputs = bytes.iter().enumerate().map(|(n, bytes)| picture(&format!("i{n}"), bytes)).collect();
    PostInputs { user_app_id: scope(), inputs, ..Default::default() }
}

#[test]
fn pictures_that_do_not_fit_leave_nothing_whatever_the_byte() {
    let disk = Small::new();
    let w = world(&disk);
    let (first, second) = (png(1), png(2));
    let whole = (first.len() + second.len()) as u64;
    for left in 0..whole {
        disk.set(left);
        let error = w.send(&post(&[&first, &second])).unwrap_err();
        assert_eq!((error.http_status, error.code().0), (507, 98004), "at byte {left}: {error}");
        assert!(error.status.details.contains("the disk is full"), "{error}");
        assert_eq!((blobs(&w), parts(&w)), (0, 0), "at byte {left}");
    }
    disk.set(whole);
    w.ok(&post(&[&first, &second]));
    assert_eq!(blobs(&w), 2);
}

#[test]
fn an_archive_that_does_not_fit_can_be_asked_for_again_whatever_the_byte() {
    let disk = Small::new();
    let w = world(&disk);
    let datasets = vec![Dataset { id: "d".into(), ..Dataset::default() }];
    w.ok(&PostDatasets { user_app_id: scope(), datasets });
    let mut op = post(&[&png(1), &png(2)]);
    op.inputs.iter_mut().for_each(|i| i.dataset_ids = vec!["d".into()]);
    w.ok(&op);
    freeze(&w, "d", "v");
    let put = || {
        let op = PutDatasetVersionExports {
            user_app_id: scope(),
            dataset_id: "d".into(),
            dataset_version_id: "v".into(),
            exports: vec![DatasetVersionExport { format: ExportFormat::COCO, ..Default::default() }],
        };
        w.ok(&op).exports.remove(0)
    };
    let mut left = 0;
    loop {
        disk.set(left);
        // One that failed is begun anew.
        put();
        w.run_jobs();
        let job = w.ok(&ListJobs { user_app_id: scope(), per_page: 1, ..Default::default() }).jobs.remove(0);
        if job.state == JobState::DONE {
            break;
        }
        assert_eq!(job.export.unwrap().status.unwrap().code.0, 64202, "at byte {left}");
        let error = job.error.unwrap();
        assert!(error.message.contains("the disk is full") && !error.advice.is_empty(), "{error:?}");
        assert_eq!((blobs(&w), parts(&w)), (2, 0), "at byte {left}");
        left += 1;
    }
    assert!(left > 100, "{left}");
    assert_eq!((blobs(&w), parts(&w)), (3, 0));
}

#[test]
fn an_import_that_does_not_fit_is_taken_back_and_says_what_to_do() {
    let disk = Small::new();
    let w = world(&disk);
    let photos = crate::imports::photos();
    let rooms = gt("indoor85");
    let files: Vec<(&str, &[u8])> = photos
        .iter()
        .take(3)
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .chain([("gt.json", rooms.as_slice())])
        .collect();
    let total: u64 = photos.iter().take(3).map(|(_, bytes)| bytes.len() as u64).sum();
    for left in [0, 1, total / 3, total / 2, total - 1] {
        disk.set(left);
        let job = w.import("rooms", &files);
        assert_eq!(job.state, JobState::FAILED, "at byte {left}");
        let error = job.error.unwrap();
        assert!(error.advice.contains("Free some space"), "{error:?}");
        assert_eq!((blobs(&w), parts(&w)), (0, 0), "at byte {left}");
    }
    disk.set(total);
    w.imported("rooms", &files);
}

#[test]
fn with_little_room_only_deleting_is_let_in_and_jobs_rest() {
    let disk = Small::new();
    let w = world(&disk);
    w.ok(&post(&[&png(1)]));
    let queued = w.start_import("rooms", &[("gt.json", &gt("indoor85"))]);
    disk.free(1 << 19);
    let error = w.send(&post(&[&png(1), &png(2)])).unwrap_err();
    assert_eq!(error.http_status, 507);
    assert!(error.status.details.contains("free some space"), "{error}");
    // Reading is possible, and so is what makes room.
    assert_eq!(w.ok(&ListInputs { user_app_id: scope(), ..Default::default() }).inputs.len(), 1);
    w.ok(&DeleteInput { user_app_id: scope(), input_id: "i0".into() });
    w.run_jobs();
    assert_eq!(w.job(&queued.id).state, JobState::QUEUED);
    disk.free(u64::MAX);
    w.run_jobs();
    assert_eq!(w.job(&queued.id).state, JobState::DONE);
    w.ok(&post(&[&png(1), &png(2)]));
}

/// A disk that runs low at its n-th look.
pub struct RunsLow(pub AtomicU64);

impl Disk for RunsLow {
    fn free(&self, _dir: &Path) -> Option<u64> {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        Some(if left == 0 { 0 } else { u64::MAX })
    }
}

#[test]
fn a_job_that_runs_rests_until_there_is_room_and_then_goes_on() {
    let looks = Arc::new(RunsLow(AtomicU64::new(u64::MAX)));
    let host = Host { disk: Some(looks.clone()), min_free: 1, ..host(1) };
    let w = World::hosted(Arc::new(tempfile::tempdir().unwrap()), host);
    let job = w.start_import("rooms", &[("gt.json", &gt("indoor85"))]);
    looks.0.store(6, Ordering::Relaxed);
    w.run_jobs();
    let rests = w.job(&job.id);
    assert_eq!(rests.state, JobState::RUNNING);
    assert!(rests.notes.contains("free some space"), "{}", rests.notes);
    looks.0.store(u64::MAX, Ordering::Relaxed);
    w.run_jobs();
    let done = w.job(&job.id);
    assert_eq!((done.state, done.notes.as_str()), (JobState::DONE, ""));
    assert_eq!(done.result.unwrap().inputs_added.0, 85);
}

#[test]
fn a_job_that_rests_can_be_cancelled() {
    let looks = Arc::new(RunsLow(AtomicU64::new(u64::MAX)));
    let host = Host { disk: Some(looks.clone()), min_free: 1, ..host(1) };
    let w = World::hosted(Arc::new(tempfile::tempdir().unwrap()), host);
    let job = w.start_import("rooms", &[("gt.json", &gt("indoor85"))]);
    looks.0.store(6, Ordering::Relaxed);
    w.run_jobs();
    assert_eq!(w.job(&job.id).state, JobState::RUNNING);
    w.ok(&CancelJob { user_app_id: scope(), job_id: job.id.clone() });
    w.run_jobs();
    assert_eq!(w.job(&job.id).state, JobState::CANCELLED);
    assert!(!w.engine.import_folder(&job.id).exists());
}
