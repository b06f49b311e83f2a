//! The commands that see to a data folder, as processes.

use crate::kills::Process;
use crate::world::APP;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_labelscope")).args(args).output().unwrap()
}

/// Runs a command that must succeed, and gives what it said.
fn ok(args: &[&str]) -> String {
    let out = run(args);
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Runs a command that must fail, and gives its exit code and what it said.
fn fails(args: &[&str]) -> (i32, String) {
    let out = run(args);
    let said = [out.stdout, out.stderr].concat();
    (out.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let mut all: Vec<_> =
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    all.sort();
    all
}

fn post(server: &Process, id: &str) {
    let input = json!({"inputs": [{"id": id, "data": {"text": {"raw": format!("words of {id}")}}}]});
    server.json("POST", &format!("{APP}/inputs"), &input);
}

fn inputs(server: &Process) -> Vec<String> {
    let listed = server.json("GET", &format!("{APP}/inputs?per_page=1000"), &Value::Null);
    listed["inputs"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_backup_beside_a_server_that_is_written_to_is_of_one_moment() {
    let dir = tempfile::tempdir().unwrap();
    let (data, to, back) = (dir.path().join("data"), dir.path().join("to"), dir.path().join("back"));
    let server = Process::start(&data);
    post(&server, "first");
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut n = 0;
            while !over.load(Ordering::Relaxed) {
                post(&server, &format!("n{n}"));
                n += 1;
            }
        });
        for _ in 0..3 {
            let said = ok(&["backup", "--data", text(&data), text(&to)]);
            assert!(said.contains("backed up into") && said.contains("left out: "), "{said}");
        }
        over.store(true, Ordering::Relaxed);
        writer.join().unwrap();
    });
    let said = ok(&["restore", text(&to), "--data", text(&back)]);
    assert!(said.contains("a new token is made"), "{said}");
    let said = ok(&["check", "--data", text(&back), "--deep"]);
    assert!(said.contains("sound"), "{said}");
    let restored = Process::start(&back);
    let (all, then) = (inputs(&server), inputs(&restored));
    assert!(!then.is_empty() && all.starts_with(&then), "what was there at one moment, in order");
    assert_eq!(names(&to).len(), 3, "lock, manifest and database: {:?}", names(&to));
}

#[test]
fn secrets_are_in_a_backup_only_if_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (data, to, back) = (dir.path().join("data"), dir.path().join("to"), dir.path().join("back"));
    drop(Process::start(&data));
    for name in ["token", "sessions"] {
        std::fs::write(data.join(name), format!("hidden-{name}")).unwrap();
    }
    ok(&["backup", "--data", text(&data), text(&to)]);
    assert!(!names(&to).contains(&"secrets".to_owned()));
    ok(&["backup", "--data", text(&data), "--with-secrets", text(&to)]);
    assert_eq!(std::fs::read_to_string(to.join("secrets/token")).unwrap(), "hidden-token");
    ok(&["restore", "--data", text(&back), text(&to)]);
    assert_eq!(std::fs::read_to_string(back.join("sessions")).unwrap(), "hidden-sessions");
    // Without them again, they go.
    ok(&["backup", "--data", text(&data), text(&to)]);
    assert!(!to.join("secrets").exists());
}

#[test]
fn a_restore_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (data, to, other) = (dir.path().join("data"), dir.path().join("to"), dir.path().join("other"));
    let server = Process::start(&data);
    post(&server, "saved");
    ok(&["backup", "--data", text(&data), text(&to)]);
    let second = Process::start(&other);
    post(&second, "of-today");
    let restore = ["restore", "--data", text(&other), text(&to)];
    let (code, said) = fails(&restore);
    assert!(code == 1 && said.contains("stop it first"), "{said}");
    second.kill();
    let (code, said) = fails(&restore);
    assert!(code == 1 && said.contains("--force"), "{said}");
    let second = Process::start(&other);
    assert_eq!(inputs(&second), ["of-today"]);
    second.kill();
    let said = ok(&["restore", "--force", "--data", text(&other), text(&to)]);
    let aside = Path::new(said.lines().find_map(|l| l.strip_prefix("what was there before is in ")).unwrap());
    assert_eq!(inputs(&Process::start(&other)), ["saved"]);
    // Moved aside, it is whole.
    assert_eq!(inputs(&Process::start(aside)), ["of-today"]);
}

