//! The OpenAPI description is whole: every operation under each of its paths, and nothing referred to that is not there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use labelscope_api::{extensions, openapi, operations};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn document() -> Value {
    openapi::document("1.2.3")
}

fn operations_of(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

fn walk(value: &Value, visit: &mut dyn FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            visit(map);
            map.values().for_each(|v| walk(v, visit));
        }
        Value::Array(items) => items.iter().for_each(|v| walk(v, visit)),
        _ => {}
    }
}

#[test]
fn every_operation_is_there_under_each_of_its_paths() {
    let document = document();
    let there: BTreeSet<(String, String)> =
        operations_of(&document).map(|(path, method, _)| (method.to_owned(), path.to_owned())).collect();
    for meta in operations::ALL.iter().chain(extensions::ALL.iter().map(|e| &e.meta)) {
        for path in meta.paths {
            let key = (meta.method.to_lowercase(), path.replace("{user_app_id.", "{"));
            assert!(there.contains(&key), "{} {} is missing", meta.method, path);
        }
    }
    let names: Vec<_> = extensions::ALL.iter().map(|e| e.meta.name).collect();
    assert_eq!(names, extensions::DESCRIBED.iter().map(|d| d.meta.name).collect::<Vec<_>>());
    let mut ids = BTreeSet::new();
    for (path, _, operation) in operations_of(&document) {
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{} twice", operation["operationId"]);
        assert!(operation["responses"]["200"].is_object() && operation["responses"]["default"].is_object(), "{path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = 0;
    walk(&document, &mut |map| {
        if let Some(target) = map.get("$ref") {
            let target = target.as_str().unwrap();
            let found = document.pointer(target.strip_prefix('#').unwrap());
            assert!(found.is_some_and(Value::is_object), "{target} leads nowhere");
            references += 1;
        }
        for name in map.get("required").and_then(Value::as_array).into_iter().flatten() {
            assert!(map["properties"].get(name.as_str().unwrap()).is_some(), "{name} is required and not described");
        }
    });
    assert!(references > 1000, "{references}");
}

#[test]
fn parameters_fit_the_paths_and_no_two_paths_are_the_same() {
    let document = document();
    let mut forms: BTreeMap<String, &str> = BTreeMap::new();
    for path in document["paths"].as_object().unwrap().keys() {
        let form = path.split('/').map(|s| if s.starts_with('{') { "{}" } else { s }).collect::<Vec<_>>().join("/");
        assert_eq!(forms.insert(form, path), None, "{path} has a twin");
    }
    for (path, method, operation) in operations_of(&document) {
        let template: BTreeSet<&str> = path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation["parameters"].as_array().unwrap();
        let (mut in_path, mut all) = (BTreeSet::new(), BTreeSet::new());
        for parameter in parameters {
            let (name, place) = (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
            assert!(all.insert((name, place)), "{method} {path}: {name} twice");
            if place == "path" {
                assert_eq!(parameter["required"], true);
                in_path.insert(name);
            }
        }
        assert_eq!(in_path, template, "{method} {path}");
        assert!(method != "get" || operation["requestBody"].is_null(), "{path}");
    }
}

#[test]
fn a_few_places_in_full() {
    let document = document();
    let parameter = |path: &str, name: &str| {
        let all = document["paths"][path]["get"]["parameters"].as_array().unwrap();
        all.iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("{path}: {name}")).clone()
    };
    let inputs = "/v2/users/{user_id}/apps/{app_id}/inputs";
    assert_eq!(parameter(inputs, "status.code")["schema"]["$ref"], "#/components/schemas/StatusCode-Request");
    assert_eq!(parameter(inputs, "ids")["explode"], true);
    assert_eq!(parameter("/v2/inputs", "user_app_id.app_id")["in"], "query");
    let schemas = &document["components"]["schemas"];
    // Sent as a number or a name, printed as a number.
    assert_eq!(schemas["StatusCode"]["type"], "integer");
    assert_eq!(schemas["StatusCode"]["x-values"]["SUCCESS"], 10000);
    assert_eq!(schemas["StatusCode-Request"]["anyOf"][1]["type"], "string");
    assert_eq!(schemas["MultiConceptResponse"]["required"], json!(["concepts"]));
    assert_eq!(schemas["Concept-Request"]["required"], Value::Null);
    assert_eq!(schemas["FrameInfo"]["properties"]["time"]["type"], "string");
    assert_eq!(schemas["FrameInfo-Request"]["properties"]["time"]["type"], json!(["string", "integer"]));
    let create = &document["paths"]["/labelscope/v1/connections"]["post"];
    let body = &create["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["properties"]["token"]["format"], "password");
    let patch = &document["paths"]["/labelscope/v1/connections/{connection_id}"]["patch"];
    let body = &patch["requestBody"]["content"]["application/json"]["schema"];
    assert!(body["properties"]["connection_id"].is_null(), "it stands in the path");
    let text = document.to_string();
    assert!(!text.contains("[`") && !text.contains("super::"), "marks of Rust's documentation");
}
