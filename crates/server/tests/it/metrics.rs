//! What the server counts, as Prometheus reads it.

use crate::world::{APP, EXTENSIONS, World, testdata, with_token};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Values by name and labels. Refuses what Prometheus would.
fn read(text: &str) -> BTreeMap<String, f64> {
    let (mut values, mut families) = (BTreeMap::new(), BTreeSet::new());
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.splitn(3, ' ');
            let (kind, name) = (words.next().unwrap(), words.next().unwrap().to_owned());
            assert!(!words.next().unwrap().is_empty());
            if kind == "HELP" {
                assert!(families.insert(name), "a family stands once: {line}");
            }
            continue;
        }
        let (series, value) = line.rsplit_once(' ').unwrap();
        let name = series.split('{').next().unwrap();
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .filter(|f| families.contains(*f));
        assert!(families.contains(name) || family.is_some(), "{line}");
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        assert!(values.insert(series.to_owned(), value.parse().unwrap()).is_none(), "twice: {line}");
    }
    assert!(text.ends_with('\n'));
    values
}

// They are whole numbers.
#[allow(clippy::float_cmp)]
#[tokio::test]
async fn answers_jobs_and_bytes_are_counted() {
    let w = World::new();
    for _ in 0..3 {
        w.ok("GET", &format!("{APP}/concepts"), Value::Null).await;
    }
    w.call("GET", &format!("{APP}/concepts/none"), Value::Null).await;
    w.call("GET", "/v2/nothing-of-mine", Value::Null).await;
    w.send(Request::get(format!("{APP}/inputs")).header("host", "h:1").body(Body::empty()).unwrap()).await;
    w.ok("POST", &format!("{APP}/concepts"), json!({"concepts": [{"id": "somebody-private"}]})).await;
    let job =
        w.ok("POST", &format!("{EXTENSIONS}/imports"), json!({"import": {"dataset_id": "d"}})).await["job"].take();
    let id = job["id"].as_str().unwrap();
    let file = with_token("PUT", &format!("/labelscope/v1/imports/{id}/files/gt.json"));
    w.send(file.body(Body::from(std::fs::read(testdata("indoor85/instances_gt.json")).unwrap())).unwrap()).await;
    w.ok("POST", &format!("{EXTENSIONS}/imports/{id}/start"), json!({})).await;
    w.ended(id).await;
    let reply = w.call("GET", "/metrics", Value::Null).await;
    assert_eq!(reply.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let text = String::from_utf8(reply.body).unwrap();
    let values = read(&text);
    let requests = |operation: &str, class: &str| {
        values.get(&format!("labelscope_http_requests_total{{operation=\"{operation}\",class=\"{class}\"}}")).copied()
    };
    assert_eq!(requests("ListConcepts", "2xx"), Some(3.0));
    assert_eq!(requests("GetConcept", "4xx"), Some(1.0));
    assert_eq!(requests("ListInputs", "4xx"), Some(1.0), "who was turned away too");
    assert_eq!((requests("Unknown", "4xx"), requests("ImportFile", "2xx")), (Some(1.0), Some(1.0)));
    let took = |part: &str| values[&format!("labelscope_http_request_duration_seconds{part}")];
    assert_eq!(took("_count{operation=\"ListConcepts\"}"), 3.0);
    let mut last = 0.0;
    for end in ["0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "1", "5", "30", "+Inf"] {
        let n = took(&format!("_bucket{{operation=\"ListConcepts\",le=\"{end}\"}}"));
        assert!(n >= last);
        last = n;
    }
    assert_eq!(last, 3.0);
    assert_eq!(values["labelscope_jobs{kind=\"import\",state=\"done\"}"], 1.0);
    assert_eq!(values["labelscope_writer_queue_length"], 0.0);
    assert!(values["labelscope_database_bytes"] > 0.0 && values["labelscope_disk_free_bytes"] > 0.0);
    assert!(text.contains(&format!("labelscope_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))));
    // Labels are words of ours: nothing of a path, a body or a user.
    for word in ["somebody", "nothing-of-mine", "local", "demo", id] {
        assert!(!text.contains(word), "{word}");
    }
}

#[tokio::test]
async fn they_are_for_who_has_a_token_unless_said_otherwise() {
    let bare = || Request::get("/metrics").header("host", "h:1").body(Body::empty()).unwrap();
    let w = World::new();
    let refused = w.send(bare()).await;
    assert_eq!((refused.status, refused.code()), (401, 11009));
    let w = World::with(|c| c.metrics_public = true);
    assert_eq!(w.send(bare()).await.status, 200);
    // Nothing else is public with it.
    let concepts = Request::get(format!("{APP}/concepts")).header("host", "h:1").body(Body::empty()).unwrap();
    assert_eq!(w.send(concepts).await.status, 401);
}
