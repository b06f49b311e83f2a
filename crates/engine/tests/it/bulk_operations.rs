//! Changing many inputs at once.

use crate::steps::Mortal;
use crate::world::{World, scope};
use labelscope_api::extensions::{CancelJob, GetJob, JobKind, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::Outcome;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Makes inputs `i0000` and so on. Each third has a label `cat` and metadata; all have a place.
pub fn fill(w: &World, count: usize) {
    let all: Vec<usize> = (0..count).collect();
    for chunk in all.chunks(128) {
        let inputs = chunk.iter().map(|n| {
            let concepts = if n % 3 == 0 { json!([{"id": "cat"}, {"id": "dog", "value": 0}]) } else { json!([]) };
            let metadata = if n % 3 == 0 { json!({"n": n, "who": {"name": "ann"}}) } else { json!({}) };
            let sent = json!({"id": format!("i{n:04}"), "data": {"text": {"raw": format!("text {n}")}, "concepts": concepts, "metadata": metadata,
                "geo": {"geo_point": {"longitude": 1.0, "latitude": 2.0}}}});
            serde_json::from_value(sent).unwrap()
        });
        w.ok(&PostInputs { user_app_id: scope(), inputs: inputs.collect(), ..Default::default() });
    }
}

pub fn datasets(w: &World, ids: &[&str]) {
    let datasets = ids.iter().map(|id| Dataset { id: (*id).into(), ..Dataset::default() }).collect();
    w.ok(&PostDatasets { user_app_id: scope(), datasets });
}

pub fn join(w: &World, dataset: &str, ids: &[&str]) {
    let input = |id: &&str| Some(Box::new(Input { id: (*id).to_owned(), ..Input::default() }));
    let dataset_inputs = ids.iter().map(|id| DatasetInput { input: input(id), ..DatasetInput::default() }).collect();
    w.ok(&PostDatasetInputs { user_app_id: scope(), dataset_id: dataset.into(), dataset_inputs, ..Default::default() });
}

fn op(value: Value) -> PostBulkOperations {
    PostBulkOperations { user_app_id: scope(), bulk_operations: vec![serde_json::from_value(value).unwrap()] }
}

fn post(w: &World, value: Value) -> BulkOperation {
    w.ok(&op(value)).bulk_operation.remove(0)
}

fn get(w: &World, id: &str) -> BulkOperation {
    w.ok(&GetBulkOperation { user_app_id: scope(), id: id.into() }).bulk_operation.unwrap()
}

fn code(bulk: &BulkOperation) -> i32 {
    bulk.status.as_ref().unwrap().code.0
}

fn processed(bulk: &BulkOperation) -> u32 {
    bulk.progress.as_ref().unwrap().processed
}

/// Runs one to its end, and gives how many it has looked at.
fn done(w: &World, value: Value) -> u32 {
    let id = post(w, value).id;
    w.run_jobs();
    let bulk = get(w, &id);
    assert_eq!(code(&bulk), 25400, "{:?}", bulk.status);
    processed(&bulk)
}

pub fn members(w: &World, dataset: &str) -> BTreeSet<String> {
    members_of(w, &scope(), dataset)
}

pub fn members_of(w: &World, app: &UserAppIdSet, dataset: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for page in 1.. {
        let op = ListDatasetInputs { user_app_id: app.clone(), dataset_id: dataset.into(), page, per_page: 1000 };
        let found = w.ok(&op).dataset_inputs;
        if found.is_empty() {
            break;
        }
        out.extend(found.into_iter().map(|m| m.input.unwrap().id));
    }
    out
}

/// All that a user sees of the inputs and what is said of them, without times and made-up ids.
fn picture(w: &World) -> Vec<String> {
    picture_of(w, &scope())
}

pub fn picture_of(w: &World, app: &UserAppIdSet) -> Vec<String> {
    let mut out = Vec::new();
    for page in 1.. {
        let op = ListInputs { user_app_id: app.clone(), page, per_page: 1000, ..Default::default() };
        let inputs = w.ok(&op).inputs;
        if inputs.is_empty() {
            break;
        }
        out.extend(inputs.into_iter().map(|i| {
            let mut data = i.data.unwrap();
            data.concepts.iter_mut().for_each(|c| (c.created_at, c.app_id) = (None, String::new()));
            // The address of a text has the number of its row in it.
            data.text = None;
            format!("{} {}", i.id, serde_json::to_string(&data).unwrap())
        }));
    }
    for page in 1.. {
        let op = ListAnnotations {
            user_app_id: app.clone(),
            page,
            per_page: 1000,
            list_all_annotations: true,
            ..Default::default()
        };
        let annotations = w.ok(&op).annotations;
        if annotations.is_empty() {
            break;
        }
        out.extend(annotations.into_iter().map(|a| {
            let mut data = a.data.unwrap();
            data.concepts.iter_mut().for_each(|c| (c.created_at, c.app_id) = (None, String::new()));
            format!("{} {} {}", a.input_id, a.user_id, serde_json::to_string(&data).unwrap())
        }));
    }
    out.sort();
    out
}

fn small() -> World {
    let w = World::new();
    fill(&w, 9);
    datasets(&w, &["d", "x", "y"]);
    join(&w, "d", &["i0000", "i0003", "i0006"]);
    join(&w, "x", &["i0000", "i0001"]);
    let say = json!([{"id": "p", "input_id": "i0003", "model_version_id": "m", "data": {"concepts": [{"id": "cat", "value": 0.4}]}}]);
    w.ok(&PostAnnotations { user_app_id: scope(), annotations: serde_json::from_value(say).unwrap() });
    w
}

/// Four ways to name the inputs 0, 3 and 6.
fn targets() -> [Value; 4] {
    let cats = json!({"query": {"filters": [{"annotation": {"data": {"concepts": [{"id": "cat"}]}}}]}});
    [
        json!({"input_ids": {"input_ids": ["i0000", "i0006", "i0003", "i0000"]}}),
        json!({"search": cats.clone()}),
        json!({"dataset": {"id": "d"}}),
        json!({"annotation_search": cats}),
    ]
}

fn with(target: &Value, operation: Value) -> Value {
    let mut out = target.clone();
    out["operation"] = operation;
    out
}

#[test]
fn each_operation_does_to_each_target_what_single_calls_do() {
    let patch = |action: &'static str, data: Value| {
        move |w: &World| {
            let inputs =
                ["i0000", "i0003", "i0006"].map(|id| serde_json::from_value(json!({"id": id, "data": data})).unwrap());
            w.ok(&PatchInputs { user_app_id: scope(), inputs: inputs.into(), action: action.into() });
        }
    };
    type Single = Box<dyn Fn(&World)>;
    let labels = json!([{"id": "bird"}, {"id": "cat", "value": 0}, {"name": "Red Fox"}]);
    let geo = json!({"geo_point": {"longitude": -3.0, "latitude": 44.5}});
    let cases: Vec<(Value, Single)> = vec![
        (json!({"add_concepts": {"concepts": labels}}), Box::new(patch("merge", json!({"concepts": labels})))),
        (
            json!({"delete_concepts": {"concepts": [{"id": "cat"}, {"id": "none"}]}}),
            Box::new(patch("remove", json!({"concepts": [{"id": "cat"}, {"id": "none"}]}))),
        ),
        (
            json!({"add_metadata": {"metadata": {"who": {"age": 3}, "k": [1]}}}),
            Box::new(patch("merge", json!({"metadata": {"who": {"age": 3}, "k": [1]}}))),
        ),
        (
            json!({"delete_metadata": {"metadata": {"who": null}}}),
            Box::new(patch("remove", json!({"metadata": {"who": null}}))),
        ),
        (json!({"overwrite_geo": {"geo": geo}}), Box::new(patch("overwrite", json!({"geo": geo})))),
        (json!({"delete_geo": {}}), Box::new(patch("remove", json!({"geo": {}})))),
        (
            json!({"add_to_dataset": {"dataset_id": "x"}}),
            Box::new(|w: &World| join(w, "x", &["i0000", "i0003", "i0006"])),
        ),
        (
            json!({"delete_from_dataset": {"dataset_id": "x"}}),
            Box::new(|w: &World| {
                let ids = ["i0000", "i0003", "i0006"].map(str::to_owned).into();
                w.ok(&DeleteDatasetInputs { user_app_id: scope(), dataset_id: "x".into(), input_ids: ids });
            }),
        ),
    ];
    for (operation, single) in cases {
        let want = small();
        single(&want);
        for target in targets() {
            let w = small();
            assert_eq!(done(&w, with(&target, operation.clone())), 3, "{target} {operation}");
            assert_eq!(picture(&w), picture(&want), "{target} {operation}");
            for dataset in ["d", "x", "y"] {
                assert_eq!(members(&w, dataset), members(&want, dataset), "{target} {operation}");
            }
        }
    }
}

