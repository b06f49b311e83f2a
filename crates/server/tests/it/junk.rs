//! Files that are nearly pictures, sound or film: they are taken, served and shown smaller, or refused, and nothing fails.

use crate::world::{World, testdata, with_token};
use axum::body::Body;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

/// The beginnings of what is told apart by its first bytes.
const HEADS: &[&[u8]] = &[
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x10\0\0\0\x10\0\x08\x06\0\0\0",
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\x10\0\x10\0\x03",
    b"GIF89a\0\x10\0\x10\xf7\0\0",
    b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\0\x10\0\0\0\x10\0\0\x01\0\x18\0",
    b"RIFF\xff\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\0\xff\xff\0",
    b"RIFF\xff\xff\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xac\0\0",
    b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08moov",
    b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska\x18\x53\x80\x67",
    b"ID3\x04\0\0\0\0\x0f\x76TIT2\xff\xff\xff\xff",
    b"\xff\xfb\x90\x64",
    b"fLaC\0\0\0\x22\x10\0\x10\0",
    b"OggS\0\x02\0\0\0\0\0\0\0\0\x01vorbis",
    b"PK\x03\x04",
    b"<svg xmlns='http://www.w3.org/2000/svg'>",
];

fn form(bytes: &[u8]) -> Vec<u8> {
    let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n".to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

async fn sent(w: &World, body: Vec<u8>) -> Value {
    let kind = "multipart/form-data; boundary=edge";
    let request = with_token("POST", "/labelscope/v1/media").header("content-type", kind);
    let reply = w.send(request.body(Body::from(body)).unwrap()).await;
    assert!(reply.status < 500, "HTTP {}: {}", reply.status, String::from_utf8_lossy(&reply.body));
    let json = reply.json();
    for media in json["media"].as_array().into_iter().flatten() {
        let url = media["url"].as_str().unwrap().strip_prefix("http://h:1").unwrap();
        for size in ["/orig/", "/small/", "/medium/"] {
            let reply = w.call("GET", &url.replace("/orig/", size), Value::Null).await;
            assert!([200, 404].contains(&reply.status), "{url}: HTTP {}", reply.status);
        }
    }
    json
}

fn check<S: Strategy>(cases: u32, strategy: &S, make: impl Fn(S::Value) -> Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let w = World::new();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) });
    let run = runner.run(strategy, |value| {
        runtime.block_on(sent(&w, make(value)));
        Ok(())
    });
    run.unwrap();
}

#[test]
fn heads_with_anything_behind_them() {
    let strategy = (prop::sample::select(HEADS), prop::collection::vec(any::<u8>(), 0..300));
    check(150, &strategy, |(head, rest)| form(&[head, rest.as_slice()].concat()));
}

#[test]
fn photographs_with_other_bytes_or_cut_off() {
    let photo = std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap();
    let strategy = (
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        any::<prop::sample::Index>(),
        any::<bool>(),
    );
    check(20, &strategy, |(changes, end, cut)| {
        let mut bytes = photo.clone();
        for (at, byte) in changes {
            // Most of what matters stands at the beginning.
            let at = at.index(bytes.len().min(2000));
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(end.index(photo.len()));
        }
        form(&bytes)
    });
}

#[test]
fn forms_that_are_none() {
    let whole = form(HEADS[3]);
    let strategy = (any::<prop::sample::Index>(), any::<u8>(), any::<bool>());
    check(100, &strategy, |(at, byte, cut)| {
        let mut body = whole.clone();
        let at = at.index(body.len());
        if cut {
            body.truncate(at);
        } else {
            body[at] = byte;
        }
        body
    });
}
