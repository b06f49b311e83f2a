//! Bulk operations at work: killed, cancelled, and in a world that moves on.

use crate::bulk_operations::{code, datasets, done, fill, get, members, post, processed};
use crate::steps::Mortal;
use crate::world::{World, scope};
use labelscope_api::extensions::{CancelJob, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::Outcome;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// All inputs without the label `seen`, which is what it adds.
fn label_the_unlabelled() -> Value {
    json!({"search": {"query": {"filters": [{"annotation": {"data": {"concepts": [{"id": "seen"}]}}, "negate": true}]}},
        "operation": {"add_concepts": {"concepts": [{"id": "seen"}]}}})
}

fn labelled(w: &World, concept: &str) -> u64 {
    let searches = json!([{"query": {"filters": [{"annotation": {"data": {"concepts": [{"id": concept}]}}}]}}]);
    let op = PostInputsSearches {
        user_app_id: scope(),
        searches: serde_json::from_value(searches).unwrap(),
        only_count: true,
        ..Default::default()
    };
    w.ok(&op).hit_counts[0].estimated_total.0
}

#[test]
fn it_goes_on_after_each_kill_and_its_set_does_not_move() {
    let mut m = Mortal::new();
    fill(&m.w, 1300);
    datasets(&m.w, &["x", "y", "z"]);
    m.w.ok(&PostConcepts { user_app_id: scope(), concepts: vec![Concept { id: "seen".into(), ..Concept::default() }] });
    let id = post(&m.w, label_the_unlabelled()).id;
    fill_more(&m.w);
    let mut seen = vec![];
    while m.run(1) == Outcome::Stopped {
        m = m.killed();
        seen.push(processed(&get(&m.w, &id)));
        assert_eq!(u64::from(*seen.last().unwrap()), labelled(&m.w, "seen"));
    }
    assert_eq!(seen, [500, 1000, 1300]);
    assert_eq!((code(&get(&m.w, &id)), labelled(&m.w, "seen")), (25400, 1300), "the later input is left alone");

    let splits = json!([{"dataset": {"id": "x"}, "percentage": 70}, {"dataset": {"id": "y"}, "percentage": 20}, {"dataset": {"id": "z"}, "percentage": 10}]);
    let split = json!({"id": "split", "search": {}, "operation": {"split_into_datasets": {"dataset_splits": splits, "method": 1}}});
    post(&m.w, split.clone());
    while m.run(1) == Outcome::Stopped {
        m = m.killed();
    }
    let parts = ["x", "y", "z"].map(|d| members(&m.w, d));
    assert_eq!(parts.each_ref().map(BTreeSet::len), [911, 260, 130]);
    // The same operation shares out alike, killed or not.
    let whole = World::new();
    fill(&whole, 1300);
    fill_more(&whole);
    datasets(&whole, &["x", "y", "z"]);
    assert_eq!(done(&whole, split), 1301);
    assert_eq!(["x", "y", "z"].map(|d| members(&whole, d)), parts);
}

fn fill_more(w: &World) {
    let late = json!([{"id": "late", "data": {"text": {"raw": "late"}}}]);
    w.ok(&PostInputs { user_app_id: scope(), inputs: serde_json::from_value(late).unwrap(), ..Default::default() });
}

#[test]
fn cancelled_in_the_middle_it_stops_and_what_is_done_stays() {
    let by_call = |w: &World, id: &str, _: &str| {
        let reply = w.ok(&CancelBulkOperations { user_app_id: scope(), ids: vec![id.into()] });
        assert_eq!(code(&reply.bulk_operation[0]), 25405);
    };
    let by_job = |w: &World, _: &str, job: &str| {
        w.ok(&CancelJob { user_app_id: scope(), job_id: job.into() });
    };
    for cancel in [&by_call as &dyn Fn(&World, &str, &str), &by_job] {
        for steps in [0, 1] {
            let m = Mortal::new();
            fill(&m.w, 700);
            m.w.ok(&PostConcepts {
                user_app_id: scope(),
                concepts: vec![Concept { id: "seen".into(), ..Concept::default() }],
            });
            let id = post(&m.w, label_the_unlabelled()).id;
            let job = m.w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs.remove(0).id;
            if steps > 0 {
                assert_eq!(m.run(steps), Outcome::Stopped);
                assert_eq!(code(&get(&m.w, &id)), 25403);
            }
            cancel(&m.w, &id, &job);
            m.w.run_jobs();
            let bulk = get(&m.w, &id);
            let want = if steps > 0 { 500 } else { 0 };
            assert_eq!((code(&bulk), processed(&bulk), labelled(&m.w, "seen")), (25405, want, u64::from(want)));
            assert_eq!(m.w.job(&job).state, JobState::CANCELLED);
            let again = m.w.ok(&CancelBulkOperations { user_app_id: scope(), ids: vec![id] }).bulk_operation.remove(0);
            assert_eq!(again, bulk);
        }
    }
    let m = Mortal::new();
    fill(&m.w, 700);
    let w = &m.w;
    let id = post(w, json!({"search": {}, "operation": {"delete_geo": {}}})).id;
    assert_eq!(m.run(1), Outcome::Stopped);
    let (code_of_call, details) =
        w.refused(&CancelBulkOperations { user_app_id: scope(), ids: vec![id.clone(), "none".into()] });
    assert_eq!((code_of_call, details.contains("ids[1]")), (11101, true), "{details}");
    w.run_jobs();
    assert_eq!((code(&get(w, &id)), processed(&get(w, &id))), (25400, 700), "a call that fails cancels nothing");
    assert_eq!(w.refused(&CancelBulkOperations { user_app_id: scope(), ids: vec![] }).0, 25404);
}

#[test]
fn a_call_that_cancels_holds_over_a_kill() {
    let mut m = Mortal::new();
    fill(&m.w, 700);
    let id = post(&m.w, json!({"search": {}, "operation": {"delete_geo": {}}})).id;
    m.run(1);
    m.w.ok(&CancelBulkOperations { user_app_id: scope(), ids: vec![id.clone()] });
    m = m.killed();
    m.w.run_jobs();
    assert_eq!((code(&get(&m.w, &id)), processed(&get(&m.w, &id))), (25405, 500));
}

#[test]
fn killed_at_the_very_end_it_is_done_all_the_same() {
    let mut m = Mortal::new();
    fill(&m.w, 3);
    let id = post(&m.w, json!({"search": {}, "operation": {"delete_geo": {}}})).id;
    m.w.run_jobs();
    let bulk = get(&m.w, &id);
    let job = m.w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs.remove(0).id;
    m = m.unnoted(&job);
    assert_eq!(m.w.job(&job).state, JobState::RUNNING);
    m.w.run_jobs();
    assert_eq!((m.w.job(&job).state, get(&m.w, &id)), (JobState::DONE, bulk));
}

#[test]
fn it_fails_with_its_dataset_and_goes_with_its_app() {
    let m = Mortal::new();
    fill(&m.w, 700);
    datasets(&m.w, &["x"]);
    let id = post(&m.w, json!({"search": {}, "operation": {"add_to_dataset": {"dataset_id": "x"}}})).id;
    m.run(1);
    m.w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["x".into()] });
    m.w.run_jobs();
    let bulk = get(&m.w, &id);
    assert_eq!((code(&bulk), processed(&bulk)), (25401, 500));
    assert!(bulk.status.unwrap().details.contains("dataset \"x\" does not exist"));

    let id = post(&m.w, json!({"search": {}, "operation": {"delete_geo": {}}})).id;
    m.run(1);
    m.w.ok(&DeleteApp { user_app_id: scope() });
    m.w.run_jobs();
    let apps = vec![App { id: "demo".into(), ..App::default() }];
    m.w.ok(&PostApps { user_app_id: scope(), apps });
    assert_eq!(m.w.refused(&GetBulkOperation { user_app_id: scope(), id }).0, 11101);
    // A new operation may get the number of the old one: it must not find anything that that one left.
    fill(&m.w, 3);
    assert_eq!(done(&m.w, json!({"search": {}, "operation": {"delete_geo": {}}})), 3);
}

#[test]
fn inputs_that_go_meanwhile_are_passed_over() {
    let m = Mortal::new();
    fill(&m.w, 700);
    let id = post(&m.w, json!({"search": {}, "operation": {"delete_geo": {}}})).id;
    m.run(1);
    let ids = (600..700).map(|n| format!("i{n:04}")).collect();
    m.w.ok(&DeleteInputs { user_app_id: scope(), ids });
    m.w.run_jobs();
    let bulk = get(&m.w, &id);
    assert_eq!((code(&bulk), processed(&bulk)), (25400, 700));
    assert_eq!(bulk.progress.unwrap().last_processed_id, "i0599");
}