#[test]
fn annotations_go_by_their_inputs_or_one_by_one() {
    let left = |w: &World| {
        let op = ListAnnotations { user_app_id: scope(), list_all_annotations: true, ..Default::default() };
        w.ok(&op).annotations.into_iter().map(|a| (a.input_id, a.id)).collect::<Vec<_>>()
    };
    for target in &targets()[..3] {
        let w = small();
        assert_eq!(done(&w, with(target, json!({"delete_annotations": {}}))), 3);
        assert!(left(&w).is_empty());
        assert!(picture(&w).iter().all(|line| !line.contains("cat")), "searches and counts see it too");
    }
    // A search over annotations means those that it finds: the prediction stays.
    let w = small();
    let bulk = post(&w, with(&targets()[3], json!({"delete_annotations": {}})));
    w.run_jobs();
    let bulk = get(&w, &bulk.id);
    assert_eq!((code(&bulk), processed(&bulk)), (25400, 3));
    assert!(!bulk.progress.unwrap().last_processed_id.is_empty());
    assert_eq!(left(&w), [("i0003".to_owned(), "p".to_owned())]);
    let predicted = json!({"annotation_search": {"query": {"filters": [{"annotation": {"model_version_id": "m"}}]}}, "operation": {"delete_annotations": {}}});
    assert_eq!(done(&w, predicted), 1);
    assert!(left(&w).is_empty());
}

