//! Calls that go on to another server of the API, over real sockets.

use crate::platform::{KEY, Platform, header, recorded};
use crate::world::{APP, Reply, TOKEN, World, testdata, with_token};
use axum::body::Body;
use axum::http::{Request, Response};
use base64::Engine;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::num::NonZeroU32;

pub const GATEWAY: &str = "/labelscope/v1/gateway/p";

/// A server with a connection `p`.
pub async fn connected(w: &World, base_url: &str, media_hosts: &[String]) {
    let connection = json!({"id": "p", "name": "Platform", "base_url": base_url, "media_hosts": media_hosts});
    w.ok("POST", "/labelscope/v1/connections", json!({"connection": connection, "token": KEY})).await;
}

pub async fn world(platform: &Platform) -> World {
    let w = World::new();
    connected(&w, &platform.url(), &[]).await;
    w
}

pub fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// The server on a socket, for what a router alone does not show.
pub async fn listening(w: &World) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = labelscope_server::router(w.server.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
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
async fn another_labelscope_is_worked_with_as_the_platform_is() {
    let far = World::new();
    let address = listening(&far).await;
    let near = World::new();
    let connection = json!({"id": "p", "base_url": address});
    near.ok("POST", "/labelscope/v1/connections", json!({"connection": connection, "token": TOKEN})).await;
    let trial = near.ok("POST", "/labelscope/v1/connections/p/test", json!({})).await;
    assert_eq!((&trial["status"]["code"], &trial["connection"]["user_id"]), (&json!(10000), &json!("local")));
    let concepts = format!("{GATEWAY}{APP}/concepts");
    near.ok("POST", &concepts, json!({"concepts": [{"id": "lamp", "name": "Lamp"}]})).await;
    let there = far.ok("GET", &format!("{APP}/concepts/lamp"), Value::Null).await;
    assert_eq!(there["concept"]["name"], "Lamp");
    assert_eq!(near.call("GET", &format!("{APP}/concepts/lamp"), Value::Null).await.status, 404);
    let room = std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap();
    let image = json!({"base64": base64::engine::general_purpose::STANDARD.encode(&room)});
    let input = json!({"inputs": [{"id": "room", "data": {"image": image}}]});
    let made = near.ok("POST", &format!("{GATEWAY}{APP}/inputs"), input).await;
    let file = made["inputs"][0]["data"]["image"]["url"].as_str().unwrap();
    assert!(file.starts_with(&address), "{file}");
    let shown = near.call("GET", &format!("{GATEWAY}/media?url={file}"), Value::Null).await;
    assert_eq!((shown.status, shown.header("content-type"), shown.body == room), (200, "image/jpeg", true));
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
