//! Files of a connection's inputs.

use crate::gateway::{GATEWAY, connected};
use crate::platform::{KEY, Platform, header};
use crate::world::{Reply, World, testdata, with_token};
use axum::body::Body;
use axum::http::Response;
use serde_json::Value;

fn room() -> Vec<u8> {
    std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap()
}

fn url_of(file: &str) -> String {
    let escaped = percent_encoding::utf8_percent_encode(file, percent_encoding::NON_ALPHANUMERIC);
    format!("{GATEWAY}/media?url={escaped}")
}

async fn get(w: &World, file: &str) -> Reply {
    w.call("GET", &url_of(file), Value::Null).await
}

/// A host of files, some of which are not what they seem.
async fn files() -> Platform {
    Platform::start(|request| async move {
        let file = |kind: &str, bytes: Vec<u8>| {
            Response::builder().header("content-type", kind).body(Body::from(bytes)).unwrap()
        };
        match request.uri().path() {
            "/room.jpg" => {
                let mut response = file("text/html", room());
                for (name, value) in [("etag", "\"r\""), ("set-cookie", "a=b"), ("access-control-allow-origin", "*")] {
                    response.headers_mut().insert(name, value.parse().unwrap());
                }
                response
            }
            "/page.jpg" => file("image/jpeg", b"<html><script>alert(1)</script></html>".to_vec()),
            "/drawing.svg" => file("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
            "/part.mp4" => {
                let mut response = file("video/mp4", b"middle".to_vec());
                *response.status_mut() = axum::http::StatusCode::PARTIAL_CONTENT;
                response.headers_mut().insert("content-range", "bytes 100-105/200".parse().unwrap());
                response
            }
            "/part.html" => {
                let mut response = file("text/html", b"middle".to_vec());
                *response.status_mut() = axum::http::StatusCode::PARTIAL_CONTENT;
                response.headers_mut().insert("content-range", "bytes 100-105/200".parse().unwrap());
                response
            }
            "/huge.mp4" => {
                let never = futures::stream::pending::<Result<Vec<u8>, std::convert::Infallible>>();
                Response::builder().header("content-length", 2_u64 << 30).body(Body::from_stream(never)).unwrap()
            }
            "/here" => Response::builder().status(302).header("location", "/room.jpg").body(Body::empty()).unwrap(),
            "/away" => {
                let to = "https://files.example.org/room.jpg?signature=secret";
                Response::builder().status(302).header("location", to).body(Body::empty()).unwrap()
            }
            "/forbidden" => Response::builder().status(403).body(Body::empty()).unwrap(),
            "/empty" => file("image/jpeg", Vec::new()),
            _ => Response::builder().status(404).body(Body::empty()).unwrap(),
        }
    })
    .await
}

#[tokio::test]
async fn a_picture_comes_as_what_it_is_and_the_token_goes_to_the_api_alone() {
    let (api, data) = (files().await, files().await);
    let w = World::new();
    connected(&w, &api.url(), &[format!("localhost:{}", data.port)]).await;
    for (host, base, token) in [(&api, api.url(), format!("Key {KEY}")), (&data, data.alias(), String::new())] {
        for path in ["/room.jpg", "/here"] {
            let reply = get(&w, &format!("{base}{path}")).await;
            assert_eq!((reply.status, reply.header("content-type"), reply.body == room()), (200, "image/jpeg", true));
            for asked in host.asked().await {
                assert_eq!(header(&asked.headers, "authorization"), token);
                assert_eq!(header(&asked.headers, "accept-encoding"), "");
            }
            for (name, value) in [
                ("etag", "\"r\""),
                ("x-content-type-options", "nosniff"),
                ("content-security-policy", "default-src 'none'; sandbox"),
                ("content-disposition", ""),
                ("set-cookie", ""),
                ("access-control-allow-origin", ""),
            ] {
                assert_eq!(reply.header(name), value, "{name}");
            }
        }
    }
    let head = w.call("HEAD", &url_of(&format!("{}/room.jpg", api.url())), Value::Null).await;
    assert_eq!(
        (head.status, head.body.len(), head.header("content-length")),
        (200, 0, room().len().to_string().as_str())
    );
}

#[tokio::test]
async fn what_could_hold_a_script_is_a_download() {
    let api = files().await;
    let w = World::new();
    connected(&w, &api.url(), &[]).await;
    for path in ["/page.jpg", "/drawing.svg", "/part.html", "/empty"] {
        let reply = get(&w, &format!("{}{path}", api.url())).await;
        let seen = (reply.status / 100, reply.header("content-type"), reply.header("content-disposition"));
        assert_eq!(seen, (2, "application/octet-stream", "attachment"), "{path}");
    }
    let range = with_token("GET", &url_of(&format!("{}/part.mp4", api.url()))).header("range", "bytes=100-105");
    let part = w.send(range.body(Body::empty()).unwrap()).await;
    assert_eq!((part.status, part.header("content-type"), &part.body[..]), (206, "video/mp4", &b"middle"[..]));
    assert_eq!(part.header("content-range"), "bytes 100-105/200");
    assert_eq!(header(&api.asked().await.pop().unwrap().headers, "range"), "bytes=100-105");
}

#[tokio::test]
async fn other_hosts_and_other_addresses_are_refused() {
    let (api, other) = (files().await, files().await);
    let w = World::new();
    connected(&w, &api.url(), &["data.example.org".to_owned()]).await;
    for (url, status, code) in [
        (format!("{}/room.jpg", other.url()), 403, 11102),
        (format!("{}/room.jpg", other.alias()), 403, 11102),
        // The same host by another name is not the same host.
        (format!("{}/room.jpg", api.alias()), 403, 11102),
        ("https://data.example.org.evil.example/x".to_owned(), 403, 11102),
        ("http://data.example.org/x".to_owned(), 400, 11102),
        ("http://data.example.org:443/x".to_owned(), 403, 11102),
        (format!("http://user:pw@127.0.0.1:{}/room.jpg", api.port), 400, 11102),
        ("file:///etc/passwd".to_owned(), 400, 11102),
        ("/room.jpg".to_owned(), 400, 11102),
        (String::new(), 400, 11102),
        (format!("{}/away", api.url()), 403, 11102),
        (format!("{}/huge.mp4", api.url()), 502, 98005),
        (format!("{}/forbidden", api.url()), 502, 98005),
        (format!("{}/none", api.url()), 404, 11101),
    ] {
        let reply = get(&w, &url).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{url}: {}", String::from_utf8_lossy(&reply.body));
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(!text.contains("secret") && !text.contains(KEY), "{text}");
    }
    assert!(other.asked().await.is_empty());
    let without = w.call("GET", &format!("{GATEWAY}/media?x=1"), Value::Null).await;
    assert_eq!((without.status, without.code()), (400, 11102));
    let post = w.call("POST", &url_of(&format!("{}/room.jpg", api.url())), Value::Null).await;
    assert_eq!((post.status, post.code()), (400, 11103));
}

#[tokio::test]
async fn a_name_that_leads_into_the_own_network_is_refused() {
    let inside = files().await;
    let w = World::new();
    connected(&w, "https://api.example.org", &[format!("localhost:{}", inside.port), "169.254.169.254".to_owned()])
        .await;
    for url in [format!("https://localhost:{}/room.jpg", inside.port), "https://169.254.169.254/latest".to_owned()] {
        let reply = get(&w, &url).await;
        assert_eq!((reply.status, reply.code()), (403, 11102), "{}", String::from_utf8_lossy(&reply.body));
        assert!(String::from_utf8_lossy(&reply.body).contains("private network"));
    }
    assert!(inside.asked().await.is_empty());
}
