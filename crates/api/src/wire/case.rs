//! Field names in camel case, which proto3 JSON parsers accept beside snake case, turned into snake case.

use serde_json::Value;

/// Fields whose content is the user's own JSON: its keys are left alone.
const FREE_FORM: [&str; 13] = [
    "metadata",
    "params",
    "annotation_info",
    "consensus_info",
    "presets",
    "fields_map",
    "input_fields_map",
    "output_fields_map",
    "hyper_params",
    "user_metrics",
    "model_metadata",
    "struct_value",
    "value",
];

/// Renames camel-case keys to snake case, all the way down but for free-form objects.
pub fn snake_keys(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(snake_keys),
        Value::Object(map) => {
            if map.keys().any(|k| k.bytes().any(|b| b.is_ascii_uppercase())) {
                *map = std::mem::take(map).into_iter().map(|(k, v)| (snake(&k), v)).collect();
            }
            for (key, v) in map.iter_mut() {
                if !FREE_FORM.contains(&key.as_str()) {
                    snake_keys(v);
                }
            }
        }
        _ => {}
    }
}

/// `perPage` → `per_page`. What is no name of a field in camel case is not touched: keys of maps are anything.
pub(crate) fn snake(name: &str) -> String {
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return name.to_owned();
    }
    // The one name that does not follow the rule of its neighbours.
    if name == "meanAvgPrecisionIou50" {
        return "mean_avg_precision_iou_50".to_owned();
    }
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_of_maps_stay() {
        for key in ["Straße1", "/dogBreeds", "Total", "a b", "wide_Angle"] {
            assert_eq!(snake(key), key);
        }
    }

    #[test]
    fn renames_all_but_free_form() {
        let mut v = json!({"datasetVersions": [{"annotationFilterConfig": {"ignoreEmptyInputs": true}, "metadata": {"myKey": {"aB": 1}}}], "per_page": 2});
        snake_keys(&mut v);
        assert_eq!(
            v,
            json!({"dataset_versions": [{"annotation_filter_config": {"ignore_empty_inputs": true}, "metadata": {"myKey": {"aB": 1}}}], "per_page": 2})
        );
    }
}
