//! Metadata as facts: each value with the path of keys to it, as one text that an index can hold.

use serde_json::Value;
use std::collections::BTreeSet;

/// What is longer is cut, so that it leads to the inputs and no longer decides.
const LONGEST: usize = 200;

/// What stands in metadata, as facts. Elements of a list are facts of the list's own path.
pub(super) fn all(metadata: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    if let Ok(value) = serde_json::from_str(metadata) {
        leaves(&value, &mut Vec::new(), &mut |path, leaf| {
            out.insert(text(path, leaf).0);
        });
    }
    out
}

/// The fact that leads to what may have this value under this key, and whether it alone decides. None where there is no
/// value to look for, as in an empty object.
pub(super) fn wanted(key: &str, value: &Value) -> Option<(String, bool)> {
    let mut first = None;
    leaves(value, &mut vec![key], &mut |path, leaf| {
        first.get_or_insert_with(|| text(path, leaf));
    });
    let plain = !value.is_object() && !value.is_array();
    first.map(|(fact, whole)| (fact, whole && plain))
}

fn leaves<'v>(value: &'v Value, path: &mut Vec<&'v str>, found: &mut impl FnMut(&[&'v str], &'v Value)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                path.push(key);
                leaves(value, path, found);
                path.pop();
            }
        }
        Value::Array(list) => list.iter().for_each(|value| leaves(value, path, found)),
        leaf => found(path, leaf),
    }
}

/// The text, and whether it is whole. Equal numbers have the same.
fn text(path: &[&str], leaf: &Value) -> (String, bool) {
    let leaf = leaf.as_f64().map_or_else(|| leaf.clone(), Value::from);
    let mut text = serde_json::json!([path, leaf]).to_string();
    let whole = text.len() <= LONGEST;
    if !whole {
        text.truncate((0..=LONGEST).rev().find(|n| text.is_char_boundary(*n)).unwrap_or(0));
    }
    (text, whole)
}
