//! Calls that go on to another server of the API, over real sockets.

use crate::kills::Process;
use crate::platform::{KEY, Platform, Sealed, header, recorded};
use crate::world::{Reply, TOKEN, World, with_token};
use axum::body::Body;
use axum::http::{Request, Response};
use bytes::Bytes;
use futures::StreamExt;
use futures::channel::mpsc::unbounded;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, oneshot};

pub const GATEWAY: &str = "/labelscope/v1/gateway/p";

/// A server with a connection `p`.
pub async fn connected(w: &World, base_url: &str, media_hosts: &[String]) {
    let connection = json!({"id": "p", "name": "Platform", "base_url": base_url, "media_hosts": media_hosts});
    w.ok("POST", "/labelscope/v1/connections", json!({"connection": connection, "token": KEY})).await;
}

async fn world(platform: &Platform) -> World {
    let w = World::new();
    connected(&w, &platform.url(), &[]).await;
    w
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// The server on a socket, for what a router alone does not show.
async fn listening(w: &World) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = labelscope_server::router(w.server.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

fn client() -> Client<hyper_util::client::legacy::connect::HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build_http()
}

#[tokio::test]
async fn a_call_goes_on_with_the_connections_token_and_nothing_of_the_callers() {
    let platform = Platform::start(|_| async {
        let (mut response, _) = recorded("concepts__py_list_five");
        for (name, value) in [
            ("set-cookie", "session=theirs"),
            ("access-control-allow-origin", "*"),
            ("access-control-allow-credentials", "true"),
            ("content-security-policy", "default-src *"),
            ("server", "nginx"),
            ("x-labelscope-revision", "7"),
            ("connection", "keep-alive, x-hop"),
            ("x-hop", "1"),
            ("etag", "\"e1\""),
            ("cache-control", "max-age=5"),
            ("x-ratelimit-remaining", "14"),
        ] {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    })
    .await;
    let w = world(&platform).await;
    let path = "/v2/users/me/apps/a%20b/concepts/%E6%97%A5%25?page=1&x=a%2Fb+c&token=&x=2";
    let request = with_token("GET", &format!("{GATEWAY}{path}"))
        .header("cookie", "labelscope_1=secret")
        .header("origin", "http://h:1")
        .header("referer", "http://h:1/concepts")
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "cors")
        .header("x-forwarded-for", "10.0.0.1")
        .header("forwarded", "for=10.0.0.1")
        .header("x-labelscope-thing", "1")
        .header("x-clarifai-session-token", "another-credential")
        .header("proxy-authorization", "Basic eA==")
        .header("te", "trailers")
        .header("x-clarifai-request-id-prefix", "mine")
        .header("accept-language", "de")
        .header("if-none-match", "\"e0\"")
        .header("range", "bytes=0-9")
        .body(Body::empty())
        .unwrap();
    let reply = w.send(request).await;
    let asked = platform.one().await;
    assert_eq!(asked.uri.to_string(), path, "as it was sent, to the last escape");
    assert_eq!(header(&asked.headers, "authorization"), format!("Key {KEY}"));
    assert_eq!(header(&asked.headers, "host"), format!("127.0.0.1:{}", platform.port));
    for (name, value) in [
        ("x-clarifai-request-id-prefix", "mine"),
        ("accept-language", "de"),
        ("if-none-match", "\"e0\""),
        ("range", "bytes=0-9"),
    ] {
        assert_eq!(header(&asked.headers, name), value);
    }
    let passed = [
        "authorization",
        "host",
        "x-clarifai-request-id-prefix",
        "accept-language",
        "if-none-match",
        "range",
        "user-agent",
    ];
    let others: Vec<_> = asked.headers.keys().filter(|name| !passed.contains(&name.as_str())).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(!format!("{:?}", asked.headers).contains(TOKEN));

    assert_eq!((reply.status, &reply.body), (200, &recorded("concepts__py_list_five").1));
    for (name, value) in [
        ("content-type", "application/json; charset=UTF-8"),
        ("etag", "\"e1\""),
        ("cache-control", "max-age=5"),
        ("x-ratelimit-remaining", "14"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-labelscope-connection", "p"),
        ("set-cookie", ""),
        ("access-control-allow-origin", ""),
        ("access-control-allow-credentials", ""),
        ("server", ""),
        ("x-labelscope-revision", ""),
        ("x-hop", ""),
    ] {
        assert_eq!(reply.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn every_method_goes_on_with_its_body() {
    let platform = Platform::start(|request| async {
        let sent = request.headers().get("content-length").cloned();
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let mut response = Response::new(Body::from(body));
        response.headers_mut().insert("x-clarifai-length", sent.unwrap_or("none".parse().unwrap()));
        response
    })
    .await;
    let w = world(&platform).await;
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let reply = w.call(method, &format!("{GATEWAY}/v2/inputs"), json!({"inputs": [{"id": method}]})).await;
        assert_eq!((reply.status, reply.json()["inputs"][0]["id"].clone()), (200, json!(method)));
        assert_eq!(reply.header("x-clarifai-length"), reply.body.len().to_string());
        assert_eq!(platform.one().await.method, method);
    }
    let head = w.call("HEAD", &format!("{GATEWAY}/v2/inputs"), Value::Null).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    platform.one().await;
    // TRACE would show the token.
    for method in ["TRACE", "CONNECT", "OPTIONS", "PURGE"] {
        let reply = w.call(method, &format!("{GATEWAY}/v2/inputs"), Value::Null).await;
        assert_eq!((reply.status, reply.code()), (400, 11103), "{method}");
    }
    assert!(platform.asked().await.is_empty());
}

#[tokio::test]
async fn failures_of_the_other_side_come_back_byte_for_byte() {
    for name in [
        "errors__issue_11101_not_found_http_404",
        "errors__issue_11008_pat_without_app_http_401",
        "errors__docs_21200_model_does_not_exist",
        "errors__py_11005_http_429",
        "errors__py_bad_gateway_http_502",
    ] {
        let platform = Platform::start(move |_| async move {
            let (mut response, _) = recorded(name);
            response.headers_mut().insert("retry-after", "15".parse().unwrap());
            response
        })
        .await;
        let w = world(&platform).await;
        let reply = w.call("GET", &format!("{GATEWAY}/v2/concepts"), Value::Null).await;
        let (response, bytes) = recorded(name);
        assert_eq!((reply.status, &reply.body), (response.status().as_u16(), &bytes), "{name}");
        assert_eq!((reply.header("retry-after"), reply.header("x-labelscope-connection")), ("15", "p"));
    }
}

#[tokio::test]
async fn bodies_stream_in_both_directions() {
    let (heard, mut hears) = unbounded::<Bytes>();
    let (mut says, said) = unbounded::<Result<Bytes, Infallible>>();
    let said = Arc::new(Mutex::new(Some(said)));
    let platform = Platform::start(move |request| {
        let (heard, said) = (heard.clone(), said.clone());
        async move {
            let said = said.lock().await.take().unwrap();
            tokio::spawn(async move {
                let mut body = request.into_body().into_data_stream();
                while let Some(Ok(piece)) = body.next().await {
                    heard.unbounded_send(piece).unwrap();
                }
            });
            let response = Response::builder().header("content-type", "text/event-stream");
            response.body(Body::from_stream(said)).unwrap()
        }
    })
    .await;
    let w = world(&platform).await;
    let address = listening(&w).await;
    let (mut up, sends) = unbounded::<Result<Bytes, Infallible>>();
    let request = Request::post(format!("{address}{GATEWAY}/v2/inputs"))
        .header("authorization", format!("Key {TOKEN}"))
        .body(Body::from_stream(sends))
        .unwrap();
    let answer = tokio::spawn(async move { client().request(request).await.unwrap() });
    // Each waits for the other: nobody may hold anything back.
    futures::SinkExt::send(&mut up, Ok(Bytes::from("one"))).await.unwrap();
    assert_eq!(hears.next().await.unwrap(), "one");
    futures::SinkExt::send(&mut says, Ok(Bytes::from("data: 1\n\n"))).await.unwrap();
    let answer = answer.await.unwrap();
    assert_eq!(header(answer.headers(), "content-type"), "text/event-stream");
    let mut down = answer.into_body().into_data_stream();
    assert_eq!(down.next().await.unwrap().unwrap(), "data: 1\n\n");
    futures::SinkExt::send(&mut up, Ok(Bytes::from("two"))).await.unwrap();
    assert_eq!(hears.next().await.unwrap(), "two");
    futures::SinkExt::send(&mut says, Ok(Bytes::from("data: 2\n\n"))).await.unwrap();
    assert_eq!(down.next().await.unwrap().unwrap(), "data: 2\n\n");
    drop((up, says));
    assert!(down.next().await.is_none());
}

/// Tells when it is dropped.
struct Ends(Option<oneshot::Sender<()>>);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.take().unwrap().send(());
    }
}

#[tokio::test]
async fn a_caller_who_leaves_ends_the_call_on_the_other_side() {
    for answers_first in [false, true] {
        let (began, begins) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let once = Arc::new(Mutex::new(Some((began, Ends(Some(end))))));
        let platform = Platform::start(move |_| {
            let once = once.clone();
            async move {
                let (began, ends) = once.lock().await.take().unwrap();
                began.send(()).unwrap();
                if !answers_first {
                    let _held = ends;
                    return std::future::pending().await;
                }
                let endless = futures::stream::unfold(ends, |ends| async {
                    tokio::task::yield_now().await;
                    Some((Ok::<_, Infallible>(Bytes::from("x")), ends))
                });
                Response::new(Body::from_stream(endless))
            }
        })
        .await;
        let w = world(&platform).await;
        let address = listening(&w).await;
        let request = Request::get(format!("{address}{GATEWAY}/v2/concepts"))
            .header("authorization", format!("Key {TOKEN}"))
            .body(Body::empty())
            .unwrap();
        let call = tokio::spawn(async move {
            let mut body = client().request(request).await.unwrap().into_body().into_data_stream();
            body.next().await
        });
        begins.await.unwrap();
        if answers_first {
            call.await.unwrap();
        } else {
            call.abort();
        }
        ended.await.unwrap();
    }
}

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
async fn only_who_may_call_this_server_calls_through_it() {
    let platform = Platform::recorded("concepts__py_list_five").await;
    let w = world(&platform).await;
    let url = format!("{GATEWAY}/v2/concepts");
    let nobody = w.send(Request::get(&url).header("host", "h:1").body(Body::empty()).unwrap()).await;
    assert_eq!((nobody.status, nobody.code()), (401, 11009));
    // The other side's token is none here.
    let theirs = Request::get(&url).header("authorization", format!("Key {KEY}")).body(Body::empty()).unwrap();
    assert_eq!(w.send(theirs).await.status, 401);
    let sign = Request::post("/labelscope/v1/sign-in").header("host", "h:1").header("origin", "http://h:1");
    let signed = w.send(sign.body(Body::from(json!({"token": TOKEN}).to_string())).unwrap()).await;
    let session = signed.header("set-cookie").split(';').next().unwrap().to_owned();
    let post = |origin: &str| {
        let request = Request::post(&url).header("host", "h:1").header("cookie", &session).header("origin", origin);
        request.body(Body::from("{}")).unwrap()
    };
    assert_eq!(w.send(post("http://evil:1")).await.status, 403);
    assert!(platform.asked().await.is_empty());
    assert_eq!(w.send(post("http://h:1")).await.status, 200);
    assert!(!format!("{:?}", platform.one().await.headers).contains(&session));
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

#[tokio::test]
async fn an_upload_that_moves_is_not_late() {
    let wait = Duration::from_millis(500);
    let (heard, mut hears) = unbounded::<Bytes>();
    let platform = Platform::start(move |request| {
        let heard = heard.clone();
        async move {
            let mut body = request.into_body().into_data_stream();
            while let Some(Ok(piece)) = body.next().await {
                heard.unbounded_send(piece).unwrap();
            }
            Response::new(Body::from("whole"))
        }
    })
    .await;
    let w = World::with(|c| c.upstream_timeout = wait);
    connected(&w, &platform.url(), &[]).await;
    let (mut up, sends) = unbounded::<Result<Bytes, Infallible>>();
    let request = with_token("POST", &format!("{GATEWAY}/v2/inputs")).body(Body::from_stream(sends)).unwrap();
    let pieces = async move {
        // As a whole it takes longer than the other side may be silent.
        let begun = Instant::now();
        while begun.elapsed() < wait * 2 {
            futures::SinkExt::send(&mut up, Ok(Bytes::from("piece"))).await.unwrap();
            hears.next().await.unwrap();
        }
    };
    let (reply, ()) = futures::join!(w.send(request), pieces);
    assert_eq!((reply.status, text(&reply)), (200, "whole".to_owned()));
}

#[tokio::test]
async fn a_body_that_is_too_long_goes_nowhere() {
    let platform = Platform::start(|request| async {
        let _ = request.into_body().collect().await;
        recorded("concepts__py_list_five").0
    })
    .await;
    let w = world(&platform).await;
    let url = format!("{GATEWAY}/v2/inputs");
    let whole = with_token("POST", &url).body(Body::from(vec![b' '; (130 << 20) + 1])).unwrap();
    let reply = w.send(whole).await;
    assert_eq!((reply.status, reply.code()), (413, 11100));
    assert!(platform.asked().await.is_empty(), "its length was known before");
    let piece = Bytes::from(vec![b' '; 1 << 20]);
    let pieces = futures::stream::iter((0..=130).map(move |_| Ok::<_, Infallible>(piece.clone())));
    let reply = w.send(with_token("POST", &url).body(Body::from_stream(pieces)).unwrap()).await;
    assert_eq!((reply.status, reply.code()), (413, 11100));
}

#[tokio::test]
async fn the_rate_limit_counts_calls_through_the_gateway() {
    let platform = Platform::recorded("concepts__py_list_five").await;
    let w = World::with(|c| c.rate_limit = NonZeroU32::new(2));
    connected(&w, &platform.url(), &[]).await;
    let mut refused = None;
    for _ in 0..20 {
        let reply = w.call("GET", &format!("{GATEWAY}/v2/concepts"), Value::Null).await;
        if reply.status != 200 {
            refused = Some(reply);
        }
    }
    let refused = refused.expect("20 calls at once are more than 2 a second");
    assert_eq!((refused.status, refused.code(), refused.header("retry-after")), (429, 11005, "1"));
    assert!(platform.asked().await.len() < 20);
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