#[test]
fn labels_go_from_the_users_that_are_named() {
    let w = small();
    let say = |user: &str| json!([{"input_id": "i0001", "user_id": user, "data": {"concepts": [{"id": "cat"}, {"id": "dog"}]}}]);
    for user in ["ann", "bob"] {
        w.ok(&PostAnnotations { user_app_id: scope(), annotations: serde_json::from_value(say(user)).unwrap() });
    }
    let labels = |w: &World| {
        let op = ListAnnotations { user_app_id: scope(), input_ids: vec!["i0001".into()], ..Default::default() };
        let all = w.ok(&op).annotations.into_iter().map(|a| {
            let concepts: Vec<String> = a.data.unwrap().concepts.into_iter().map(|c| c.id).collect();
            format!("{} {}", a.user_id, concepts.join(" "))
        });
        all.collect::<Vec<_>>()
    };
    let remove = |users: Value| json!({"input_ids": {"input_ids": ["i0001"]}, "operation": {"delete_concepts": {"concepts": [{"id": "cat"}], "user_ids": users}}});
    assert_eq!(done(&w, remove(json!([]))), 1);
    assert_eq!(labels(&w), ["ann cat dog", "bob cat dog"], "without users the caller's own are meant");
    assert_eq!(done(&w, remove(json!(["bob", "me"]))), 1);
    assert_eq!(labels(&w), ["ann cat dog", "bob dog"]);
}

