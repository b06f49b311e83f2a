//! Connections: what is kept of them, and what never leaves.

use crate::kills::Process;
use crate::platform::{KEY, Platform, header, recorded};
use crate::world::{TOKEN, World};
use axum::body::Body;
use axum::http::Response;
use labelscope_api::wire::Secret;
use labelscope_server::{Config, Upstream};
use serde_json::{Value, json};
use std::path::Path;

const ALL: &str = "/labelscope/v1/connections";

fn one(id: &str) -> String {
    format!("{ALL}/{id}")
}

#[cfg(unix)]
pub fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions()) & 0o777
}

async fn list(w: &World) -> Vec<Value> {
    w.ok("GET", ALL, Value::Null).await["connections"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_connection_is_made_changed_and_deleted_and_outlives_a_restart() {
    let w = World::new();
    assert_eq!(list(&w).await, Vec::<Value>::new());
    let asked = json!({
        "name": "Our Platform", "base_url": "HTTPS://API.Clarifai.com:443/", "user_id": "jo", "app_id": "demo",
        "fixed": true, "has_token": true, "created_at": "2001-01-01T00:00:00Z",
    });
    let made = w.ok("POST", ALL, json!({"connection": asked, "token": KEY})).await["connection"].take();
    assert_eq!(made["id"], "our-platform");
    assert_eq!(made["base_url"], "https://api.clarifai.com");
    assert_eq!(made["media_hosts"], json!(["data.clarifai.com"]), "where that host keeps its files");
    assert_eq!((&made["has_token"], &made["user_id"], &made["app_id"]), (&json!(true), &json!("jo"), &json!("demo")));
    assert!(made["fixed"].is_null() && made["created_at"].as_str().unwrap() > "2020", "{made}");
    let again =
        w.ok("POST", ALL, json!({"connection": {"name": "our platform", "base_url": "https://b.example"}})).await;
    assert_eq!(again["connection"]["id"], "our-platform-2");
    assert!(again["connection"]["has_token"].is_null());

    let changed = w
        .ok(
            "PATCH",
            &one("our-platform"),
            json!({"connection": {"name": "Other", "media_hosts": ["Files.example:444"]}}),
        )
        .await;
    let changed = &changed["connection"];
    assert_eq!(
        (&changed["name"], &changed["user_id"], &changed["has_token"]),
        (&json!("Other"), &json!("jo"), &json!(true))
    );
    assert_eq!((&changed["media_hosts"], &changed["created_at"]), (&json!(["files.example:444"]), &made["created_at"]));
    let before = list(&w).await;

    let file = w.dir.path().join("data/connections.json");
    #[cfg(unix)]
    assert_eq!(mode(&file), 0o600);
    assert!(!std::fs::exists(file.with_extension("part")).unwrap());
    let dir = w.dir.clone();
    drop(w);
    let w = World::at(dir, |_| ());
    assert_eq!(list(&w).await, before);
    w.ok("DELETE", &one("our-platform"), Value::Null).await;
    assert!(!std::fs::read_to_string(&file).unwrap().contains(KEY));
    for (method, path) in
        [("DELETE", one("our-platform")), ("PATCH", one("our-platform")), ("POST", one("our-platform/test"))]
    {
        let gone = w.call(method, &path, json!({})).await;
        assert_eq!((gone.status, gone.code()), (404, 11101), "{method}");
    }
    assert_eq!(list(&w).await.len(), 1);
}

#[tokio::test]
async fn a_token_stays_with_the_host_that_it_was_given_for() {
    let (old, new) =
        (Platform::recorded("concepts__py_list_five").await, Platform::recorded("concepts__py_list_five").await);
    let w = World::new();
    w.ok("POST", ALL, json!({"connection": {"id": "p", "base_url": old.url()}, "token": KEY})).await;
    let call = || w.call("GET", "/labelscope/v1/gateway/p/v2/concepts", Value::Null);
    // The same address in another writing is the same address.
    let same = w
        .ok(
            "PATCH",
            &one("p"),
            json!({"connection": {"base_url": format!("{}/", old.url().to_uppercase().replace("HTTP", "http"))}}),
        )
        .await;
    assert_eq!(same["connection"]["has_token"], true);
    assert_eq!(call().await.status, 200);
    let moved = w.ok("PATCH", &one("p"), json!({"connection": {"base_url": new.url()}})).await;
    assert!(moved["connection"]["has_token"].is_null());
    assert_eq!((call().await.status, new.asked().await.len()), (400, 0));
    let file = std::fs::read_to_string(w.dir.path().join("data/connections.json")).unwrap();
    assert!(!file.contains(KEY));
    w.ok("PATCH", &one("p"), json!({"connection": {"base_url": old.url()}, "token": "another-token"})).await;
    old.asked().await;
    assert_eq!(call().await.status, 200);
    assert_eq!(header(&old.one().await.headers, "authorization"), "Key another-token");
    w.ok("PATCH", &one("p"), json!({"token": KEY})).await;
    assert_eq!(call().await.status, 200);
    assert_eq!(header(&old.one().await.headers, "authorization"), format!("Key {KEY}"));
}

#[tokio::test]
async fn what_is_no_connection_is_refused_and_changes_nothing() {
    let w = World::new();
    w.ok("POST", ALL, json!({"connection": {"id": "p", "base_url": "https://a.example"}, "token": KEY})).await;
    let before = list(&w).await;
    for (field, value) in [
        ("base_url", json!("")),
        ("base_url", json!("a.example")),
        ("base_url", json!("ftp://a.example")),
        ("base_url", json!("http://a.example")),
        ("base_url", json!("http://10.0.0.1")),
        ("base_url", json!("http://localhost.example")),
        ("base_url", json!("https://a.example/v2")),
        ("base_url", json!("https://a.example?x")),
        ("base_url", json!("https://a.example#x")),
        ("base_url", json!("https://user:pw@a.example")),
        ("base_url", json!("https://")),
        ("base_url", json!("https://a example")),
        ("id", json!("p")),
        ("id", json!("upstream")),
        ("id", json!("a/b")),
        ("id", json!("..")),
        ("id", json!("Big")),
        ("id", json!("x".repeat(33))),
        ("name", json!("x".repeat(129))),
        ("user_id", json!("a\nb")),
        ("media_hosts", json!(["https://data.example"])),
        ("media_hosts", json!(["*.example"])),
        ("media_hosts", json!(["u@data.example"])),
        ("media_hosts", json!([""])),
        ("media_hosts", json!(vec!["a.example"; 33])),
    ] {
        let mut connection = json!({"base_url": "https://b.example"});
        connection[field] = value.clone();
        let reply = w.call("POST", ALL, json!({"connection": connection, "token": KEY})).await;
        assert_eq!((reply.status, reply.code()), (400, 11102), "{field} {value}");
        let details = reply.json()["status"]["details"].as_str().unwrap().to_owned();
        assert!(details.contains(field) && !details.contains(KEY) && !details.contains("pw"), "{details}");
        if field != "id" && value != "" {
            let reply = w.call("PATCH", &one("p"), json!({"connection": {field: value}})).await;
            assert_eq!((reply.status, reply.code()), (400, 11102), "{field} {value}");
        }
    }
    for token in ["two words", "line\nend", "tökén"] {
        let reply = w.call("PATCH", &one("p"), json!({"token": token})).await;
        assert_eq!((reply.status, reply.code()), (400, 11102));
        assert!(!String::from_utf8_lossy(&reply.body).contains(token));
    }
    let renamed = w.call("PATCH", &one("p"), json!({"connection": {"id": "q"}})).await;
    assert_eq!((renamed.status, renamed.code()), (400, 11102));
    assert_eq!(list(&w).await, before);
    let open = World::with(|c| c.allow_http = true);
    open.ok("POST", ALL, json!({"connection": {"base_url": "http://a.example"}})).await;
}

#[tokio::test]
async fn a_connection_is_tried() {
    let user = Platform::start(|request| async move {
        if header(request.headers(), "authorization") != format!("Key {KEY}") {
            return recorded("errors__issue_11009_key_not_found_2025").0;
        }
        let body =
            json!({"status": {"code": 10000, "description": "Ok", "req_id": "theirs"}, "user": {"id": "jo", "new": 1}});
        Response::new(Body::from(body.to_string()))
    })
    .await;
    let page = Platform::start(|_| async { Response::new(Body::from("<html>hello</html>")) }).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let w = World::new();
    for (id, base_url, token, code, user_id, req_id) in [
        ("good", user.url(), KEY, 10000, json!("jo"), "theirs"),
        ("wrong", user.url(), "wrong-token", 11009, Value::Null, ""),
        ("none", user.url(), "", 11009, Value::Null, "ours"),
        ("page", page.url(), KEY, 98005, Value::Null, "ours"),
        ("closed", format!("http://127.0.0.1:{closed}"), KEY, 10030, Value::Null, "ours"),
    ] {
        w.ok("POST", ALL, json!({"connection": {"id": id, "base_url": base_url, "user_id": "before"}, "token": token}))
            .await;
        let reply = w.ok("POST", &one(&format!("{id}/test")), json!({})).await;
        assert_eq!(
            (&reply["status"]["code"], &reply["connection"]["user_id"]),
            (&json!(code), &user_id),
            "{id}: {reply}"
        );
        if req_id != "ours" {
            assert_eq!(reply["status"]["req_id"].as_str().unwrap_or(""), req_id);
        }
        assert!(!reply.to_string().contains(KEY) && !reply.to_string().contains("wrong-token"));
    }
    let asked = user.asked().await;
    assert_eq!((asked.len(), asked[0].uri.path()), (2, "/v2/users/me"));
    assert_eq!(list(&w).await[0]["user_id"], "before", "a trial changes nothing");
}

#[tokio::test]
async fn the_connection_of_the_command_line_is_there_and_stays() {
    let platform = Platform::recorded("concepts__py_list_five").await;
    let upstream = Upstream { base_url: platform.url(), token: Secret(KEY.to_owned()) };
    let w = World::with(|c| c.upstream = Some(upstream));
    w.ok("POST", ALL, json!({"connection": {"id": "a", "base_url": "https://a.example"}})).await;
    let all = list(&w).await;
    assert_eq!(
        (&all[0]["id"], &all[0]["fixed"], &all[0]["has_token"]),
        (&json!("upstream"), &json!(true), &json!(true))
    );
    assert_eq!((all.len(), &all[1]["id"]), (2, &json!("a")));
    for (method, body) in [("PATCH", json!({"connection": {"name": "x"}})), ("DELETE", json!({}))] {
        let reply = w.call(method, &one("upstream"), body).await;
        assert_eq!((reply.status, reply.code()), (400, 11102));
    }
    assert_eq!(w.call("GET", "/labelscope/v1/gateway/upstream/v2/concepts", Value::Null).await.status, 200);
    assert_eq!(header(&platform.one().await.headers, "authorization"), format!("Key {KEY}"));
    assert_eq!(list(&w).await, all);
    let file = std::fs::read_to_string(w.dir.path().join("data/connections.json")).unwrap();
    assert!(!file.contains(KEY), "what stands elsewhere is not kept twice");
}

#[tokio::test]
async fn the_binary_says_what_is_wrong_with_an_upstream() {
    let dir = tempfile::tempdir().unwrap();
    let (good, empty, none) = (dir.path().join("good"), dir.path().join("empty"), dir.path().join("none"));
    std::fs::write(&good, format!("{KEY}\n")).unwrap();
    std::fs::write(&empty, " \n").unwrap();
    let path = |p: &Path| p.to_str().unwrap().to_owned();
    for (args, says) in [
        (vec!["--upstream".to_owned(), "https://a.example".to_owned()], "needs --upstream-token-file"),
        (vec!["--upstream-token-file".to_owned(), path(&good)], "needs --upstream"),
        (
            vec![
                "--upstream".to_owned(),
                "https://a.example".to_owned(),
                "--upstream-token-file".to_owned(),
                path(&empty),
            ],
            "the file is empty",
        ),
        (
            vec![
                "--upstream".to_owned(),
                "https://a.example".to_owned(),
                "--upstream-token-file".to_owned(),
                path(&none),
            ],
            "none",
        ),
        (
            vec![
                "--upstream".to_owned(),
                "http://a.example".to_owned(),
                "--upstream-token-file".to_owned(),
                path(&good),
            ],
            "--upstream: ",
        ),
    ] {
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_labelscope"))
            .args(["serve", "--listen", "127.0.0.1:0", "--token", TOKEN, "--data"])
            .arg(dir.path().join("data"))
            .args(&args)
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && error.contains(says) && !error.contains(KEY), "{args:?}: {error}");
    }
    let platform = Platform::recorded("concepts__py_list_five").await;
    let file = path(&good);
    let more = ["--upstream", &platform.url(), "--upstream-token-file", &file].map(str::to_owned);
    let data = dir.path().join("data");
    let reply = tokio::task::spawn_blocking(move || {
        let process = Process::start_with(&data, &more.each_ref().map(String::as_str));
        process.json("GET", "/labelscope/v1/gateway/upstream/v2/concepts", &Value::Null)
    })
    .await
    .unwrap();
    assert_eq!(reply["concepts"].as_array().unwrap().len(), 5);
    assert_eq!(header(&platform.one().await.headers, "authorization"), format!("Key {KEY}"));
}

#[test]
fn a_broken_file_stops_the_start_and_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("connections.json");
    let text = format!("[{{\"connection\": {{}}, \"token\": \"{KEY}\" oops");
    std::fs::write(&file, &text).unwrap();
    let error = labelscope_server::start(Config::new(dir.path().to_owned())).err().map(|e| format!("{e:#}")).unwrap();
    assert!(error.contains("connections.json is broken at line 1") && !error.contains(KEY), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn every_operation_of_the_server_is_answered_by_it() {
    use labelscope_api::extensions;
    let w = World::new();
    for name in extensions::OF_THE_SERVER {
        let meta = extensions::ALL.iter().map(|e| e.meta).find(|m| m.name == *name).unwrap();
        let path = meta.paths[0].replace("{connection_id}", "none").replace("{token_id}", "none");
        let reply = w.call(meta.method, &path, json!({})).await;
        let want = if path.contains("none") {
            11101
        } else if meta.method == "POST" {
            11102
        } else {
            10000
        };
        assert_eq!(reply.code(), want, "{name}: {}", String::from_utf8_lossy(&reply.body));
        let info = w.ok("GET", "/labelscope/v1/info", Value::Null).await;
        let capability = extensions::ALL.iter().find(|e| e.meta.name == *name).unwrap().capability;
        assert!(info["info"]["capabilities"].as_array().unwrap().contains(&json!(capability)));
        assert_eq!(info["info"]["mode"], "local");
    }
}

#[tokio::test]
async fn a_trial_does_not_wait_for_ever() {
    let stuck = Platform::start(|_| async {
        let never = futures::stream::pending::<Result<Vec<u8>, std::convert::Infallible>>();
        Response::builder().header("content-length", 100).body(Body::from_stream(never)).unwrap()
    })
    .await;
    let w = World::with(|c| c.upstream_timeout = std::time::Duration::from_millis(50));
    w.ok("POST", ALL, json!({"connection": {"id": "p", "base_url": stuck.url()}, "token": KEY})).await;
    assert_eq!(w.ok("POST", &one("p/test"), json!({})).await["status"]["code"], 10030);
}