#[test]
fn what_cannot_be_done_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let (data, to) = (dir.path().join("data"), dir.path().join("to"));
    let none = text(&data);
    for args in [
        vec!["backup", "--data", none, text(&to)],
        vec!["check", "--data", none],
        vec!["purge", "--data", none, "--app", "demo", "x"],
    ] {
        let (code, said) = fails(&args);
        assert!(code == 1 && said.contains("there is no labelscope.db"), "{said}");
    }
    let (code, said) = fails(&["restore", "--data", none, text(dir.path())]);
    assert!(code == 1 && said.contains("is no backup"), "{said}");
    assert!(!data.exists(), "nothing was made");
    let server = Process::start(&data);
    std::fs::create_dir(&to).unwrap();
    std::fs::write(to.join("holiday.jpg"), b"x").unwrap();
    let (_, said) = fails(&["backup", "--data", none, text(&to)]);
    assert!(said.contains("holds other files"), "{said}");
    let (_, said) = fails(&["backup", "--data", none, text(&data.join("inside"))]);
    assert!(said.contains("inside of the data folder"), "{said}");
    let (_, said) = fails(&["purge", "--data", none, "--app", "demo", "x"]);
    assert!(said.contains("PurgeInputs"), "{said}");
    let (_, said) = fails(&["serve", "--data", none, "--listen", "127.0.0.1:0"]);
    assert!(said.contains("another labelscope uses this data folder"), "{said}");
    for args in [vec!["backup"], vec!["restore", "a", "b"], vec!["purge", "x"], vec!["check", "--force"]] {
        assert_eq!(fails(&args).0, 1, "{args:?}");
    }
    drop(server);
}

#[test]
fn purge_without_a_server_leaves_no_byte() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::start(&data);
    post(&server, "zanzibar-7f3a");
    post(&server, "other");
    server.kill();
    let args = ["purge", "--data", text(&data), "--app", "me/demo", "zanzibar-7f3a"];
    let said = ok(&args);
    assert!(said.starts_with("purged 1 inputs") && said.contains("backups"), "{said}");
    for entry in std::fs::read_dir(&data).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()) {
        let bytes = std::fs::read(&entry).unwrap();
        assert!(!bytes.windows(8).any(|w| w == b"zanzibar"), "{}", entry.display());
    }
    assert!(ok(&args).contains("purged before"));
    let (code, said) = fails(&["purge", "--data", text(&data), "--app", "demo", "never"]);
    assert!(code == 1 && said.contains("\"never\""), "{said}");
    let server = Process::start(&data);
    assert_eq!(inputs(&server), ["other"]);
}

#[test]
fn check_tells_what_is_missing_by_its_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::start(&data);
    let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    server.json(
        "POST",
        &format!("{APP}/inputs"),
        &json!({"inputs": [{"id": "p", "data": {"image": {"base64": pixel}}}]}),
    );
    let shown = server.json("GET", &format!("{APP}/inputs/p"), &Value::Null);
    let sha = shown["input"]["data"]["image"]["hosted"]["suffix"].as_str().unwrap().to_owned();
    ok(&["check", "--data", text(&data), "--deep"]);
    let blob = data.join("blobs").join(&sha[..2]).join(&sha);
    std::fs::write(&blob, b"else").unwrap();
    let (code, said) = fails(&["check", "--data", text(&data), "--deep"]);
    assert!(code == 2 && said.contains(&format!("damaged: {sha}")), "{said}");
    std::fs::remove_file(&blob).unwrap();
    let (code, said) = fails(&["check", "--data", text(&data)]);
    assert!(code == 2 && said.contains(&format!("missing: {sha}")), "{said}");
    // The commands of a broken folder tell it too, and go on with the rest.
    let (code, said) = fails(&["backup", "--data", text(&data), text(&dir.path().join("to"))]);
    assert!(code == 2 && said.contains("were missing"), "{said}");
}
