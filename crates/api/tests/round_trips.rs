//! Whatever a message holds, it reads back as it was written.
#![allow(clippy::unwrap_used)]

use labelscope_api::messages::*;
use labelscope_api::wire::{Base64, Timestamp, UInt64};
use proptest::prelude::*;
use serde_json::json;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-z0-9_-]{1,12}", any::<String>()]
}

fn concept() -> impl Strategy<Value = Concept> {
    (text(), text(), -1f32..2.0, any::<bool>(), prop::option::of(0i64..4_000_000_000_000_000)).prop_map(
        |(id, name, value, meta, at)| Concept {
            id,
            name,
            value: ConceptValue(value),
            metadata: meta.then(|| json!({"camelKey": [1, null, {"a": "b"}]}).as_object().unwrap().clone()),
            created_at: at.map(Timestamp),
            ..Concept::default()
        },
    )
}

fn region() -> impl Strategy<Value = Region> {
    (
        text(),
        prop::array::uniform4(0f32..1.0),
        prop::collection::vec((0f32..1.0, 0f32..1.0), 0..5),
        prop::collection::vec(concept(), 0..3),
    )
        .prop_map(|(id, [t, l, b, r], points, concepts)| Region {
            id,
            region_info: Some(RegionInfo {
                bounding_box: Some(BoundingBox { top_row: t, left_col: l, bottom_row: b, right_col: r }),
                // An empty polygon is present all the same: searches ask by it.
                polygon: Some(Polygon {
                    points: points.into_iter().map(|(row, col)| Point { row, col, ..Point::default() }).collect(),
                }),
                ..RegionInfo::default()
            }),
            data: (!concepts.is_empty()).then(|| Box::new(Data { concepts, ..Data::default() })),
            ..Region::default()
        })
}

fn input() -> impl Strategy<Value = Input> {
    (text(), prop::collection::vec(region(), 0..4), any::<Vec<u8>>(), prop::collection::vec(text(), 0..3), any::<u32>())
        .prop_map(|(id, regions, bytes, dataset_ids, percent)| Input {
            id,
            data: Some(Box::new(Data {
                image: Some(Image {
                    base64: Base64(bytes),
                    image_info: Some(ImageInfo::default()),
                    ..Image::default()
                }),
                regions,
                ..Data::default()
            })),
            status: Some(Status { code: StatusCode::INPUT_SUCCESS, percent_completed: percent, ..Status::default() }),
            dataset_ids,
            ..Input::default()
        })
}

#[test]
fn numbers_beyond_32_bits_are_refused_and_not_turned_into_nothing() {
    // As text, and as JSON that has been read before: bodies whose keys are in camel case are.
    fn refused<T: serde::de::DeserializeOwned + std::fmt::Debug>(json: &serde_json::Value) {
        assert!(serde_json::from_str::<T>(&json.to_string()).is_err(), "{json}");
        assert!(serde_json::from_value::<T>(json.clone()).is_err(), "{json}");
    }
    refused::<Embedding>(&json!({"vector": [0.5, 1e39]}));
    refused::<Embedding>(&json!({"vector": [-1e300]}));
    refused::<Point>(&json!({"row": 1e39}));
    refused::<Concept>(&json!({"value": 1e39}));
    let largest = serde_json::from_value::<Embedding>(json!({"vector": [3.402_823_5e38, 1e-46]})).unwrap();
    assert_eq!(largest.vector, [f32::MAX, 0.0]);
}

proptest! {
    #[test]
    fn inputs(input in input()) {
        let written = serde_json::to_string(&input).unwrap();
        prop_assert_eq!(serde_json::from_str::<Input>(&written).unwrap(), input);
    }

    #[test]
    fn counts_keep_zero_apart_from_absent(n in prop::option::of(any::<u64>())) {
        let m = DatasetVersionMetrics { inputs_count: n.map(UInt64), ..DatasetVersionMetrics::default() };
        let written = serde_json::to_string(&m).unwrap();
        prop_assert_eq!(written.contains("inputs_count"), n.is_some());
        prop_assert_eq!(serde_json::from_str::<DatasetVersionMetrics>(&written).unwrap(), m);
    }

    #[test]
    fn junk_never_panics(body in any::<Vec<u8>>(), query in any::<String>()) {
        use labelscope_api::{Operation, operations::{ListInputs, PostInputs}};
        let _ = PostInputs::from_parts(vec![], "", &body);
        let _ = PostInputs::reply(200, &body);
        let _ = ListInputs::from_parts(vec![], &query, b"");
    }
}
