//! Where the gateway does not go, and what it says then.

use crate::gateway::{GATEWAY, connected, text, world};
use crate::kills::Process;
use crate::platform::{KEY, Platform, Sealed, header, recorded};
use crate::world::{TOKEN, World};
use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test]
async fn a_redirect_within_the_api_is_followed_and_any_other_is_not() {
    let elsewhere = Platform::recorded("concepts__py_list_five").await;
    let other = elsewhere.alias();
    let platform = Platform::start(move |request| {
        let other = other.clone();
        async move {
            let to = match request.uri().path() {
                "/v2/moved" => "/v2/concepts?page=2".to_owned(),
                "/v2/whole" => format!("http://{}/v2/concepts", header(request.headers(), "host")),
                "/v2/out" => "/admin?x=secret".to_owned(),
                "/v2/up" => "/v2/../admin".to_owned(),
                "/v2/other" => format!("{other}/v2/concepts?signature=secret"),
                "/v2/slashes" => format!("//{}/v2/concepts", other.strip_prefix("http://").unwrap()),
                "/v2/scheme" => format!("https://{}/v2/concepts", header(request.headers(), "host")),
                "/v2/loop" => "/v2/loop".to_owned(),
                "/v2/unmodified" => return Response::builder().status(304).body(Body::empty()).unwrap(),
                _ => return recorded("concepts__py_list_five").0,
            };
            Response::builder().status(307).header("location", to).body(Body::empty()).unwrap()
        }
    })
    .await;
    let w = world(&platform).await;
    for path in ["/v2/moved", "/v2/whole"] {
        let reply = w.call("GET", &format!("{GATEWAY}{path}"), Value::Null).await;
        assert_eq!((reply.status, &reply.body), (200, &recorded("concepts__py_list_five").1));
        let asked = platform.asked().await;
        assert_eq!(asked.len(), 2);
        assert!(asked.iter().all(|a| header(&a.headers, "authorization") == format!("Key {KEY}")));
    }
    let unmodified = w.call("GET", &format!("{GATEWAY}/v2/unmodified"), Value::Null).await;
    assert_eq!(unmodified.status, 304);
    platform.asked().await;
    for (method, path, to) in [
        ("GET", "/v2/out", "/admin"),
        ("GET", "/v2/up", "/v2/../admin"),
        ("GET", "/v2/other", "http://localhost"),
        ("GET", "/v2/slashes", "//localhost"),
        ("GET", "/v2/scheme", "https://127.0.0.1"),
        // Nobody knows what a second sending would do.
        ("POST", "/v2/moved", "/v2/concepts"),
        ("DELETE", "/v2/whole", "/v2/concepts"),
    ] {
        let reply = w.call(method, &format!("{GATEWAY}{path}"), Value::Null).await;
        assert_eq!((reply.status, reply.code()), (502, 98005), "{path}");
        assert!(text(&reply).contains(to), "{path}: {}", text(&reply));
        assert!(!text(&reply).contains("secret") && !text(&reply).contains(KEY), "{}", text(&reply));
        assert_eq!(platform.asked().await.len(), 1);
    }
    let reply = w.call("GET", &format!("{GATEWAY}/v2/loop"), Value::Null).await;
    assert_eq!((reply.status, reply.code(), platform.asked().await.len()), (502, 98005, 6));
    assert!(elsewhere.asked().await.is_empty(), "the token followed nobody");
}

#[tokio::test]
async fn no_path_leads_out_of_the_api() {
    let platform = Platform::recorded("concepts__py_list_five").await;
    let w = world(&platform).await;
    for path in [
        "",
        "/",
        "/v2",
        "/v1/x",
        "/admin",
        "/v2/../admin",
        "/v2/%2e%2e/admin",
        "/v2/%252e%252e/admin",
        "/v2/a%2f..%2f..%2fadmin",
        "/v2/..%5cadmin",
        "/v2/..;/admin",
        "//evil.example/v2/x",
        "/@evil.example/v2/x",
        "/v2/a%0d%0aHost:%20evil.example",
    ] {
        let reply = w.call("GET", &format!("{GATEWAY}{path}"), Value::Null).await;
        assert_eq!((reply.status, reply.code()), (404, 11101), "{path}");
    }
    let unknown = w.call("GET", "/labelscope/v1/gateway/q/v2/concepts", Value::Null).await;
    assert_eq!((unknown.status, unknown.code()), (404, 11101));
    assert!(platform.asked().await.is_empty());
}

