//! What the process writes on stderr.

use crate::kills::Process;
use crate::world::{APP, TOKEN};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

/// Runs a server with these options, has it called, and gives its log.
fn logged(more: &[&str], calls: impl FnOnce(&Process)) -> String {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("log");
    let log = Stdio::from(File::create(&file).unwrap());
    let server = Process::start_logged(&dir.path().join("data"), more, log);
    calls(&server);
    server.kill();
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn that_there_is_little_room_is_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("log");
    let log = Stdio::from(File::create(&file).unwrap());
    let server = Process::start_logged(&dir.path().join("data"), &["--min-free-mb", "99999999999"], log);
    let told = || std::fs::read_to_string(&file).unwrap().matches("free some space").count();
    while told() == 0 {
        std::thread::yield_now();
    }
    // Calls that are turned away do not tell it again.
    for _ in 0..3 {
        let body = json!({"concepts": [{"id": "c"}]}).to_string();
        assert_eq!(server.send("POST", &format!("{APP}/concepts"), body.as_bytes()).0, 507);
    }
    assert_eq!(told(), 1);
}

/// Sends a head as it stands.
fn raw(server: &Process, head: &str) {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    write!(stream, "{head}\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", server.address).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn each_call_is_a_line_of_json() {
    let log = logged(&["--log", "json"], |server| {
        server.json("GET", &format!("{APP}/concepts"), &Value::Null);
        server.send("GET", &format!("{APP}/concepts/somebody-private"), b"");
        server.send("GET", "/healthz", b"");
    });
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let calls: Vec<&Value> = lines.iter().filter(|line| line["message"] == "call").collect();
    let told: Vec<_> = calls
        .iter()
        .map(|c| (c["method"].as_str().unwrap(), c["operation"].as_str().unwrap(), c["status"].as_u64().unwrap()))
        .collect();
    assert_eq!(told, [("GET", "ListConcepts", 200), ("GET", "GetConcept", 404)], "{log}");
    for call in calls {
        assert!(call["ms"].is_u64() && call["timestamp"].is_string(), "{call}");
        assert_eq!(call["req_id"].as_str().unwrap().len(), 32);
    }
    assert!(!log.contains("somebody-private"), "ids are told only to who asks for more");
}

#[test]
fn the_level_says_how_much() {
    let quiet = logged(&["--log-level", "warn"], |server| {
        server.json("GET", &format!("{APP}/concepts"), &Value::Null);
    });
    assert_eq!(quiet, "");
    let more = logged(&["--log-level", "debug"], |server| {
        server.send("GET", &format!("{APP}/concepts/cat?x=y"), b"");
    });
    assert!(more.contains("/concepts/cat") && !more.contains("x=y"), "{more}");
}

#[test]
fn no_secret_is_in_any_line_at_any_level() {
    for form in ["text", "json"] {
        let log = logged(&["--log", form, "--log-level", "trace"], |server| {
            server.json("GET", &format!("{APP}/concepts?per_page=2&hidden=query-secret"), &Value::Null);
            raw(server, "GET /v2/users/me HTTP/1.1\r\nAuthorization: Key wrong-token-secret");
            raw(server, "GET /v2/users/me HTTP/1.1\r\nCookie: labelscope_x=cookie-secret");
            raw(server, "GET /labelscope/v1/sign-in?code=code-secret HTTP/1.1");
            server.send("POST", "/labelscope/v1/sign-in", json!({"token": "form-secret"}).to_string().as_bytes());
            server.send(
                "POST",
                "/labelscope/v1/connections",
                json!({"connection": {"name": "x", "base_url": "https://x.invalid"}, "token": "connection-secret"})
                    .to_string()
                    .as_bytes(),
            );
            let source = json!({
                "app_pat": "pat-secret", "call_back_url": "https://x.invalid/?k=callback-secret",
                "data_sources": [{"url": {"url": "s3://b/?sig=url-secret", "credentials": {"s3_creds": {"id": "key-secret", "secret": "s3-secret"}}}}]
            });
            server.send("POST", &format!("{APP}/inputs/data_sources"), source.to_string().as_bytes());
            // Broken, it is quoted nowhere either.
            server.send("POST", &format!("{APP}/inputs/data_sources"), b"{\"app_pat\": \"broken-secret");
        });
        assert!(log.contains("ListConcepts"), "{log}");
        assert!(!log.contains(TOKEN) && !log.contains("-secret"), "{log}");
    }
}
