//! Files of inputs that are sent as addresses, over real sockets.

use crate::kills::Process;
use crate::other::{Answer, Other};
use crate::world::{APP, EXTENSIONS, World, testdata};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

fn room() -> Vec<u8> {
    std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap()
}

fn by_url(id: &str, kind: &str, url: &str) -> Value {
    json!({"id": id, "data": {kind: {"url": url, "allow_duplicate_url": true}}})
}

fn fetching() -> World {
    World::with(|c| (c.fetch, c.allow_private_fetch) = (true, true))
}

/// Adds an input and waits for what becomes of it.
async fn fate(w: &World, input: Value) -> Value {
    let reply = w.ok("POST", &format!("{APP}/inputs"), json!({"inputs": [input]})).await;
    assert_eq!(reply["inputs"][0]["status"]["code"], 30001, "{reply}");
    let path = format!("{APP}/inputs/{}", reply["inputs"][0]["id"].as_str().unwrap());
    loop {
        let input = w.ok("GET", &path, Value::Null).await["input"].take();
        if ![30001, 30003].contains(&input["status"]["code"].as_u64().unwrap()) {
            return input;
        }
        tokio::task::yield_now().await;
    }
}

fn end(input: &Value) -> (u64, &str) {
    (input["status"]["code"].as_u64().unwrap(), input["status"]["details"].as_str().unwrap_or(""))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_over_redirects_and_is_served_from_here() {
    let other = Other::start(|path| match path {
        "/room.jpg" => Answer::File(room()),
        "/3" => Answer::Redirect("/room.jpg".into()),
        "/2" => Answer::Redirect("/3".into()),
        _ => Answer::Redirect("/2".into()),
    });
    let w = fetching();
    let input = fate(&w, by_url("a", "image", &other.url("/1"))).await;
    assert_eq!(end(&input).0, 30000, "{input}");
    assert_eq!(other.asked(), ["/1", "/2", "/3", "/room.jpg"]);
    assert_eq!(input["data"]["image"]["image_info"]["width"], 640);
    let path = input["data"]["image"]["url"].as_str().unwrap().split("h:1").nth(1).unwrap().to_owned();
    assert_eq!(w.call("GET", &path, Value::Null).await.body, room());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_is_told_apart() {
    let other = Other::start(|path| match path {
        "/long" => Answer::File(vec![0xff; (20 << 20) + 1]),
        "/endless" => Answer::Endless,
        "/stuck" => Answer::Stuck,
        "/page" => Answer::File(b"<html>".to_vec()),
        "/empty" => Answer::File(Vec::new()),
        "/loop" => Answer::Redirect("/loop".into()),
        "/file" => Answer::Redirect("file:///etc/passwd".into()),
        _ => Answer::Status("404 Not Found"),
    });
    let w = World::with(|c| {
        (c.fetch, c.allow_private_fetch, c.fetch_timeout) = (true, true, Duration::from_secs(3));
    });
    for (path, code, words) in [
        ("/none", 30002, "404"),
        ("/long", 30105, "20 MB"),
        ("/endless", 30105, "20 MB"),
        ("/page", 30101, "no JPEG"),
        ("/empty", 30002, "empty"),
        ("/loop", 30002, "5 redirects"),
        ("/stuck", 30002, "too long"),
        // No other scheme is followed: it is read as a path there.
        ("/file", 30002, "404"),
    ] {
        let input = fate(&w, by_url("", "image", &other.url(path))).await;
        let (got, details) = end(&input);
        assert!(got == code && details.contains(words), "{path}: {input}");
        assert!(!details.contains('/') || !details.contains("data/"), "no path of the server: {details}");
    }
    for (url, words) in
        [("ftp://127.0.0.1/x", "http://"), ("http://ann:secret@127.0.0.1/x", "password"), ("not a url", "url")]
    {
        let input = fate(&w, by_url("", "image", url)).await;
        assert!(end(&input).0 == 30106 && end(&input).1.contains(words), "{input}");
    }
    assert_eq!(w.ok("GET", &format!("{APP}/inputs/status"), Value::Null).await["counts"]["errors"], 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_machine_and_network_are_not_asked() {
    let other = Other::start(|_| Answer::File(room()));
    let w = World::with(|c| c.fetch = true);
    let port = other.port;
    for url in [
        other.url("/room.jpg"),
        // A name, an unspecified address, version 6, and version 4 within it.
        format!("http://localhost:{port}/"),
        format!("http://0.0.0.0:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://2130706433:{port}/"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://10.0.0.1/x".to_owned(),
    ] {
        let input = fate(&w, by_url("", "image", &url)).await;
        let (code, details) = end(&input);
        // Where the machine has no version 6, the name is not resolved at all.
        assert!(
            code == 30106 && (details.contains("private network") || details.contains("not known")),
            "{url}: {input}"
        );
    }
    assert!(other.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn videos_and_sound_come_and_are_served_in_parts() {
    let wav = {
        let mut wav = b"RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00".to_vec();
        wav.extend(8000u32.to_le_bytes());
        wav.extend(32000u32.to_le_bytes());
        wav.extend([4, 0, 16, 0]);
        wav.extend(b"data");
        wav.extend(48000u32.to_le_bytes());
        wav.extend(vec![0; 48000]);
        let length = (wav.len() as u32 - 8).to_le_bytes();
        wav[4..8].copy_from_slice(&length);
        wav
    };
    let sent = wav.clone();
    let other = Other::start(move |_| Answer::File(sent.clone()));
    let w = fetching();
    let input = fate(&w, by_url("s", "audio", &other.url("/s.wav"))).await;
    let info = &input["data"]["audio"]["audio_info"];
    assert_eq!(
        (&info["sample_rate"], &info["duration_seconds"], &info["audio_format"]),
        (&json!(8000), &json!(1.5), &json!("wav")),
        "{input}"
    );
    let path = input["data"]["audio"]["url"].as_str().unwrap().split("h:1").nth(1).unwrap().to_owned();
    let request =
        crate::world::with_token("GET", &path).header("range", "bytes=4-11").body(axum::body::Body::empty()).unwrap();
    let part = w.send(request).await;
    assert_eq!(
        (part.status, part.header("content-type"), part.header("x-content-type-options")),
        (206, "audio/wav", "nosniff")
    );
    assert_eq!((part.body.as_slice(), part.header("content-disposition")), (&wav[4..12], ""));
    assert_eq!(w.call("GET", &path.replace("orig", "small"), Value::Null).await.status, 404);
}

#[test]
fn a_fetch_goes_on_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let open = Arc::new(AtomicBool::new(false));
    let gate = open.clone();
    let other = Other::start(move |_| if gate.load(Ordering::SeqCst) { Answer::File(room()) } else { Answer::Stuck });
    let app = "/v2/users/me/apps/demo";
    let flags = ["--allow-private-fetch"];
    let server = Process::start_with(&data, &flags);
    let inputs: Vec<Value> = (0..6).map(|n| by_url(&format!("i{n}"), "image", &other.url(&format!("/{n}")))).collect();
    server.json("POST", &format!("{app}/inputs"), &json!({"inputs": inputs, "inputs_add_job_id": "up"}));
    // It is in the middle of it.
    other.next();
    server.kill();
    open.store(true, Ordering::SeqCst);
    let server = Process::start_with(&data, &flags);
    loop {
        let counts = server.json("GET", &format!("{app}/inputs/status"), &Value::Null)["counts"].take();
        if counts["processed"] == 6 {
            break;
        }
        assert_eq!(counts["errors"], 0);
        std::thread::yield_now();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fetching_and_counting_do_not_wait_for_each_other() {
    let (tell, told) = mpsc::channel::<()>();
    let told = std::sync::Mutex::new(told);
    let other = Other::start(move |_| {
        // Answers only when the test says so.
        let _ = told.lock().unwrap().recv();
        Answer::File(room())
    });
    let w = fetching();
    w.ok("POST", &format!("{APP}/datasets"), json!({"datasets": [{"id": "d"}]})).await;
    w.ok("POST", &format!("{APP}/inputs"), json!({"inputs": [by_url("a", "image", &other.url("/a"))]})).await;
    other.next();
    let versions = format!("{APP}/datasets/d/versions");
    w.ok("POST", &versions, json!({"dataset_versions": [{"id": "v"}]})).await;
    while w.ok("GET", &format!("{versions}/v"), Value::Null).await["dataset_version"]["status"]["code"] != 64015 {
        tokio::task::yield_now().await;
    }
    assert_eq!(w.ok("GET", &format!("{APP}/inputs/a"), Value::Null).await["input"]["status"]["code"], 30003);
    drop(tell);
    let jobs = w.ok("GET", &format!("{EXTENSIONS}/jobs"), Value::Null).await["jobs"].take();
    let fetch = jobs.as_array().unwrap().iter().find(|j| j["kind"] == 5).unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(w.ended(&fetch).await["state"], 4);
}

#[tokio::test]
async fn no_fetch_keeps_addresses() {
    let w = World::new();
    let reply = w
        .ok("POST", &format!("{APP}/inputs"), json!({"inputs": [by_url("a", "image", "http://x.invalid/a.jpg")]}))
        .await;
    assert_eq!(reply["inputs"][0]["status"]["code"], 30000);
    assert_eq!(reply["inputs"][0]["data"]["image"]["url"], "http://x.invalid/a.jpg");
}