#[test]
fn what_cannot_be_is_refused_with_its_place_and_nothing_is_kept() {
    let w = small();
    w.ok(&PostApps { user_app_id: scope(), apps: vec![App { id: "far".into(), ..App::default() }] });
    let far = UserAppIdSet { app_id: "far".into(), ..scope() };
    w.ok(&PostDatasets { user_app_id: far, datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let bookmark = json!([{"id": "mark", "bookmark_origin": {"id": "d", "app_id": "far", "user_id": "me"}}]);
    let bookmark = PostDatasets { user_app_id: scope(), datasets: serde_json::from_value(bookmark).unwrap() };
    w.ok(&bookmark);
    let ids = json!({"input_ids": {"input_ids": ["i0000"]}});
    let geo = json!({"delete_geo": {}});
    let split = |splits: Value| json!({"split_into_datasets": {"dataset_splits": splits, "method": 1}});
    let cases = [
        (json!({"operation": geo}), 25404, "bulk_operations[0] has nothing; send one of input_ids, search"),
        (json!({"dataset": {"id": "d"}, "search": {}, "operation": geo}), 25404, "has search and dataset"),
        (json!({"annotation_search": {}, "search": {}, "operation": geo}), 25404, "has search and annotation_search"),
        (ids.clone(), 25404, "operation has nothing; send one of add_concepts"),
        (
            with(&ids, json!({"delete_geo": {}, "delete_annotations": {}})),
            25404,
            "has delete_geo and delete_annotations",
        ),
        (json!({"input_ids": {}, "operation": geo}), 25404, "input_ids.input_ids is empty"),
        (
            json!({"input_ids": {"input_ids": ["i0000", "none"]}, "operation": geo}),
            11101,
            "input_ids.input_ids[1]: input \"none\"",
        ),
        (json!({"dataset": {}, "operation": geo}), 25404, "dataset.id is missing"),
        (json!({"dataset": {"id": "none"}, "operation": geo}), 11101, "bulk_operations[0].dataset: dataset \"none\""),
        (json!({"dataset": {"id": "mark"}, "operation": geo}), 11102, "bookmark"),
        (json!({"dataset": {"id": "d", "version": {"id": "v"}}, "operation": geo}), 25404, "dataset.version"),
        (json!({"dataset": {"id": "d", "app_id": "other"}, "operation": geo}), 25404, "dataset.app_id is \"other\""),
        (json!({"search": {"id": "none"}, "operation": geo}), 11101, "search: search \"none\""),
        (json!({"search": {"algorithm": "guess"}, "operation": geo}), 40002, "bulk_operations[0].search: algorithm"),
        (with(&ids, json!({"add_concepts": {}})), 25404, "add_concepts.concepts is empty"),
        (
            with(&ids, json!({"add_concepts": {"concepts": [{"id": "a"}, {}]}})),
            25404,
            "add_concepts.concepts[1] has neither id nor name",
        ),
        (
            with(&ids, json!({"add_concepts": {"concepts": [{"id": "a/b"}]}})),
            25404,
            "add_concepts.concepts[0]: concept id",
        ),
        (with(&ids, json!({"delete_concepts": {"user_ids": ["me"]}})), 25404, "delete_concepts.concepts is empty"),
        (with(&ids, json!({"add_metadata": {}})), 25404, "add_metadata.metadata is empty"),
        (with(&ids, json!({"delete_metadata": {"metadata": {}}})), 25404, "delete_metadata.metadata is empty"),
        (with(&ids, json!({"overwrite_geo": {"geo": {}}})), 25404, "overwrite_geo.geo.geo_point is missing"),
        (
            with(&ids, json!({"overwrite_geo": {"geo": {"geo_point": {"longitude": 200, "latitude": 0}}}})),
            25404,
            "geo.geo_point is 200 east",
        ),
        (with(&ids, json!({"add_to_dataset": {}})), 25404, "add_to_dataset.dataset_id is missing"),
        (
            with(&ids, json!({"add_to_dataset": {"dataset_id": "mark"}})),
            11102,
            "add_to_dataset.dataset_id: dataset \"mark\" is a bookmark",
        ),
        (with(&ids, json!({"delete_from_dataset": {"dataset_id": "none"}})), 11101, "delete_from_dataset.dataset_id"),
        (with(&ids, split(json!([]))), 25404, "percentages add up to 0"),
        (
            with(
                &ids,
                split(json!([{"dataset": {"id": "x"}, "percentage": 60}, {"dataset": {"id": "y"}, "percentage": 41}])),
            ),
            25404,
            "add up to 101",
        ),
        (
            with(
                &ids,
                split(json!([{"dataset": {"id": "x"}, "percentage": 60}, {"dataset": {"id": "x"}, "percentage": 40}])),
            ),
            25404,
            "dataset_splits[1].dataset.id \"x\" is named twice",
        ),
        (
            with(&ids, split(json!([{"dataset": {"id": "x"}, "percentage": 100}, {"dataset": {"id": "y"}}]))),
            25404,
            "dataset_splits[1].percentage is missing",
        ),
        (with(&ids, split(json!([{"percentage": 100}]))), 25404, "dataset_splits[0].dataset.id is missing"),
        (
            with(&ids, split(json!([{"dataset": {"id": "none"}, "percentage": 100}]))),
            11101,
            "dataset_splits[0].dataset.id: dataset",
        ),
        (
            with(
                &ids,
                json!({"split_into_datasets": {"dataset_splits": [{"dataset": {"id": "x"}, "percentage": 100}], "method": 9}}),
            ),
            25404,
            "method is 9",
        ),
        (
            json!({"id": "a/b", "dataset": {"id": "d"}, "operation": geo}),
            25404,
            "bulk_operations[0]: bulk operation id",
        ),
    ];
    let good = json!({"dataset": {"id": "d"}, "operation": geo});
    for (bad, want, text) in cases {
        let (code, details) = w.refused(&op(bad.clone()));
        assert_eq!(code, want, "{bad}: {details}");
        assert!(details.contains(text), "{bad}: {details}");
        // One bad item, and nothing has happened.
        let both = [good.clone(), bad].map(|v| serde_json::from_value(v).unwrap());
        let (code, details) = w.refused(&PostBulkOperations { user_app_id: scope(), bulk_operations: both.into() });
        assert_eq!(code, want, "{details}");
    }
    for count in [0, 129] {
        let bulk_operations = vec![serde_json::from_value(good.clone()).unwrap(); count];
        assert_eq!(w.refused(&PostBulkOperations { user_app_id: scope(), bulk_operations }).0, 25404);
    }
    assert!(w.ok(&ListBulkOperations { user_app_id: scope(), ..Default::default() }).bulk_operation.is_empty());
    assert!(w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs.is_empty());
    let mut named = good;
    named["id"] = json!("mine");
    assert_eq!(post(&w, named.clone()).id, "mine");
    let (code, details) = w.refused(&op(named));
    assert_eq!((code, details.contains("duplicate id")), (25404, true));
}

#[test]
fn they_are_listed_newest_first_and_tell_how_they_fare() {
    let w = small();
    let first = post(&w, with(&targets()[1], json!({"add_concepts": {"concepts": [{"id": "new"}]}})));
    assert_eq!((code(&first), processed(&first)), (25402, 0));
    assert_eq!((first.created_by.as_str(), first.app_id.as_str()), ("local", "demo"));
    let second = post(&w, with(&targets()[0], json!({"delete_geo": {}})));
    let list = |page| {
        let op = ListBulkOperations { user_app_id: scope(), page, per_page: 1 };
        w.ok(&op).bulk_operation.into_iter().map(|b| b.id).collect::<Vec<_>>()
    };
    assert_eq!((list(1), list(2), list(3).len()), (vec![second.id.clone()], vec![first.id.clone()], 0));
    let jobs = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs;
    assert_eq!(
        jobs.iter().map(|j| (j.kind, j.state)).collect::<Vec<_>>(),
        [(JobKind::BULK_OPERATION, JobState::QUEUED); 2]
    );
    w.run_jobs();
    let bulk = get(&w, &first.id);
    assert_eq!((code(&bulk), processed(&bulk)), (25400, 3));
    assert_eq!(bulk.progress.unwrap().last_processed_id, "i0006");
    assert_eq!((bulk.search, bulk.operation), (first.search, first.operation), "it says what was asked for");
    assert!(bulk.last_modified_at > bulk.created_at);
    let job = w.ok(&GetJob { user_app_id: scope(), job_id: jobs[1].id.clone() }).job.unwrap();
    assert_eq!((job.state, job.done.0, job.total.0, job.unit.as_str()), (JobState::DONE, 3, 3, "inputs"));
    assert_eq!(w.refused(&GetBulkOperation { user_app_id: scope(), id: "none".into() }).0, 11101);
    // Nothing found is done too.
    let none = json!({"dataset": {"id": "y"}, "operation": {"delete_geo": {}}});
    assert_eq!(done(&w, none), 0);
}

#[test]
fn saved_searches_can_be_named() {
    let w = small();
    let cats = json!({"id": "cats", "save": true, "query": {"filters": [{"annotation": {"data": {"concepts": [{"id": "cat"}]}}}]}});
    let searches: Vec<Search> = serde_json::from_value(json!([cats])).unwrap();
    w.ok(&PostInputsSearches { user_app_id: scope(), searches, ..Default::default() });
    assert_eq!(done(&w, json!({"search": {"id": "cats"}, "operation": {"delete_geo": {}}})), 3);
    let (code, details) = w.refused(&op(json!({"annotation_search": {"id": "cats"}, "operation": {"delete_geo": {}}})));
    assert_eq!((code, details.contains("not over annotations")), (25404, true), "{details}");
}

#[test]
fn members_that_join_by_a_search_are_a_bulk_operation_too() {
    let w = small();
    let search = serde_json::from_value(targets()[1]["search"].clone()).unwrap();
    let op =
        PostDatasetInputs { user_app_id: scope(), dataset_id: "y".into(), search: Some(search), ..Default::default() };
    let bulk = w.ok(&op).bulk_operation.unwrap();
    assert_eq!((code(&bulk), processed(&bulk), members(&w, "y").len()), (25400, 3, 3));
    assert_eq!(get(&w, &bulk.id), bulk);
    assert_eq!(w.ok(&ListBulkOperations { user_app_id: scope(), ..Default::default() }).bulk_operation, [bulk.clone()]);
    let again = w.ok(&CancelBulkOperations { user_app_id: scope(), ids: vec![bulk.id.clone()] }).bulk_operation;
    assert_eq!(again, [bulk], "what is over stays as it is");
}

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
    assert_eq!(seen, [0, 500, 1000, 1300]);
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
        for steps in [0, 2] {
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
    let w = small();
    assert_eq!(w.refused(&CancelBulkOperations { user_app_id: scope(), ids: vec!["none".into()] }).0, 11101);
    assert_eq!(w.refused(&CancelBulkOperations { user_app_id: scope(), ids: vec![] }).0, 25404);
}

#[test]
fn a_call_that_cancels_holds_over_a_kill() {
    let mut m = Mortal::new();
    fill(&m.w, 700);
    let id = post(&m.w, json!({"search": {}, "operation": {"delete_geo": {}}})).id;
    m.run(2);
    m.w.ok(&CancelBulkOperations { user_app_id: scope(), ids: vec![id.clone()] });
    m = m.killed();
    m.w.run_jobs();
    assert_eq!((code(&get(&m.w, &id)), processed(&get(&m.w, &id))), (25405, 500));
}

#[test]
fn it_fails_with_its_dataset_and_goes_with_its_app() {
    let m = Mortal::new();
    fill(&m.w, 700);
    datasets(&m.w, &["x"]);
    let id = post(&m.w, json!({"search": {}, "operation": {"add_to_dataset": {"dataset_id": "x"}}})).id;
    m.run(2);
    m.w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["x".into()] });
    m.w.run_jobs();
    let bulk = get(&m.w, &id);
    assert_eq!((code(&bulk), processed(&bulk)), (25401, 500));
    assert!(bulk.status.unwrap().details.contains("dataset \"x\" does not exist"));

    let id = post(&m.w, json!({"search": {}, "operation": {"delete_geo": {}}})).id;
    m.run(2);
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
    m.run(2);
    let ids = (600..700).map(|n| format!("i{n:04}")).collect();
    m.w.ok(&DeleteInputs { user_app_id: scope(), ids });
    m.w.run_jobs();
    let bulk = get(&m.w, &id);
    assert_eq!((code(&bulk), processed(&bulk)), (25400, 700));
    assert_eq!(bulk.progress.unwrap().last_processed_id, "i0599");
}

