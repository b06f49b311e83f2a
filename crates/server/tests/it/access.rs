use crate::world::{APP, EXTENSIONS, TOKEN, World, with_token};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

fn get(path: &str) -> axum::http::request::Builder {
    Request::builder().uri(path).header("host", "h:1")
}

#[tokio::test]
async fn who_has_no_token_is_told_so() {
    let w = World::new();
    let path = format!("{APP}/concepts");
    for (header, code) in [(None, 11009), (Some("Key wrong"), 11008), (Some(TOKEN), 11008), (Some("Basic eA=="), 11008)]
    {
        let mut request = get(&path);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let reply = w.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((reply.status, reply.code()), (401, code), "{header:?}");
        assert!(!String::from_utf8_lossy(&reply.body).contains(TOKEN));
    }
    assert_eq!(w.call("GET", &path, Value::Null).await.status, 200);
    // The app is the default one where a short path names none.
    assert_eq!(w.call("GET", "/v2/concepts", Value::Null).await.status, 200);
    assert_eq!(w.send(get("/healthz").body(Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_link_signs_in_once_and_the_session_outlives_a_restart() {
    let w = World::new();
    let link = w.server.sign_in_link("http://h:1");
    let path = link.strip_prefix("http://h:1").unwrap();
    let first = w.send(get(path).body(Body::empty()).unwrap()).await;
    assert_eq!((first.status, first.header("location")), (303, "/"));
    let cookie = first.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let again = w.send(get(path).body(Body::empty()).unwrap()).await;
    assert_eq!((again.header("location"), again.header("set-cookie")), ("/sign-in?used", ""));
    let session = cookie.split(';').next().unwrap().to_owned();
    let dir = w.dir.clone();
    drop(w);
    let w = World::at(dir, |_| ());
    let info = w.send(get("/labelscope/v1/info").header("cookie", &session).body(Body::empty()).unwrap()).await;
    assert_eq!(info.json()["info"]["default_app_id"], "demo");
    let out = w
        .send(
            Request::post("/labelscope/v1/sign-out")
                .header("host", "h:1")
                .header("cookie", &session)
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(out.status, 200);
    let gone = w.send(get("/labelscope/v1/info").header("cookie", &session).body(Body::empty()).unwrap()).await;
    assert_eq!(gone.status, 401);
}

#[tokio::test]
async fn a_session_writes_only_from_the_servers_own_page() {
    let w = World::new();
    let body = || Body::from(json!({"token": TOKEN}).to_string());
    let sign = |origin: &'static str| {
        Request::post("/labelscope/v1/sign-in").header("host", "h:1").header("origin", origin).body(body()).unwrap()
    };
    assert_eq!(w.send(sign("http://evil:1")).await.status, 403);
    let session = w.send(sign("http://h:1")).await.header("set-cookie").split(';').next().unwrap().to_owned();
    let post = |origin: Option<&'static str>, site: &'static str| {
        let mut request = Request::post(format!("{APP}/concepts"))
            .header("host", "h:1")
            .header("cookie", &session)
            .header("sec-fetch-site", site);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        request.body(Body::from(json!({"concepts": [{"name": "x"}]}).to_string())).unwrap()
    };
    assert_eq!(w.send(post(Some("http://h:1"), "same-origin")).await.status, 200);
    for (origin, site) in
        [(Some("http://evil:1"), "cross-site"), (Some("http://h:1"), "same-site"), (None, "same-origin")]
    {
        assert_eq!(w.send(post(origin, site)).await.status, 403, "{origin:?} {site}");
    }
}

#[tokio::test]
async fn other_origins_are_let_in_by_name_and_never_with_a_session() {
    let w = World::with(|c| c.allow_origin = vec!["http://page:2".to_owned()]);
    let ask = |origin: &'static str| {
        Request::options(format!("{APP}/concepts"))
            .header("host", "h:1")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .body(Body::empty())
            .unwrap()
    };
    let allowed = w.send(ask("http://page:2")).await;
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (204, "http://page:2"));
    assert_eq!(allowed.header("access-control-allow-credentials"), "");
    assert_eq!(w.send(ask("http://other:2")).await.header("access-control-allow-origin"), "");
    let reply = w
        .send(
            with_token("GET", &format!("{APP}/concepts"))
                .header("origin", "http://page:2")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, "http://page:2"));
}

#[tokio::test]
async fn every_failure_is_json_with_a_status_and_a_request_id() {
    let w = World::new();
    for (method, path, body, status, code) in [
        ("GET", "/v2/nothing".to_owned(), Value::Null, 404, 11101),
        ("PUT", format!("{APP}/concepts"), Value::Null, 400, 11103),
        ("GET", format!("{APP}/concepts/none"), Value::Null, 404, 11101),
        ("GET", format!("{APP}/concepts?per_page=many"), Value::Null, 400, 11102),
        ("GET", "/labelscope/v1/media/orig/none".to_owned(), Value::Null, 404, 11101),
        ("GET", "/labelscope/v1/exports/none/x.zip".to_owned(), Value::Null, 404, 11101),
        ("POST", format!("{EXTENSIONS}/imports"), json!({"import": {"dataset_id": "a/b"}}), 400, 11102),
    ] {
        let reply = w.call(method, &path, body).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{method} {path}");
        assert!(!reply.json()["status"]["req_id"].as_str().unwrap().is_empty());
        assert_eq!(reply.header("content-type"), "application/json");
    }
    let broken = w
        .send(
            with_token("POST", &format!("{APP}/concepts"))
                .header("x-clarifai-request-id-prefix", "mine")
                .body(Body::from("{\"concepts\":"))
                .unwrap(),
        )
        .await;
    assert_eq!((broken.status, broken.code()), (400, 11100));
    let json = broken.json();
    assert!(json["status"]["req_id"].as_str().unwrap().starts_with("mine-"));
    assert_eq!(json["concepts"], json!([]), "lists are printed in failures too");
}

#[tokio::test]
async fn one_data_folder_serves_one_server() {
    let w = World::new();
    let mut config = labelscope_server::Config::new(w.dir.path().join("data"));
    config.token = Some(TOKEN.to_owned());
    let second = labelscope_server::start(config);
    let error = second.err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("another labelscope uses this data folder"), "{error}");
}

#[tokio::test]
async fn the_description_of_the_api_is_there_for_everyone() {
    let w = World::new();
    let path = "/labelscope/v1/openapi.json";
    let reply = w.send(get(path).body(Body::empty()).unwrap()).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    assert_eq!(reply.json()["openapi"], "3.1.0");
    assert!(reply.json()["paths"]["/v2/users/{user_id}/apps/{app_id}/concepts"]["get"].is_object());
    let head = w.send(Request::head(path).header("host", "h:1").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (head.status, head.body.len(), head.header("content-length")),
        (200, 0, reply.body.len().to_string().as_str())
    );
    let info = w.ok("GET", "/labelscope/v1/info", Value::Null).await;
    assert!(info["info"]["capabilities"].as_array().unwrap().contains(&json!("openapi")));
}
