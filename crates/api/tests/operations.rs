//! Every operation of the table builds a request and is read back from it unchanged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::{Operation, extensions, operations};
use std::collections::HashSet;

const SCOPE: (&str, &str) = ("me", "demo");

fn scope() -> UserAppIdSet {
    UserAppIdSet { user_id: SCOPE.0.into(), app_id: SCOPE.1.into() }
}

/// Sends the operation through bytes and back.
fn there_and_back<O: Operation + PartialEq + std::fmt::Debug>(op: &O) -> String {
    let request = op.request("http://h").unwrap();
    let uri = request.uri();
    let (path, _) = O::META.match_path(uri.path()).expect("its own path");
    let back = O::from_parts(path, uri.query().unwrap_or(""), request.body()).unwrap();
    assert_eq!(&back, op);
    format!("{} {uri} {}", request.method(), String::from_utf8_lossy(request.body()))
}

#[test]
fn requests_look_as_the_platform_wants_them() {
    let app = "http://h/v2/users/me/apps/demo";
    for (got, want) in [
        (
            there_and_back(&ListConcepts { user_app_id: scope(), page: 2, per_page: 50, ..Default::default() }),
            format!("GET {app}/concepts?page=2&per_page=50 "),
        ),
        (
            there_and_back(&GetConcept { user_app_id: scope(), concept_id: "a/b c".into() }),
            format!("GET {app}/concepts/a%2Fb%20c "),
        ),
        (
            there_and_back(&DeleteInputs { user_app_id: scope(), ids: vec!["x".into()] }),
            format!(r#"DELETE {app}/inputs {{"ids":["x"]}}"#),
        ),
        (
            there_and_back(&PutDatasetVersionExports {
                user_app_id: scope(),
                dataset_id: "d".into(),
                dataset_version_id: "v".into(),
                exports: vec![DatasetVersionExport { format: ExportFormat::COCO, ..Default::default() }],
            }),
            format!(r#"PUT {app}/datasets/d/versions/v/exports {{"exports":[{{"format":2}}]}}"#),
        ),
        (
            there_and_back(&ListInputs {
                user_app_id: scope(),
                ids: vec!["i 1".into(), "ü".into()],
                status: Some(Status { code: StatusCode::INPUT_SUCCESS, ..Default::default() }),
                ..Default::default()
            }),
            format!("GET {app}/inputs?ids=i%201&ids=%C3%BC&status.code=30000 "),
        ),
    ] {
        assert_eq!(got, want);
    }
}

#[test]
fn an_empty_id_is_refused_before_it_turns_one_into_all() {
    let error = GetConcept { user_app_id: scope(), concept_id: String::new() }.request("http://h").unwrap_err();
    assert_eq!(error.to_string(), "GetConcept needs `concept_id`, and it must not be empty");
}

#[test]
fn the_tables_have_no_two_alike() {
    let mut names = HashSet::new();
    let mut routes = HashSet::new();
    for meta in operations::ALL.iter().chain(extensions::ALL.iter().map(|e| &e.meta)) {
        assert!(names.insert(meta.name), "{} twice", meta.name);
        for path in meta.paths {
            assert!(routes.insert((meta.method, *path)), "{} {path} twice", meta.method);
        }
    }
}

#[test]
fn bodies_of_other_clients_are_read() {
    let body = br#"{"user_app_id":{"user_id":"x","app_id":"y"},"datasetVersions":[{"annotationFilterConfig":{"ignoreEmptyInputs":true}}],"dataset_id":"other"}"#;
    let op = PostDatasetVersions::from_parts(
        vec![("dataset_id", "d".into()), ("user_app_id.user_id", "me".into())],
        "",
        body,
    )
    .unwrap();
    assert_eq!(
        (op.dataset_id.as_str(), op.user_app_id.user_id.as_str(), op.user_app_id.app_id.as_str()),
        ("d", "me", "y")
    );
    assert!(op.dataset_versions[0].annotation_filter_config.as_ref().unwrap().ignore_empty_inputs);
}

#[test]
fn broken_bodies_name_the_place() {
    let error = |body: &[u8]| PostConcepts::from_parts(vec![], "", body).unwrap_err().to_string();
    assert_eq!(error(b"{\"concepts\":[}"), "the body is not JSON: expected value at line 1 column 14");
    assert!(
        error(b"{\n\"concepts\": [{\"id\": 7}]}").contains("line 2 column"),
        "{}",
        error(b"{\n\"concepts\": [{\"id\": 7}]}")
    );
}

#[test]
fn replies_tell_failure_from_success() {
    let ok = GetConcept::reply(200, br#"{"status":{"code":10000},"concept":{"id":"a"}}"#).unwrap();
    assert_eq!(ok.concept.unwrap().id, "a");
    let mixed = PostInputs::reply(200, br#"{"status":{"code":10010},"inputs":[]}"#).unwrap();
    assert_eq!(mixed.status.unwrap().code, StatusCode::MIXED_STATUS);
    let gone =
        GetConcept::reply(404, br#"{"status":{"code":11101,"description":"Resource does not exist","req_id":"r1"}}"#)
            .unwrap_err();
    assert_eq!(gone.to_string(), "Resource does not exist (code 11101, req_id r1)");
    let proxy = GetConcept::reply(502, b"<html>Bad gateway").unwrap_err();
    assert!(proxy.to_string().contains("<html>Bad gateway"), "{proxy}");
    // A failure whose other fields have an odd shape is still the failure that it is.
    let odd = GetConcept::reply(400, br#"{"status":{"code":40003,"description":"Invalid request"},"concept":7}"#)
        .unwrap_err();
    assert_eq!(odd.code(), StatusCode::CONCEPTS_INVALID_REQUEST);
}

#[test]
fn lists_are_printed_even_when_empty() {
    let text = serde_json::to_string(&MultiConceptResponse::default()).unwrap();
    assert_eq!(text, r#"{"concepts":[]}"#);
}
