use crate::world::{APP, World, testdata, with_token};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

fn form(files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, bytes) in files {
        body.extend_from_slice(format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

#[tokio::test]
async fn pictures_arrive_by_form_and_come_back_whole_small_and_in_parts() {
    let w = World::new();
    let photo = std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap();
    let (kind, body) = form(&[("room.jpg", &photo)]);
    let reply = w
        .send(with_token("POST", "/labelscope/v1/media").header("content-type", kind).body(Body::from(body)).unwrap())
        .await;
    let media = &reply.json()["media"][0];
    let url = media["url"].as_str().unwrap().strip_prefix("http://h:1").unwrap().to_owned();
    let posted = w
        .ok(
            "POST",
            &format!("{APP}/inputs"),
            json!({"inputs": [{"id": "room", "data": {"image": {"url": media["url"]}}}]}),
        )
        .await;
    assert_eq!(
        posted["inputs"][0]["data"]["image"]["image_info"],
        json!({"width": 640, "height": 480, "format": "jpeg"})
    );
    let whole = w.call("GET", &url, Value::Null).await;
    assert_eq!(
        (whole.status, whole.header("content-type"), whole.header("x-content-type-options")),
        (200, "image/jpeg", "nosniff")
    );
    assert!(whole.header("content-security-policy").contains("sandbox"));
    assert_eq!(whole.body, photo);
    let part = w.send(with_token("GET", &url).header("range", "bytes=10-19").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (part.status, part.body.as_slice(), part.header("content-range")),
        (206, &photo[10..20], format!("bytes 10-19/{}", photo.len()).as_str())
    );
    let same = w
        .send(with_token("GET", &url).header("if-none-match", whole.header("etag")).body(Body::empty()).unwrap())
        .await;
    assert_eq!((same.status, same.body.len()), (304, 0));
    let small = w.call("GET", &url.replace("/orig/", "/small/"), Value::Null).await;
    let size = image::load_from_memory(&small.body).unwrap();
    assert_eq!((size.width(), size.height(), small.header("content-type")), (256, 192, "image/jpeg"));
    assert_eq!(w.call("GET", &url.replace("/orig/", "/huge/"), Value::Null).await.status, 404);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_not_kept() {
    let w = World::new();
    let (kind, body) = form(&[("page.html", b"<script>alert(1)</script>")]);
    let reply = w
        .send(with_token("POST", "/labelscope/v1/media").header("content-type", kind).body(Body::from(body)).unwrap())
        .await;
    assert_eq!((reply.status, reply.code()), (400, 30101));
    let kept: Vec<_> = walk(&w.dir.path().join("data/blobs"));
    assert!(kept.is_empty(), "{kept:?}");
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(dir)
        .unwrap()
        .flat_map(|e| {
            let p = e.unwrap().path();
            if p.is_dir() { walk(&p) } else { vec![p] }
        })
        .collect()
}

#[tokio::test]
async fn the_workbench_is_served_compressed_and_cached_by_name() {
    let w = World::with(|c| {
        let folder = c.data.parent().unwrap().join("dist");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [
            ("index.html", "<script>let a</script>home"),
            ("app-0123456789abcdef.js", "plain"),
            ("app-0123456789abcdef.js.br", "brotli"),
            ("app-0123456789abcdef.js.gz", "gzip"),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        c.workbench = Some(folder);
    });
    let get = |path: &str, accept: &str, encoding: &str| {
        Request::get(path)
            .header("host", "h:1")
            .header("accept", accept)
            .header("accept-encoding", encoding)
            .body(Body::empty())
            .unwrap()
    };
    for (encoding, body) in [("gzip, br", "brotli"), ("gzip", "gzip"), ("", "plain")] {
        let reply = w.send(get("/app-0123456789abcdef.js", "*/*", encoding)).await;
        assert_eq!(reply.body, body.as_bytes());
        assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
        assert!(reply.header("cache-control").contains("immutable"));
    }
    let deep = w.send(get("/demo/datasets/a.b", "text/html", "")).await;
    assert_eq!((deep.status, deep.header("cache-control")), (200, "no-cache"));
    assert!(deep.header("content-security-policy").contains("'sha256-"), "an inline script is allowed by its hash");
    let missing = w.send(get("/old-name.js", "*/*", "")).await;
    assert_eq!((missing.status, missing.code()), (404, 11101));
}

#[tokio::test]
async fn files_of_an_import_cannot_leave_their_folder() {
    let w = World::new();
    let job = w.ok("POST", "/labelscope/v1/users/me/apps/demo/imports", json!({"import": {"dataset_id": "d"}})).await;
    let id = job["job"]["id"].as_str().unwrap().to_owned();
    for name in ["..%2F..%2Fescape", "%2Fetc%2Fx", "a%00b", "..\\..\\x"] {
        let reply = w
            .send(
                with_token("PUT", &format!("/labelscope/v1/imports/{id}/files/{name}")).body(Body::from("x")).unwrap(),
            )
            .await;
        assert_eq!(reply.status, 400, "{name}");
    }
    let other = w
        .send(
            with_token("PUT", "/labelscope/v1/imports/00000000000000000000000000000000/files/x")
                .body(Body::from("x"))
                .unwrap(),
        )
        .await;
    assert_eq!(other.status, 404);
    assert!(!w.dir.path().join("escape").exists() && !w.dir.path().join("data/escape").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raw_text_is_fetched_where_its_archive_says() {
    let w = World::new();
    w.ok("POST", &format!("{APP}/datasets"), json!({"datasets": [{"id": "d"}]})).await;
    let text = json!({"id": "t", "dataset_ids": ["d"], "data": {"text": {"raw": "<b>grüße</b>"}}});
    w.ok("POST", &format!("{APP}/inputs"), json!({"inputs": [text]})).await;
    w.ok("POST", &format!("{APP}/datasets/d/versions"), json!({"dataset_versions": [{"id": "v1"}]})).await;
    let export = crate::way::exported_as(&w, "d", "CLARIFAI_DATA_PROTOBUF").await;
    let archive = w.call("GET", export["url"].as_str().unwrap().strip_prefix("http://h:1").unwrap(), Value::Null).await;
    let mut found = None;
    labelscope_formats::clarifai::read(std::io::Cursor::new(archive.body), |_, input| {
        found = input.data.and_then(|d| d.text).and_then(|t| t.hosted);
    })
    .unwrap();
    let hosted = found.unwrap();
    let url = format!("{}/orig/{}", hosted.prefix.strip_prefix("http://h:1").unwrap(), hosted.suffix);
    let reply = w.call("GET", &url, Value::Null).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert_eq!(String::from_utf8(reply.body).unwrap(), "<b>grüße</b>");
    let head = w.send(with_token("HEAD", &url).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "14", 0));
    for wrong in [url.replace("/orig/", "/small/"), format!("{url}0")] {
        assert_eq!(w.call("GET", &wrong, Value::Null).await.status, 404, "{wrong}");
    }
}
