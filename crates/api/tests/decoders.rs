//! Whatever arrives as a request or a reply is read or refused: for every operation, without a panic, and the same twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use labelscope_api::describe::{Field, Shape};
use labelscope_api::operations::{self, Described, ListDatasets, ListInputs, ListModels};
use labelscope_api::{Operation, extensions};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn all() -> impl Iterator<Item = &'static Described> {
    operations::DESCRIBED.iter().chain(extensions::DESCRIBED)
}

/// Names of fields, so that what is made reaches far into the messages.
fn names() -> Vec<&'static str> {
    let mut reached = std::collections::BTreeMap::new();
    for operation in all() {
        (operation.request)().reach(&mut reached);
        (operation.reply)().reach(&mut reached);
    }
    let messages = reached.values().filter_map(|s| if let Shape::Message(m) = s { Some(*m) } else { None });
    let mut names: Vec<&str> = messages.flat_map(|m| m.fields.iter().map(Field::name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u8>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop_oneof![
            Just("1"),
            Just("-1"),
            Just("1e39"),
            Just("NaN"),
            Just("2024-01-01T00:00:00Z"),
            Just("AAAA"),
            Just("SUCCESS")
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(names()), inner), 0..6).prop_map(|pairs| pairs
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v))
                .collect::<Map<_, _>>()
                .into()),
        ]
    })
}

/// A value that fits the shape, with much left out.
fn fitting(shape: &Shape, depth: u32, seed: &mut u64) -> Value {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let n = *seed >> 33;
    match shape {
        Shape::Text | Shape::Secret => format!("t{}", n % 100).into(),
        Shape::Bool => true.into(),
        Shape::Int { .. } => (n % 1000).into(),
        Shape::BigInt { .. } => (n % 1000).to_string().into(),
        Shape::Float => json!(0.5),
        Shape::Bytes => "AAEC".into(),
        Shape::Time => "2024-05-06T07:08:09.25Z".into(),
        Shape::Struct => json!({"camelKey": [1, null]}),
        Shape::Any => json!({"any": [true]}),
        // One that no list has.
        Shape::Enum(..) => 987_654.into(),
        Shape::List(inner) => (0..n % 3).map(|_| fitting(inner, depth + 1, seed)).collect(),
        Shape::Map(inner) => json!({"k": fitting(inner, depth + 1, seed)}),
        Shape::Optional(inner) => fitting(inner, depth, seed),
        Shape::Message(message) => {
            let mut out = Map::new();
            for field in message.fields {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                if depth < 5 && (*seed >> 40).is_multiple_of(u64::from(depth + 2)) {
                    out.insert(field.name().to_owned(), fitting(&(field.shape)(), depth + 1, seed));
                }
            }
            out.into()
        }
    }
}

/// Adds a field that nobody knows to every object that is a message.
fn with_unknown(shape: &Shape, value: &mut Value) {
    match (shape, value) {
        (Shape::Optional(inner), value) => with_unknown(inner, value),
        (Shape::List(inner), Value::Array(items)) => items.iter_mut().for_each(|item| with_unknown(inner, item)),
        (Shape::Map(inner), Value::Object(map)) => map.values_mut().for_each(|item| with_unknown(inner, item)),
        (Shape::Message(message), Value::Object(map)) => {
            for field in message.fields {
                if let Some(inner) = map.get_mut(field.name()) {
                    with_unknown(&(field.shape)(), inner);
                }
            }
            map.insert("a_later_field".to_owned(), json!({"deep": [1, {"x": null}]}));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_json_is_read_or_refused_and_reads_back_the_same(value in json_value()) {
        let bytes = serde_json::to_vec(&value).unwrap();
        for operation in all() {
            for again in [operation.request_again, operation.reply_again] {
                if let Ok(once) = again(&bytes) {
                    let twice = again(once.to_string().as_bytes());
                    prop_assert_eq!(twice.as_ref(), Ok(&once), "{} of {}", operation.meta.name, &value);
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>(), query in any::<String>()) {
        for operation in all() {
            let _ = (operation.request_again)(&bytes);
            let _ = (operation.reply_again)(&bytes);
        }
        let _ = ListModels::from_parts(vec![], &query, b"");
        let _ = ListDatasets::from_parts(vec![], &query, b"");
        let _ = ListInputs::reply(200, &bytes);
    }

    #[test]
    fn queries_of_any_names_and_values_are_read_or_refused_by_name(
        pairs in prop::collection::vec((prop::sample::select(names()), prop::option::of(prop::sample::select(names())), ".{0,6}"), 0..6)
    ) {
        let pairs = pairs.iter().map(|(a, b, v)| match b {
            Some(b) => format!("{a}.{b}={v}"),
            None => format!("{a}={v}"),
        });
        let query = pairs.collect::<Vec<_>>().join("&");
        if let Err(error) = ListModels::from_parts(vec![], &query, b"") {
            let error = error.to_string();
            prop_assert!(names().iter().any(|name| error.contains(name)), "{query}: {error}");
        }
        let _ = ListInputs::from_parts(vec![], &query, b"");
    }

    #[test]
    fn what_fits_is_read_and_what_is_unknown_in_it_changes_nothing(mut seed in any::<u64>()) {
        for operation in all() {
            for (shape, again) in [((operation.request)(), operation.request_again), ((operation.reply)(), operation.reply_again)] {
                let sent = fitting(&shape, 0, &mut seed);
                let read = again(sent.to_string().as_bytes());
                prop_assert!(read.is_ok(), "{}: {:?} of {}", operation.meta.name, read, sent);
                let mut more = sent.clone();
                with_unknown(&shape, &mut more);
                prop_assert_eq!(again(more.to_string().as_bytes()), read, "{}: {}", operation.meta.name, more);
            }
        }
    }
}
