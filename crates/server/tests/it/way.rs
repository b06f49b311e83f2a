//! The main job over HTTP, with the real data.

use crate::world::{APP, EXTENSIONS, World, testdata, with_token};
use axum::body::Body;
use labelscope_formats::archive::{Limits, Reader};
use labelscope_formats::coco::compare::differences;
use serde_json::{Value, json};
use std::io::{Cursor, Read};

/// Imports, freezes, exports and downloads; gives the COCO file in the archive.
pub async fn whole_way(w: &World, dataset: &str, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let job = w.ok("POST", &format!("{EXTENSIONS}/imports"), json!({"import": {"dataset_id": dataset}})).await;
    let id = job["job"]["id"].as_str().unwrap().to_owned();
    for (name, bytes) in files {
        let put = with_token("PUT", &format!("/labelscope/v1/imports/{id}/files/{name}"))
            .body(Body::from(bytes.clone()))
            .unwrap();
        assert_eq!(w.send(put).await.status, 200);
    }
    w.ok("POST", &format!("{EXTENSIONS}/imports/{id}/start"), json!({})).await;
    let done = w.ended(&id).await;
    assert_eq!(done["state"], 4, "{done}");
    w.ok("POST", &format!("{APP}/datasets/{dataset}/versions"), json!({"dataset_versions": [{"id": "v1"}]})).await;
    let export = exported(w, dataset).await;
    let url = export["url"].as_str().unwrap().strip_prefix("http://h:1").unwrap();
    let reply = w.call("GET", url, Value::Null).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/zip"));
    assert_eq!(reply.body.len().to_string(), export["size"].as_str().unwrap());
    let half = w.send(with_token("GET", url).header("range", "bytes=100-").body(Body::empty()).unwrap()).await;
    assert_eq!((half.status, &half.body[..]), (206, &reply.body[100..]));
    let mut zip = Reader::open(Cursor::new(reply.body), Limits::default()).unwrap();
    let mut out = Vec::new();
    zip.entry(0).unwrap().read_to_end(&mut out).unwrap();
    out
}

pub async fn exported(w: &World, dataset: &str) -> Value {
    exported_as(w, dataset, "COCO").await
}

pub async fn exported_as(w: &World, dataset: &str, format: &str) -> Value {
    loop {
        let reply = w
            .ok(
                "PUT",
                &format!("{APP}/datasets/{dataset}/versions/v1/exports"),
                json!({"exports": [{"format": format}]}),
            )
            .await;
        let export = reply["exports"][0].clone();
        match export["status"]["code"].as_u64() {
            Some(64200) => return export,
            Some(64201 | 64203) => tokio::task::yield_now().await,
            _ => panic!("{export}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_datasets_come_out_as_they_went_in() {
    let w = World::new();
    let gt = std::fs::read(testdata("coco100/instances_gt.json")).unwrap();
    let out = whole_way(&w, "coco100", &[("gt.json".to_owned(), gt.clone())]).await;
    assert_eq!(differences(gt.as_slice(), out.as_slice()).unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_project_comes_with_the_server() {
    let w = World::new();
    let job = w.ok("POST", &format!("{EXTENSIONS}/imports/sample"), json!({})).await;
    let done = w.ended(job["job"]["id"].as_str().unwrap()).await;
    assert_eq!((&done["state"], &done["result"]["media_added"]), (&json!(4), &json!("79")));
    // A detector's predictions follow it.
    let jobs = w.ok("GET", &format!("{EXTENSIONS}/jobs"), Value::Null).await;
    let second = w.ended(jobs["jobs"][0]["id"].as_str().unwrap()).await;
    assert_eq!((&second["state"], &second["result"]["predictions_added"]), (&json!(4), &json!("494")));
    let inputs = w.ok("GET", &format!("{APP}/datasets/indoor85/inputs?per_page=1"), Value::Null).await;
    let url = inputs["dataset_inputs"][0]["input"]["data"]["image"]["url"]
        .as_str()
        .unwrap()
        .strip_prefix("http://h:1")
        .unwrap()
        .to_owned();
    assert_eq!(w.call("GET", &url, Value::Null).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_tell_of_writes_and_jobs() {
    use futures::StreamExt;
    use tower::ServiceExt;
    let w = World::new();
    let request = with_token("GET", "/labelscope/v1/events").body(Body::empty()).unwrap();
    let response = labelscope_server::router(w.server.clone()).oneshot(request).await.unwrap();
    let mut events = response.into_body().into_data_stream();
    w.ok("POST", &format!("{APP}/concepts"), json!({"concepts": [{"name": "x"}]})).await;
    let mut heard = String::new();
    while !heard.contains("event: revision") {
        heard.push_str(&String::from_utf8_lossy(&events.next().await.unwrap().unwrap()));
    }
    assert!(heard.contains("\"app_id\":\"demo\""), "{heard}");
}
