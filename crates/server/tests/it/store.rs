//! A store on loopback that speaks as S3 does, as far as reading goes, and remembers what it was asked.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

/// Keys on one page of a list.
pub const PAGE: usize = 3;

pub struct Asked {
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// A refusal: status, headers, and the body.
pub type Refusal = (u16, Vec<(&'static str, String)>, String);
type Table = Box<dyn Fn(&Asked) -> Option<Refusal> + Send + Sync>;

pub struct Store {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Store {
    /// A bucket `photos` with these files.
    pub fn start(files: &[(&str, &[u8])]) -> Self {
        Self::refusing(files, |_| None)
    }

    /// The table is asked first whether a request is refused.
    pub fn refusing(
        files: &[(&str, &[u8])],
        table: impl Fn(&Asked) -> Option<Refusal> + Send + Sync + 'static,
    ) -> Self {
        let files: BTreeMap<String, Vec<u8>> = files.iter().map(|(k, v)| ((*k).to_owned(), v.to_vec())).collect();
        let (files, table): (_, Arc<Table>) = (Arc::new(files), Arc::new(Box::new(table)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(move |request: Request| {
            let now = Asked {
                path: percent_decode_str(request.uri().path()).decode_utf8().unwrap().into_owned(),
                query: query(request.uri().query().unwrap_or("")),
                headers: request.headers().clone(),
            };
            let reply = match table(&now) {
                Some(refusal) => refuse(refusal),
                None => answer(&files, &now),
            };
            log.lock().unwrap().push(now);
            std::future::ready(reply)
        });
        runtime.spawn(async { axum::serve(listener, app).await });
        Self { url, asked, _runtime: runtime }
    }

    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn query(text: &str) -> BTreeMap<String, String> {
    let decoded = |s: &str| percent_decode_str(&s.replace('+', " ")).decode_utf8().unwrap().into_owned();
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (decoded(k), decoded(v))).collect()
}

/// The body that S3 sends with a failure.
pub fn error(code: &str, more: &str) -> String {
    format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>No.</Message>{more}</Error>")
}

fn refuse((status, headers, body): Refusal) -> Response<Body> {
    let mut reply = Response::builder().status(status);
    for (name, value) in headers {
        reply = reply.header(name, value);
    }
    reply.body(Body::from(body)).unwrap()
}

fn answer(files: &BTreeMap<String, Vec<u8>>, now: &Asked) -> Response<Body> {
    let Some(rest) = now.path.strip_prefix("/photos") else {
        return refuse((404, vec![], error("NoSuchBucket", "")));
    };
    if let Some(key) = rest.strip_prefix('/') {
        let Some(bytes) = files.get(key) else { return refuse((404, vec![], error("NoSuchKey", ""))) };
        return Response::builder()
            .header("last-modified", "Sun, 02 Nov 2025 10:00:00 GMT")
            .header("etag", "\"1\"")
            .body(Body::from(bytes.clone()))
            .unwrap();
    }
    assert_eq!(now.query["list-type"], "2");
    let given = |name: &str| now.query.get(name).map_or("", String::as_str);
    let after = given("continuation-token").max(given("start-after"));
    let found = files.iter().filter(|(key, _)| key.starts_with(given("prefix")) && key.as_str() > after);
    let found: Vec<_> = found.take(PAGE + 1).collect();
    let mut xml = "<?xml version=\"1.0\"?><ListBucketResult><Name>photos</Name>".to_owned();
    for (key, bytes) in found.iter().take(PAGE) {
        let (key, size) = (key.replace('&', "&amp;"), bytes.len());
        let when = "2025-11-02T10:00:00.000Z";
        let _ =
            write!(xml, "<Contents><Key>{key}</Key><LastModified>{when}</LastModified><Size>{size}</Size></Contents>");
    }
    if found.len() > PAGE {
        let _ =
            write!(xml, "<NextContinuationToken>{}</NextContinuationToken>", found[PAGE - 1].0.replace('&', "&amp;"));
    }
    Response::new(Body::from(xml + "</ListBucketResult>"))
}
