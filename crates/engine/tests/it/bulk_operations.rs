//! Changing many inputs at once.

use crate::world::{World, scope};
use labelscope_api::extensions::{GetJob, JobKind, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
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

pub fn post(w: &World, value: Value) -> BulkOperation {
    w.ok(&op(value)).bulk_operation.remove(0)
}

pub fn get(w: &World, id: &str) -> BulkOperation {
    w.ok(&GetBulkOperation { user_app_id: scope(), id: id.into() }).bulk_operation.unwrap()
}

pub fn code(bulk: &BulkOperation) -> i32 {
    bulk.status.as_ref().unwrap().code.0
}

pub fn processed(bulk: &BulkOperation) -> u32 {
    bulk.progress.as_ref().unwrap().processed
}

/// Runs one to its end, and gives how many it has looked at.
pub fn done(w: &World, value: Value) -> u32 {
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
pub fn picture(w: &World) -> Vec<String> {
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

type Single = Box<dyn Fn(&World)>;

#[test]
fn each_operation_does_to_each_target_what_single_calls_do() {
    let patch = |action: &'static str, data: Value| {
        move |w: &World| {
            let inputs =
                ["i0000", "i0003", "i0006"].map(|id| serde_json::from_value(json!({"id": id, "data": data})).unwrap());
            w.ok(&PatchInputs { user_app_id: scope(), inputs: inputs.into(), action: action.into() });
        }
    };
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
fn a_search_of_the_past_means_what_still_lives() {
    let w = small();
    let then = w.ok(&ListAnnotations { user_app_id: scope(), per_page: 1, ..Default::default() }).annotations.remove(0);
    let cats = json!([{"annotation": {"data": {"concepts": [{"id": "cat"}]}}}]);
    // Since then one has lost its label, one its annotation and one is gone.
    let change = json!({"id": then.id, "input_id": then.input_id, "data": {"concepts": [{"id": "cat", "value": 0}]}});
    let as_of = get(&w, &post(&w, json!({"input_ids": {"input_ids": ["i0001"]}, "operation": {"delete_geo": {}}})).id)
        .created_at;
    let annotations = serde_json::from_value(json!([change])).unwrap();
    w.ok(&PatchAnnotations { user_app_id: scope(), annotations, action: "overwrite".into(), ..Default::default() });
    w.ok(&DeleteAnnotations { user_app_id: scope(), input_ids: vec!["i0003".into()], ..Default::default() });
    w.ok(&DeleteInputs { user_app_id: scope(), ids: vec!["i0006".into()] });
    let past = json!({"query": {"filters": cats}, "as_of": as_of});
    assert_eq!(done(&w, json!({"search": past, "operation": {"add_to_dataset": {"dataset_id": "y"}}})), 2);
    assert_eq!(members(&w, "y").into_iter().collect::<Vec<_>>(), ["i0000", "i0003"]);
    assert_eq!(done(&w, json!({"annotation_search": past, "operation": {"delete_annotations": {}}})), 1);
    assert!(w.ok(&ListAnnotations { user_app_id: scope(), ..Default::default() }).annotations.is_empty());
}

#[test]
fn saved_searches_can_be_named() {
    let w = small();
    let cats = json!({"id": "cats", "save": true, "query": {"filters": [{"annotation": {"data": {"concepts": [{"id": "cat"}]}}}]}});
    let searches: Vec<Search> = serde_json::from_value(json!([cats])).unwrap();
    w.ok(&PostInputsSearches { user_app_id: scope(), searches, ..Default::default() });
    assert_eq!(done(&w, json!({"search": {"id": "cats"}, "operation": {"delete_geo": {}}})), 3);
    let (code, details) = w.refused(&op(json!({"annotation_search": {"id": "cats"}, "operation": {"delete_geo": {}}})));
    assert_eq!((code, details.contains("not over annotations")), (40002, true), "{details}");
    let search = Some(Box::new(Search { id: "cats".into(), ..Search::default() }));
    let op = PostDatasetInputs { user_app_id: scope(), dataset_id: "y".into(), search, ..Default::default() };
    assert_eq!(processed(&w.ok(&op).bulk_operation.unwrap()), 3);
    assert_eq!(members(&w, "y").len(), 3);
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
    assert_eq!(
        w.ok(&ListBulkOperations { user_app_id: scope(), ..Default::default() }).bulk_operation.as_slice(),
        std::slice::from_ref(&bulk)
    );
    let again = w.ok(&CancelBulkOperations { user_app_id: scope(), ids: vec![bulk.id.clone()] }).bulk_operation;
    assert_eq!(again, [bulk], "what is over stays as it is");
}
