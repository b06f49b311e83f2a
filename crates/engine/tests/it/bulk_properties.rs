//! What holds of bulk operations whatever they are asked for.

use crate::bulk_operations::{datasets, done, fill, join, members, picture};
use crate::world::{World, scope};
use labelscope_api::operations::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

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
            if exact.is_multiple_of(100) {
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
