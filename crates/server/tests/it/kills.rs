//! The process is killed in the middle of its work, without warning, and started again.

use crate::world::{TOKEN, testdata};
use labelscope_formats::archive::{Limits, Reader};
use labelscope_formats::coco::compare::differences;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub struct Process {
    child: Child,
    address: String,
}

impl Process {
    /// Starts the binary on a port of the system's choice, which it prints.
    fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    pub fn start_with(data: &Path, more: &[&str]) -> Self {
        Self::start_in(data, more, &[])
    }

    /// With more options and variables.
    pub fn start_in(data: &Path, more: &[&str], variables: &[(&str, &Path)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_labelscope"))
            .args(["serve", "--listen", "127.0.0.1:0", "--token", TOKEN, "--data"])
            .arg(data)
            .args(more)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        Self { child, address }
    }

    fn send(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Key {TOKEN}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", self.address, body.len()).unwrap();
        stream.write_all(body).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let at = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&all[..at]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(!head.to_lowercase().contains("chunked"), "{head}");
        (status, all[at + 4..].to_vec())
    }

    pub fn json(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, bytes) =
            self.send(method, path, if body.is_null() { String::new() } else { body.to_string() }.as_bytes());
        assert_eq!(status, 200, "{method} {path}: {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap()
    }

    /// As a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_import_and_an_export_survive_being_killed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let gt = std::fs::read(testdata("coco100/instances_gt.json")).unwrap();
    let ext = "/labelscope/v1/users/me/apps/demo";
    let version = "/v2/users/me/apps/demo/datasets/coco100/versions";
    let mut server = Process::start(&data);
    let job = server.json("POST", &format!("{ext}/imports"), &json!({"import": {"dataset_id": "coco100"}}));
    let id = job["job"]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.send("PUT", &format!("/labelscope/v1/imports/{id}/files/gt.json"), &gt).0, 200);
    server.json("POST", &format!("{ext}/imports/{id}/start"), &json!({}));
    // Killed right after it was begun, and again at whatever point the next start has reached.
    for _ in 0..3 {
        server.kill();
        server = Process::start(&data);
        server.json("GET", &format!("{ext}/jobs/{id}"), &Value::Null);
    }
    let done = loop {
        let job = server.json("GET", &format!("{ext}/jobs/{id}"), &Value::Null)["job"].take();
        if job["state"].as_u64().unwrap() >= 4 {
            break job;
        }
        std::thread::yield_now();
    };
    assert_eq!(
        (&done["state"], &done["result"]["inputs_added"], &done["result"]["annotations_added"]),
        (&json!(4), &json!("100"), &json!("839")),
        "{done}"
    );
    server.json("POST", version, &json!({"dataset_versions": [{"id": "v1"}]}));
    let put = |server: &Process| {
        server.json("PUT", &format!("{version}/v1/exports"), &json!({"exports": [{"format": 2}]}))["exports"][0].take()
    };
    put(&server);
    server.kill();
    let server = Process::start(&data);
    let export = loop {
        let export = put(&server);
        match export["status"]["code"].as_u64() {
            Some(64200) => break export,
            Some(64201 | 64203) => std::thread::yield_now(),
            _ => panic!("{export}"),
        }
    };
    let path = export["url"].as_str().unwrap().split(&server.address).nth(1).unwrap().to_owned();
    let (status, zip) = server.send("GET", &path, b"");
    assert_eq!(status, 200);
    let mut out = Vec::new();
    Reader::open(Cursor::new(zip), Limits::default()).unwrap().entry(0).unwrap().read_to_end(&mut out).unwrap();
    assert_eq!(differences(gt.as_slice(), out.as_slice()).unwrap(), Vec::<String>::new());
}
