use crate::world::{APP, EXTENSIONS, World, with_token};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use std::num::NonZeroU32;

#[tokio::test]
async fn too_many_calls_a_second_are_turned_away_and_told_when_to_come_back() {
    let w = World::with(|c| c.rate_limit = NonZeroU32::new(2));
    let path = format!("{APP}/concepts");
    let mut replies = Vec::new();
    for _ in 0..20 {
        replies.push(w.call("GET", &path, Value::Null).await);
    }
    assert_eq!((replies[0].status, replies[1].status), (200, 200));
    let refused = replies.iter().find(|r| r.status != 200).expect("20 calls at once are more than 2 a second");
    assert_eq!((refused.status, refused.code(), refused.header("retry-after")), (429, 11005, "1"));
    let status = &refused.json()["status"];
    assert_eq!(status["description"], "Too Many Requests");
    assert_eq!(status["details"], "exceeded limit of 2 requests per second");
    for _ in 0..10 {
        let health = w.send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
        assert_eq!(health.status, 200);
        let file = w.send(Request::get("/").header("host", "h:1").body(Body::empty()).unwrap()).await;
        assert_ne!(file.status, 429);
    }
}

#[tokio::test]
async fn without_a_limit_there_is_none() {
    let w = World::new();
    for _ in 0..50 {
        assert_eq!(w.call("GET", &format!("{APP}/concepts"), Value::Null).await.status, 200);
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let w = World::new();
    let request = with_token("POST", &format!("{APP}/inputs")).body(Body::from(vec![b' '; (130 << 20) + 1])).unwrap();
    let reply = w.send(request).await;
    assert_eq!((reply.status, reply.code()), (413, 11100));
    assert_eq!(w.ok("GET", &format!("{APP}/inputs/status"), json!(null)).await["counts"]["processed"], 0);
}

#[tokio::test]
async fn without_room_on_the_disk_nothing_is_taken_in_and_deleting_is_possible() {
    let w = World::new();
    w.ok("POST", &format!("{APP}/inputs"), json!({"inputs": [{"id": "a", "data": {"text": {"raw": "x"}}}]})).await;
    let job =
        w.ok("POST", &format!("{EXTENSIONS}/imports"), json!({"import": {"dataset_id": "d"}})).await["job"].take();
    let file = format!("/labelscope/v1/imports/{}/files/x.json", job["id"].as_str().unwrap());
    let dir = w.dir.clone();
    drop(w);
    let w = World::at(dir, |c| c.min_free = u64::MAX);
    let form = |path: &str| {
        with_token("POST", path)
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n"))
            .unwrap()
    };
    for reply in [
        w.call("POST", &format!("{APP}/concepts"), json!({"concepts": [{"id": "c"}]})).await,
        w.send(with_token("PUT", &file).body(Body::from("{}")).unwrap()).await,
        w.send(form("/labelscope/v1/media")).await,
    ] {
        assert_eq!((reply.status, reply.code()), (507, 98004));
        let details = reply.json()["status"]["details"].to_string();
        assert!(details.contains("free some space"), "{details}");
    }
    assert_eq!(w.ok("GET", &format!("{APP}/inputs"), Value::Null).await["inputs"][0]["id"], "a");
    w.ok("DELETE", &format!("{APP}/inputs/a"), Value::Null).await;
    // It is looked at now and then.
    while !w.ok_text("/metrics").await.contains("labelscope_disk_short 1") {
        tokio::task::yield_now().await;
    }
}
