//! What searches of the present go by must say what the rows say: searches of the past read the rows alone.

use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

/// One write, by small numbers.
#[derive(Debug, Clone)]
struct Step {
    what: u8,
    input: usize,
    other: usize,
    on: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let one = (0..8u8, 0..4usize, 0..3usize, any::<bool>());
    prop::collection::vec(one.prop_map(|(what, input, other, on)| Step { what, input, other, on }), 1..24)
}

const NAMES: [&str; 3] = ["x", "y", "z"];

/// Does it; what a step asks for may be gone, which is its answer.
fn run(w: &World, step: &Step) {
    let id = format!("i{}", step.input);
    let concept = json!([{"id": NAMES[step.other], "value": u8::from(step.on)}]);
    let metadata = json!({"k": step.other, "list": [step.other, {"deep": step.on}], NAMES[step.other]: "1"});
    let patch_inputs = |action: &str, input: Value| {
        let inputs = vec![serde_json::from_value(input).unwrap()];
        let _ = w.send(&PatchInputs { user_app_id: scope(), inputs, action: action.into() });
    };
    let say = |annotation: Value| {
        let annotations = vec![serde_json::from_value(annotation).unwrap()];
        let _ = w.send(&PostAnnotations { user_app_id: scope(), annotations });
    };
    let annotation = format!("a{}", step.other);
    match step.what {
        0 => {
            let inputs = json!([{"id": id, "data": {"image": {"url": format!("http://x/{id}")}, "concepts": concept, "metadata": metadata}, "dataset_ids": ["d"]}]);
            let inputs = serde_json::from_value(inputs).unwrap();
            let _ = w.send(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
        }
        1 => say(json!({"id": annotation, "input_id": id, "data": {"concepts": concept, "metadata": metadata}})),
        2 => say(json!({"input_id": id, "model_version_id": "m", "data": {"concepts": concept, "metadata": metadata}})),
        3 => {
            let change = json!({"id": annotation, "input_id": id, "data": {"concepts": concept}});
            let annotations = vec![serde_json::from_value(change).unwrap()];
            let action = if step.on { "overwrite" } else { "merge" }.into();
            let _ = w.send(&PatchAnnotations { user_app_id: scope(), annotations, action, ..Default::default() });
        }
        4 => {
            let op = DeleteAnnotation { user_app_id: scope(), input_id: id, annotation_id: annotation };
            let _ = w.send(&op);
        }
        5 => patch_inputs("overwrite", json!({"id": id, "data": {"metadata": metadata}})),
        6 => patch_inputs("merge", json!({"id": id, "data": {"metadata": metadata, "concepts": concept}})),
        _ => {
            let _ = w.send(&DeleteInput { user_app_id: scope(), input_id: id });
        }
    }
}

/// What a search finds and counts now, and what it finds in the rows of this moment.
fn both(w: &World, filters: &Value) -> (Vec<String>, u64, Vec<String>) {
    let mark = Dataset::default();
    let made = w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![mark] });
    let moment: Option<Timestamp> = made.datasets[0].created_at;
    let search: Search = serde_json::from_value(json!({"query": {"filters": filters}})).unwrap();
    let op = |search: Search| PostInputsSearches { user_app_id: scope(), searches: vec![search], ..Default::default() };
    let ids = |op: &PostInputsSearches| w.ok(op).hits.into_iter().map(|h| h.input.unwrap().id).collect::<Vec<_>>();
    let count = PostInputsSearches { only_count: true, ..op(search.clone()) };
    let counted = w.ok(&count).hit_counts[0].estimated_total.0;
    (ids(&op(search.clone())), counted, ids(&op(Search { as_of: moment, ..search })))
}

fn filters() -> Vec<Value> {
    let mut one = Vec::new();
    for name in NAMES {
        for value in [0, 1] {
            one.push(json!({"annotation": {"data": {"concepts": [{"id": name, "value": value}]}}}));
            one.push(json!({"input": {"data": {"concepts": [{"id": name, "value": value}]}}}));
        }
    }
    for metadata in [
        json!({"k": 1}),
        json!({"k": 1.0, "x": "1"}),
        json!({"list": 2}),
        json!({"list": {"deep": true}}),
        json!({"list": [0]}),
        json!({"y": 1}),
        json!({"none": {}}),
        json!({}),
    ] {
        one.push(json!({"annotation": {"data": {"metadata": metadata.clone()}}}));
        one.push(json!({"input": {"data": {"metadata": metadata}}}));
    }
    one.push(json!({"annotation": {"data": {"concepts": [{"id": "x"}, {"id": "y", "value": 0}]}}}));
    one.push(json!({"annotation": {"data": {"concepts": [{"id": "x"}], "metadata": {"k": 1}}}}));
    one.push(json!({"annotation": {"user_id": "me", "data": {"concepts": [{"id": "x"}]}}}));
    one.push(json!({"input": {"dataset_ids": ["d"]}}));
    one
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_index_says_what_the_rows_say(steps in steps(), pick in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>(), any::<bool>()), 24)) {
        let w = World::new();
        let concepts = NAMES.map(|n| Concept { id: n.into(), ..Concept::default() }).into();
        w.ok(&PostConcepts { user_app_id: scope(), concepts });
        let datasets = vec![Dataset { id: "d".into(), ..Dataset::default() }];
        w.ok(&PostDatasets { user_app_id: scope(), datasets });
        steps.iter().for_each(|step| run(&w, step));
        let known = filters();
        for (one, two, negate, alone) in pick {
            let mut first = one.get(&known).clone();
            if negate {
                first["negate"] = true.into();
            }
            let asked = if alone { json!([first]) } else { json!([first, two.get(&known)]) };
            let (now, counted, rows) = both(&w, &asked);
            prop_assert_eq!(&now, &rows, "{}", asked);
            prop_assert_eq!(counted as usize, rows.len(), "{}", asked);
        }
    }
}

#[test]
fn what_is_imported_is_in_the_index() {
    let w = World::new();
    let gt = crate::imports::gt("coco100");
    w.imported("d", &[("gt.json", &gt)]);
    let count = |filter: Value| {
        let searches = vec![serde_json::from_value(json!({"query": {"filters": [filter]}})).unwrap()];
        let op = PostInputsSearches { user_app_id: scope(), searches, only_count: true, ..Default::default() };
        w.ok(&op).hit_counts[0].estimated_total.0
    };
    let in_dataset = json!({"input": {"dataset_ids": ["d"]}});
    let person = json!({"annotation": {"data": {"concepts": [{"name": "person"}]}}});
    let mut not = person.clone();
    not["negate"] = true.into();
    let (all, on, off) = (count(in_dataset), count(person), count(not));
    assert!(on > 0 && on < all);
    assert_eq!(on + off, all);
}
