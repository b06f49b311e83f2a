//! A job that is killed between any two of its steps goes on at the next start, and ends as if nothing had happened.

use crate::exports::blobs;
use crate::imports::{coco_of, export, freeze, gt, photos};
use crate::world::{World, scope};
use labelscope_api::extensions::{CancelJob, GetAppCounts, JobState};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::{self, Outcome};
use labelscope_formats::coco::compare::differences;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Runs the next job and sets `stop` after about `steps` of its steps; gives the outcome.
pub fn run_some(w: &World, steps: usize) -> Outcome {
    let id = w.writer.lock().next_job().unwrap().unwrap();
    let stop = AtomicBool::new(false);
    let over = AtomicBool::new(false);
    let mut reader = w.engine.reader().unwrap();
    thread::scope(|s| {
        s.spawn(|| {
            // Each event is a step that was committed.
            let mut seen = 0;
            while seen < steps && !over.load(Ordering::Relaxed) {
                seen += w.writer.lock().take_events().len();
                thread::yield_now();
            }
            stop.store(true, Ordering::Relaxed);
        });
        let outcome = jobs::run(&w.engine, &mut reader, &w.writer, &id, &stop).unwrap();
        over.store(true, Ordering::Relaxed);
        outcome
    })
}

#[test]
fn an_import_goes_on_after_each_kill() {
    let photos = photos();
    let rooms = gt("indoor85");
    for steps in [1, 2, 4, 8] {
        let mut w = World::new();
        let mut files: Vec<(&str, &[u8])> = photos.iter().take(10).map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        files.push(("gt.json", &rooms));
        let job = w.start_import("rooms", &files);
        for round in 0..200 {
            let outcome = run_some(&w, steps);
            // The process is gone: connections close, nothing else is told.
            let dir = w.dir();
            drop(w);
            w = World::at(dir, 1000 + round);
            if outcome == Outcome::Finished {
                break;
            }
            // Where a phase takes more steps than a round has, it must still come to its end.
            if round > 5 {
                w.run_jobs();
                break;
            }
        }
        let done = w.job(&job.id);
        assert_eq!(done.state, JobState::DONE, "{:?}", done.error);
        let r = done.result.unwrap();
        assert_eq!((r.inputs_added.0, r.annotations_added.0), (85, 686));
        freeze(&w, "rooms", "v1");
        let out = coco_of(export(&w, "rooms", "v1", ExportFormat::COCO));
        assert_eq!(differences(rooms.as_slice(), out.as_slice()).unwrap(), Vec::<String>::new());
    }
}

/// Kills the process after about so many steps of the next job, and starts it again with other random numbers.
fn killed(w: World, steps: usize, seed: &mut u64) -> World {
    run_some(&w, steps);
    let dir = w.dir();
    drop(w);
    *seed += 10_000;
    World::at(dir, *seed)
}

#[test]
fn an_export_goes_on_after_a_kill() {
    let (mut w, mut seed) = (World::new(), 0);
    w.imported("coco100", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "coco100", "whole");
    let formats = [ExportFormat::COCO, ExportFormat::CLARIFAI_DATA_JSON, ExportFormat::CLARIFAI_DATA_PROTOBUF];
    for format in formats {
        let want = export(&w, "coco100", "whole", format);
        for steps in [0, 1, 3] {
            let version = format!("v{}-{steps}", format.0);
            freeze(&w, "coco100", &version);
            w.ok(&PutDatasetVersionExports {
                user_app_id: scope(),
                dataset_id: "coco100".into(),
                dataset_version_id: version.clone(),
                exports: vec![DatasetVersionExport { format, ..Default::default() }],
            });
            w = killed(w, steps, &mut seed);
            assert!(export(&w, "coco100", &version, format) == want, "{version}");
        }
    }
    assert_eq!(blobs(&w), formats.len());
}

#[test]
fn counting_goes_on_after_a_kill() {
    let (mut w, mut seed) = (World::new(), 0);
    w.imported("coco100", &[("gt.json", &gt("coco100"))]);
    let groups = |w: &World, version: &str| {
        let op = ListDatasetVersionMetricsGroups {
            user_app_id: scope(),
            dataset_id: "coco100".into(),
            dataset_version_id: version.into(),
            per_page: 1000,
            ..Default::default()
        };
        w.ok(&op).dataset_version_metrics_groups
    };
    freeze(&w, "coco100", "whole");
    let want = groups(&w, "whole");
    assert!(want.len() > 100);
    for steps in 0..4 {
        let id = format!("v{steps}");
        let version = DatasetVersion { id: id.clone(), ..DatasetVersion::default() };
        w.ok(&PostDatasetVersions {
            user_app_id: scope(),
            dataset_id: "coco100".into(),
            dataset_versions: vec![version],
        });
        w = killed(w, steps, &mut seed);
        w.run_jobs();
        assert_eq!(groups(&w, &id), want);
    }
}

#[test]
fn cancelling_takes_back_what_was_written() {
    let w = World::new();
    w.imported("coco100", &[("gt.json", &gt("coco100"))]);
    let before = w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap();
    let concepts = w.ok(&ListConcepts { user_app_id: scope(), per_page: 200, ..Default::default() }).concepts;
    let job = w.start_import("rooms", &[("gt.json", &gt("indoor85"))]);
    let w = Mutex::new(w);
    // Some steps in, the user cancels; a run that was quicker is fine too, but then there is nothing to take back.
    let guard = w.lock().unwrap();
    run_some(&guard, 6);
    guard.ok(&CancelJob { user_app_id: scope(), job_id: job.id.clone() });
    guard.run_jobs();
    let state = guard.job(&job.id).state;
    if state == JobState::CANCELLED {
        let after = guard.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap();
        assert_eq!((after.concepts, after.datasets, after.inputs), (before.concepts, before.datasets, before.inputs));
        assert_eq!(
            guard.ok(&ListConcepts { user_app_id: scope(), per_page: 200, ..Default::default() }).concepts,
            concepts
        );
        assert_eq!(
            guard.refused(&GetDataset { user_app_id: scope(), dataset_id: "rooms".into(), ..Default::default() }).0,
            11101
        );
    } else {
        assert_eq!(state, JobState::DONE);
    }
}