/// Whole numbers from 1 that add up to 100.
fn percentages() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::btree_set(1..100u32, 0..6).prop_map(|cuts| {
        let mut cuts: Vec<u32> = cuts.into_iter().collect();
        cuts.push(100);
        let mut before = 0;
        cuts.into_iter().map(|cut| cut - std::mem::replace(&mut before, cut)).collect()
    })
}

const CONCEPTS: [&str; 3] = ["cat", "dog", "fox"];

fn change() -> impl Strategy<Value = (Value, &'static str, Value)> {
    let concepts = prop::collection::vec((0..3usize, 0..2u8), 1..3)
        .prop_map(|all| all.into_iter().map(|(c, v)| json!({"id": CONCEPTS[c], "value": v})).collect::<Value>());
    let metadata = prop::sample::subsequence(vec!["n", "who", "k"], 1..=3).prop_flat_map(|keys| {
        let value =
            prop_oneof![Just(json!({"name": 1})), Just(json!({"deep": {"x": 2}})), Just(json!("s")), Just(json!([1]))];
        prop::collection::vec(value, keys.len()).prop_map(move |values| {
            keys.iter().map(|k| (*k).to_owned()).zip(values).collect::<serde_json::Map<_, _>>().into()
        })
    });
    let geo = (-180i32..=180, -90i32..=90)
        .prop_map(|(x, y)| json!({"geo_point": {"longitude": f64::from(x), "latitude": f64::from(y)}}));
    prop_oneof![
        concepts.clone().prop_map(|c| (json!({"add_concepts": {"concepts": c}}), "merge", json!({"concepts": c}))),
        concepts.prop_map(|c| (json!({"delete_concepts": {"concepts": c}}), "remove", json!({"concepts": c}))),
        metadata.clone().prop_map(|m: Value| (
            json!({"add_metadata": {"metadata": m}}),
            "merge",
            json!({"metadata": m})
        )),
        metadata.prop_map(|m: Value| (json!({"delete_metadata": {"metadata": m}}), "remove", json!({"metadata": m}))),
        geo.prop_map(|g| (json!({"overwrite_geo": {"geo": g}}), "overwrite", json!({"geo": g}))),
        Just((json!({"delete_geo": {}}), "remove", json!({"geo": {}}))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_split_puts_each_input_into_one_dataset_and_sizes_are_exact(count in 0..60usize, shares in percentages(), before in prop::collection::vec((0..60usize, 0..6usize), 0..20)) {
        let w = World::new();
        fill(&w, count);
        let names: Vec<String> = (0..shares.len()).map(|n| format!("d{n}")).collect();
        datasets(&w, &names.iter().map(String::as_str).collect::<Vec<_>>());
        for (input, dataset) in before {
            if input < count {
                join(&w, &names[dataset % names.len()], &[&format!("i{input:04}")]);
            }
        }
        let splits: Vec<Value> = names.iter().zip(&shares).map(|(id, p)| json!({"dataset": {"id": id}, "percentage": p})).collect();
        done(&w, json!({"search": {}, "operation": {"split_into_datasets": {"dataset_splits": splits, "method": 1}}}));
        let parts: Vec<BTreeSet<String>> = names.iter().map(|d| members(&w, d)).collect();
        let all: BTreeSet<&String> = parts.iter().flatten().collect();
        prop_assert_eq!(all.len(), count);
        prop_assert_eq!(parts.iter().map(BTreeSet::len).sum::<usize>(), count);
        for (part, share) in parts.iter().zip(&shares) {
            let exact = count * *share as usize;
            prop_assert!(part.len() * 100 + 100 > exact && part.len() * 100 < exact + 100, "{} of {count} for {share} %", part.len());
            if exact % 100 == 0 {
                prop_assert_eq!(part.len(), exact / 100);
            }
        }
    }

    #[test]
    fn one_operation_is_many_single_changes(changes in prop::collection::vec((change(), prop::sample::subsequence((0..6usize).collect::<Vec<_>>(), 1..=6)), 1..5)) {
        let (bulk, single) = (World::new(), World::new());
        fill(&bulk, 6);
        fill(&single, 6);
        for ((operation, action, data), of) in changes {
            let ids: Vec<String> = of.iter().map(|n| format!("i{n:04}")).collect();
            prop_assert_eq!(done(&bulk, json!({"input_ids": {"input_ids": ids}, "operation": operation})), ids.len() as u32);
            for id in ids {
                let inputs = vec![serde_json::from_value(json!({"id": id, "data": data})).unwrap()];
                single.ok(&PatchInputs { user_app_id: scope(), inputs, action: action.into() });
            }
        }
        prop_assert_eq!(picture(&bulk), picture(&single));
    }
}