#[tokio::test]
async fn a_connection_without_a_token_asks_nobody() {
    let platform = Platform::recorded("concepts__py_list_five").await;
    let w = World::new();
    w.ok("POST", "/labelscope/v1/connections", json!({"connection": {"id": "p", "base_url": platform.url()}})).await;
    let reply = w.call("GET", &format!("{GATEWAY}/v2/concepts"), Value::Null).await;
    assert_eq!((reply.status, reply.code()), (400, 11009));
    assert!(platform.asked().await.is_empty());
}

#[tokio::test]
async fn what_keeps_the_other_side_from_answering_is_told_apart() {
    let silent = Platform::start(|_| async { std::future::pending().await }).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (hasty, patient) = (World::with(|c| c.upstream_timeout = Duration::from_millis(20)), World::new());
    for (id, base_url, status, code, says) in [
        ("a", format!("http://127.0.0.1:{closed}"), 502, 10030, "cannot be reached"),
        ("b", silent.url(), 504, 10030, "was silent for 20ms"),
        ("c", format!("https://127.0.0.1:{}", silent.port), 502, 98005, "cannot prove who it is"),
        ("d", "https://10.255.255.1".to_owned(), 403, 11102, "private network"),
        ("e", "https://[fd00::1]".to_owned(), 403, 11102, "private network"),
    ] {
        let connection = json!({"id": id, "base_url": base_url});
        let w = if status == 504 { &hasty } else { &patient };
        w.ok("POST", "/labelscope/v1/connections", json!({"connection": connection, "token": KEY})).await;
        let reply = w.call("GET", &format!("/labelscope/v1/gateway/{id}/v2/concepts"), Value::Null).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{base_url}: {}", text(&reply));
        assert!(text(&reply).contains(says) && !text(&reply).contains(KEY), "{}", text(&reply));
        assert_eq!(reply.header("x-labelscope-connection"), "", "it is ours, not theirs");
        assert!(!reply.json()["status"]["req_id"].as_str().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_to_whom_no_authority_vouches_for() {
    let sealed = Sealed::start("concepts__py_list_five").await;
    let base_url = format!("https://localhost:{}", sealed.port);
    let w = World::new();
    connected(&w, &base_url, &[]).await;
    let reply = w.call("GET", &format!("{GATEWAY}/v2/concepts"), Value::Null).await;
    assert_eq!((reply.status, reply.code()), (502, 98005), "{}", text(&reply));
    assert!(text(&reply).contains("cannot prove who it is") && !sealed.heard.load(Ordering::Relaxed));

    // A company's own authority, among those that the machine trusts.
    let file = w.dir.path().join("authorities.pem");
    std::fs::write(&file, &sealed.authority).unwrap();
    let data = w.dir.path().join("another");
    let concepts = tokio::task::spawn_blocking(move || {
        let process = Process::start_in(&data, &[], &[("SSL_CERT_FILE", &file)]);
        let connection = json!({"id": "p", "base_url": base_url});
        process.json("POST", "/labelscope/v1/connections", &json!({"connection": connection, "token": KEY}));
        process.json("GET", &format!("{GATEWAY}/v2/concepts"), &Value::Null)
    });
    assert_eq!(concepts.await.unwrap()["concepts"].as_array().unwrap().len(), 5);
    assert!(sealed.heard.load(Ordering::Relaxed));
}

/// What the server logs on this thread.
#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_holds_a_token() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let platform = Platform::start(|request| async move {
        match request.uri().path() {
            "/v2/away" => Response::builder().status(302).header("location", "/x").body(Body::empty()).unwrap(),
            _ => recorded("errors__issue_11008_pat_without_app_http_401").0,
        }
    })
    .await;
    let w = world(&platform).await;
    for path in ["/v2/concepts", "/v2/away", "/v1"] {
        w.call("GET", &format!("{GATEWAY}{path}"), Value::Null).await;
    }
    w.ok("POST", "/labelscope/v1/connections/p/test", json!({})).await;
    w.call("PATCH", "/labelscope/v1/connections/p", json!({"connection": {"base_url": "no"}, "token": KEY})).await;
    w.call("GET", "/labelscope/v1/connections", Value::Null).await;
    let made = w.ok("POST", "/labelscope/v1/tokens", json!({"name": "script"})).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("gateway: ") && log.contains("path=\"/labelscope/v1/gateway/p/v2/concepts\""), "{log}");
    for secret in [KEY, TOKEN, made["secret"].as_str().unwrap()] {
        assert!(!log.contains(secret), "{log}");
    }
}
