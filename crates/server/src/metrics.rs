//! What the server counts, in the text format that Prometheus reads. No label holds an id or a name of a user.

use crate::state::{READERS, Server};
use crate::{api, reply};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};
use labelscope_api::extensions::{
    EVENTS_PATH, EXPORT_FILE_PATH, GATEWAY_PATH, IMPORT_FILE_PATH, JobKind, JobState, MEDIA_PATH,
};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Upper ends of the histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// Set on a response: the operation that it answers.
#[derive(Clone, Copy)]
pub(crate) struct Operation(pub &'static str);

/// The name under which a request is counted and logged: its operation's, or a word for what else there is.
pub(crate) fn name(method: &Method, path: &str, response: &Response<Body>) -> &'static str {
    if let Some(Operation(name)) = response.extensions().get() {
        return name;
    }
    let below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let others = [
        (GATEWAY_PATH, "Gateway"),
        (MEDIA_PATH, "Media"),
        (EXPORT_FILE_PATH, "ExportFile"),
        (IMPORT_FILE_PATH, "ImportFile"),
        (EVENTS_PATH, "Events"),
        ("/labelscope/v1/sign-in", "SignIn"),
        ("/labelscope/v1/sign-out", "SignOut"),
        ("/metrics", METRICS),
        ("/healthz", HEALTH),
    ];
    if let Some((_, name)) = others.into_iter().find(|(prefix, _)| below(prefix)) {
        return name;
    }
    if !below("/v2") && !below("/labelscope") {
        return WORKBENCH;
    }
    // It was turned away before it came to its operation, or is for the server itself.
    api::name(method.as_str(), path).unwrap_or("Unknown")
}

const METRICS: &str = "Metrics";
const HEALTH: &str = "Health";
const WORKBENCH: &str = "Workbench";

/// What asks again and again, and tells nobody anything in a log.
pub(crate) fn is_routine(name: &str) -> bool {
    matches!(name, METRICS | HEALTH | WORKBENCH | "Media")
}

#[derive(Default)]
struct Calls {
    /// By the first digit of the HTTP status.
    classes: [u64; 6],
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

/// Counters since the start.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<BTreeMap<&'static str, Calls>>);

impl Metrics {
    /// Counts an answer.
    pub fn note(&self, name: &'static str, status: u16, took: Duration) {
        let mut all = self.0.lock();
        let calls = all.entry(name).or_default();
        if let Some(class) = calls.classes.get_mut(usize::from(status / 100)) {
            *class += 1;
        }
        let seconds = took.as_secs_f64();
        calls.count += 1;
        calls.seconds += seconds;
        for (bucket, _) in calls.buckets.iter_mut().zip(BUCKETS).filter(|(_, end)| seconds <= *end) {
            *bucket += 1;
        }
    }

    fn write(&self, out: &mut Text) {
        let all = self.0.lock();
        let classes = |calls: &Calls| calls.classes.into_iter().enumerate().filter(|(_, n)| *n > 0).collect::<Vec<_>>();
        out.family("labelscope_http_requests_total", "counter", "Answers by operation and class of HTTP status.");
        for (name, calls) in all.iter() {
            for (class, n) in classes(calls) {
                out.value(&format!("{{operation=\"{name}\",class=\"{class}xx\"}}"), n);
            }
        }
        out.family("labelscope_http_request_duration_seconds", "histogram", "Time until the head of the answer.");
        for (name, calls) in all.iter() {
            for (end, n) in BUCKETS.iter().zip(calls.buckets) {
                out.part("_bucket", &format!("{{operation=\"{name}\",le=\"{end}\"}}"), n);
            }
            out.part("_bucket", &format!("{{operation=\"{name}\",le=\"+Inf\"}}"), calls.count);
            out.part("_sum", &format!("{{operation=\"{name}\"}}"), calls.seconds);
            out.part("_count", &format!("{{operation=\"{name}\"}}"), calls.count);
        }
        out.family("labelscope_gateway_requests_total", "counter", "Calls for other servers, by class of HTTP status.");
        for (class, n) in all.get("Gateway").map(classes).unwrap_or_default() {
            out.value(&format!("{{class=\"{class}xx\"}}"), n);
        }
    }
}

/// The text as it grows.
#[derive(Default)]
struct Text {
    text: String,
    family: &'static str,
}

impl Text {
    fn family(&mut self, name: &'static str, kind: &str, help: &str) {
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        self.family = name;
    }

    fn value(&mut self, labels: &str, value: impl std::fmt::Display) {
        self.part("", labels, value);
    }

    fn part(&mut self, part: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.text, "{}{part}{labels} {value}", self.family);
    }

    fn gauge(&mut self, name: &'static str, help: &str, value: impl std::fmt::Display) {
        self.family(name, "gauge", help);
        self.value("", value);
    }
}

pub(crate) async fn get(server: &Server, method: &Method, headers: &HeaderMap, req_id: &str) -> Response<Body> {
    if !server.inner.config.metrics_public
        && let Err(refusal) = server.inner.auth.caller(method, headers, req_id)
    {
        return *refusal;
    }
    let mut out = Text::default();
    server.inner.metrics.write(&mut out);
    let counted =
        server.read(|reader| Ok::<_, labelscope_engine::OpenError>((reader.job_counts()?, reader.blob_bytes()?))).await;
    let (jobs, blobs) = match counted {
        Ok(Ok(counted)) => counted,
        Ok(Err(error)) => return reply::internal(error, req_id),
        Err(error) => return reply::internal(error, req_id),
    };
    out.family("labelscope_jobs", "gauge", "Jobs by kind and state.");
    for (kind, state, n) in jobs {
        let (kind, state) = (word(JobKind::name(kind)), word(JobState::name(state)));
        out.value(&format!("{{kind=\"{kind}\",state=\"{state}\"}}"), n);
    }
    let inner = &server.inner;
    let busy = READERS.saturating_sub(inner.reading.available_permits());
    out.gauge("labelscope_writer_queue_length", "Calls that wait for the writer.", inner.queue.len());
    out.gauge("labelscope_readers_busy", "Readers at work.", busy);
    let length = |name: &str| std::fs::metadata(inner.config.data.join(name)).map_or(0, |m| m.len());
    out.gauge("labelscope_database_bytes", "Length of the database.", length("labelscope.db"));
    out.gauge("labelscope_database_wal_bytes", "Length of the database's log.", length("labelscope.db-wal"));
    out.gauge("labelscope_blob_bytes", "Media and archives together.", blobs);
    if let Ok(free) = fs4::available_space(&inner.config.data) {
        out.gauge("labelscope_disk_free_bytes", "What is left on the disk of the data folder.", free);
    }
    let short = u8::from(inner.short.load(Ordering::Relaxed));
    out.gauge("labelscope_disk_short", "1 while there is so little room that nothing is taken in.", short);
    out.family("labelscope_build_info", "gauge", "The release, as a label.");
    out.value(&format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1);
    let mut response =
        Response::new(if *method == Method::HEAD { Body::empty() } else { Body::from(std::mem::take(&mut out.text)) });
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn word(name: Option<&str>) -> String {
    name.unwrap_or("unknown").to_ascii_lowercase()
}
