//! Published bodies of the API (testdata/wire) are read and written again without losing a field that we know.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::float_cmp
)]

use labelscope_api::messages::BaseResponse;
use labelscope_api::operations;
use labelscope_api::wire::{Timestamp, snake_keys};
use serde_json::Value;
use std::path::Path;

/// What the examples hold beside the fields of the present API: left-overs of older releases, and typing errors.
const FOREIGN: &[&str] = &[
    "updated_at",
    "dataset_filter",
    "default_filter_id",
    "crop",
    "delete_all",
    "datasets[0].name",
    "dataset_versions[0].name",
    "user_app_id",
    "face",
    "model.import_info",
    "model.input_info",
    "model.train_info",
    "model.model_version.train_stats",
    "region_info.feedback",
];

/// Paths of `before` that `after` lacks or has otherwise. What proto3 leaves out (empty values) may go.
fn lost(before: &Value, after: Option<&Value>, at: &str, out: &mut Vec<String>) {
    match (before, after) {
        (Value::Null, _) => {}
        (Value::Object(b), Some(Value::Object(a))) => {
            for (k, v) in b {
                lost(v, a.get(k), &format!("{at}.{k}"), out);
            }
        }
        (Value::Array(b), Some(Value::Array(a))) if b.len() == a.len() => {
            for (i, (v, w)) in b.iter().zip(a).enumerate() {
                lost(v, Some(w), &format!("{at}[{i}]"), out);
            }
        }
        (_, None) if empty(before) => {}
        (b, Some(a)) if alike(b, a) => {}
        (b, a) => out.push(format!("{at}: {b} became {}", a.map_or("nothing".to_owned(), Value::to_string))),
    }
}

fn empty(v: &Value) -> bool {
    match v {
        Value::Null | Value::Bool(false) => true,
        Value::Number(n) => n.as_f64() == Some(0.0),
        Value::String(s) => s.is_empty(),
        Value::Array(a) => a.is_empty(),
        _ => false,
    }
}

/// The same value in another spelling: f32 instead of f64, a number as a string, an enum's name, nine fraction digits.
fn alike(b: &Value, a: &Value) -> bool {
    match (b, a) {
        (Value::Number(x), Value::Number(y)) => (x.as_f64().unwrap() as f32) == (y.as_f64().unwrap() as f32),
        (Value::Number(x), Value::String(y)) => x.to_string() == *y,
        (Value::String(x), Value::String(y)) => {
            x == y || matches!((x.parse::<Timestamp>(), y.parse::<Timestamp>()), (Ok(s), Ok(t)) if s == t)
        }
        // Names of enums are read as numbers; booleans of the legacy clients as concept values.
        (Value::String(x), Value::Number(_)) => {
            x.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_')
        }
        (Value::Bool(x), Value::Number(y)) => y.as_f64() == Some(f64::from(u8::from(*x))),
        _ => b == a,
    }
}

#[test]
fn published_bodies_survive() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/wire");
    let (mut requests, mut replies, mut problems) = (0, 0, Vec::new());
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let example: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let body = &example["response"]["body"];
        let Some(op) = operations::DESCRIBED.iter().find(|op| Some(op.meta.name) == example["rpc"].as_str()) else {
            // Errors of operations that are not ours still have the status of every body.
            if body["status"].is_object() {
                let base: BaseResponse = serde_json::from_value(body.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
                assert!(base.status.is_some(), "{name}");
            }
            continue;
        };
        for (value, request) in [(&example["request"]["body"], true), (body, false)] {
            if !value.is_object() {
                continue;
            }
            let mut wanted = value.clone();
            snake_keys(&mut wanted);
            let again = if request { op.request_again } else { op.reply_again };
            let written = again(wanted.to_string().as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut gone = Vec::new();
            lost(&wanted, Some(&written), "", &mut gone);
            gone.retain(|g| !FOREIGN.iter().any(|f| g.contains(&format!(".{f}"))));
            problems
                .extend(gone.into_iter().map(|g| format!("{name} {}: {g}", if request { "request" } else { "reply" })));
            if request { requests += 1 } else { replies += 1 }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(requests >= 30 && replies >= 30, "only {requests} requests and {replies} replies were read");
}
