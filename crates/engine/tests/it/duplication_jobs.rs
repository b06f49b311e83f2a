//! Copies of apps at work: killed, cancelled, and in a world that moves on.

use crate::bulk_operations::{datasets, join, members_of, picture_of};
use crate::duplications::{app, assert_alike, code, fill, get, list, lists, post};
use crate::steps::Mortal;
use crate::world::{World, host, scope, testdata};
use labelscope_api::extensions::{CancelJob, GetAppCounts, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::{self, Outcome};
use labelscope_engine::{Draft, Fetch, FetchError, Host, Order};
use serde_json::json;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[test]
fn it_goes_on_after_each_kill_and_later_changes_do_not_show() {
    let mut m = Mortal::new();
    fill(&m.w);
    let want = lists(&m.w, "demo");
    let id = post(&m.w, json!({"destination_app": {"id": "copy"}})).id;
    let mut steps = 0;
    while m.run(1) == Outcome::Stopped {
        m = m.killed();
        steps += 1;
        assert_eq!(code(&get(&m.w, &id)), 25203);
        let late = json!([{"id": format!("late{steps}"), "data": {"image": {"url": format!("http://x/late{steps}")}, "concepts": [{"id": "lynx"}]}, "dataset_ids": ["mine"]}]);
        m.w.ok(&PostInputs {
            user_app_id: scope(),
            inputs: serde_json::from_value(late).unwrap(),
            ..Default::default()
        });
        let more =
            json!([{"id": "own0", "data": {"metadata": {"late": steps}, "concepts": [{"id": "wolf", "value": 0}]}}]);
        m.w.ok(&PatchInputs {
            user_app_id: scope(),
            inputs: serde_json::from_value(more).unwrap(),
            action: "merge".into(),
        });
    }
    assert_eq!((steps, code(&get(&m.w, &id))), (5, 25200));
    assert_alike(&want, &lists(&m.w, "copy"));
    // Its end comes again where it was not noted, and changes nothing.
    let job = m.w.ok(&ListJobs { user_app_id: app("copy"), ..Default::default() }).jobs.remove(0).id;
    m = m.unnoted(&job);
    m.w.run_jobs();
    let jobs = m.w.ok(&ListJobs { user_app_id: app("copy"), ..Default::default() }).jobs;
    assert_eq!((jobs[0].state, code(&get(&m.w, &id))), (JobState::DONE, 25200));
    assert_alike(&want, &lists(&m.w, "copy"));
}

#[test]
fn many_inputs_take_several_steps() {
    let mut m = Mortal::new();
    crate::bulk_operations::fill(&m.w, 1100);
    datasets(&m.w, &["d"]);
    join(&m.w, "d", &["i0000", "i0700", "i1099"]);
    post(&m.w, json!({"destination_app": {"id": "copy"}}));
    let mut done = vec![];
    while m.run(1) == Outcome::Stopped {
        m = m.killed();
        let job = m.w.ok(&ListJobs { user_app_id: app("copy"), ..Default::default() }).jobs.remove(0);
        done.push((job.phase, job.done.0, job.total.0));
    }
    let inputs: Vec<_> =
        done.iter().filter(|(phase, ..)| phase == "copying inputs").map(|(_, done, all)| (*done, *all)).collect();
    assert_eq!(inputs, [250, 500, 750, 1000, 1100].map(|done| (done, 1100)));
    assert_eq!(picture_of(&m.w, &app("copy")), picture_of(&m.w, &scope()));
    assert_eq!(members_of(&m.w, &app("copy"), "d"), members_of(&m.w, &scope(), "d"));
}

#[test]
fn cancelled_it_stops_and_what_was_copied_stays() {
    for steps in [0, 2] {
        let m = Mortal::new();
        fill(&m.w);
        let id = post(&m.w, json!({"destination_app": {"id": "copy"}})).id;
        if steps > 0 {
            assert_eq!(m.run(steps), Outcome::Stopped);
        }
        let job = m.w.ok(&ListJobs { user_app_id: app("copy"), ..Default::default() }).jobs.remove(0);
        assert!(job.cancellable);
        m.w.ok(&CancelJob { user_app_id: app("copy"), job_id: job.id });
        m.w.run_jobs();
        let copy = get(&m.w, &id);
        assert_eq!(
            (code(&copy), copy.status.unwrap().details.as_str()),
            (25201, "it was cancelled; what had been copied stays")
        );
        let job = m.w.ok(&ListJobs { user_app_id: app("copy"), ..Default::default() }).jobs.remove(0);
        assert_eq!(job.state, JobState::CANCELLED);
        let counts = m.w.ok(&GetAppCounts { user_app_id: app("copy") }).counts.unwrap();
        assert_eq!((counts.concepts.0, counts.inputs.0), if steps > 0 { (84, 0) } else { (0, 0) });
    }
}

#[test]
fn it_ends_with_either_app() {
    for steps in [0, 2] {
        let m = Mortal::new();
        fill(&m.w);
        let id = post(&m.w, json!({"destination_app": {"id": "copy"}})).id;
        if steps > 0 {
            m.run(steps);
        }
        m.w.ok(&DeleteApp { user_app_id: scope() });
        // A new app may get the number of the old one, and is not taken for it.
        m.w.ok(&PostApps { user_app_id: scope(), apps: vec![App { id: "next".into(), ..App::default() }] });
        m.w.run_jobs();
        let copy = get(&m.w, &id);
        assert_eq!(code(&copy), 25201);
        assert!(copy.status.unwrap().details.starts_with("the app that was copied is deleted"));

        let m = Mortal::new();
        fill(&m.w);
        let id = post(&m.w, json!({"destination_app": {"id": "copy"}})).id;
        if steps > 0 {
            m.run(steps);
        }
        m.w.ok(&DeleteApp { user_app_id: app("copy") });
        m.w.run_jobs();
        assert!(!list(&m.w, 1, 10).contains(&id));
        assert_eq!(
            lists(&m.w, "demo").iter().find(|(what, _)| *what == "counts").unwrap().1.replace(char::is_whitespace, ""),
            "[84,3,103]"
        );
    }
}

/// Gives the same picture for every address.
struct Everywhere(Vec<u8>);

impl Fetch for Everywhere {
    fn fetch(
        &self,
        orders: Vec<Order>,
        _: &(dyn Fn() -> bool + Sync),
        arrived: &mut dyn FnMut(usize, Result<Draft, FetchError>),
    ) {
        for (index, mut order) in orders.into_iter().enumerate() {
            order.into.writer().unwrap().write_all(&self.0).unwrap();
            arrived(index, Ok(order.into));
        }
    }

    fn notify(&self, _: &str, _: &[u8]) -> Result<(), FetchError> {
        Ok(())
    }
}

#[test]
fn files_that_are_still_to_come_come_to_the_copy_too() {
    let photo = std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap();
    let host = Host { fetch: Some(Arc::new(Everywhere(photo))), ..host(1) };
    let w = World::hosted(Arc::new(tempfile::tempdir().unwrap()), host);
    let inputs = serde_json::from_value(json!([{"id": "a", "data": {"image": {"url": "http://x/a.jpg"}}}])).unwrap();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    post(&w, json!({"destination_app": {"id": "copy"}}));
    // The copy is made before the file comes to the source.
    let job = w.ok(&ListJobs { user_app_id: app("copy"), ..Default::default() }).jobs.remove(0).id;
    let mut reader = w.engine.reader().unwrap();
    jobs::run(&w.engine, &mut reader, &w.writer, &job, &AtomicBool::new(false)).unwrap();
    let input = || w.ok(&GetInput { user_app_id: app("copy"), input_id: "a".into() }).input.unwrap();
    assert_eq!(input().status.unwrap().code, StatusCode::INPUT_PENDING);
    w.run_jobs();
    let there = input();
    assert_eq!(there.status.unwrap().code, StatusCode::INPUT_SUCCESS);
    assert!(there.data.unwrap().image.unwrap().image_info.unwrap().width > 0);
}
