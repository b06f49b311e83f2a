//! A request for an operation: mostly one that a client could have sent, else one that none should.

use super::known::{Known, kind_of};
use super::values::{Maker, Mood};
use crate::http::Request;
use fastrand::Rng;
use labelscope_api::describe::Shape;
use labelscope_api::operations::Described;
use labelscope_api::wire;
use serde_json::Value;
use std::collections::BTreeMap;

/// A request, and what is to be expected of its answer.
pub struct Made {
    pub request: Request,
    /// The operation that answers; none where the request may not reach it.
    pub operation: Option<&'static Described>,
    /// The parameters of its path.
    pub path: BTreeMap<String, String>,
    /// The answer may come from below the API, which then has no status.
    pub raw: bool,
}

pub fn make(rng: &mut Rng, known: &Known, operation: &'static Described, number: u64) -> Made {
    let mood = match rng.u8(..100) {
        0..62 => Mood::Plain,
        62..82 => Mood::Border,
        82..95 => Mood::Typed,
        _ => Mood::Deep,
    };
    let mut maker = Maker { rng, known, mood, number: number * 1000 };
    let meta = operation.meta;
    let template = if maker.chance(15) { meta.paths.last() } else { meta.paths.first() }.copied().unwrap_or("/");
    let wanted: Vec<&str> = template.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).collect();
    let own: Vec<&str> = wanted.iter().copied().filter(|w| !w.starts_with("user_app_id.")).collect();
    let mut path = if maker.chance(75) { known.path(maker.rng, &own) } else { None }.unwrap_or_default();
    path.retain(|name, _| own.contains(&name.as_str()));
    for name in &own {
        if !path.contains_key(*name) {
            let kind = if *name == "id" { "Search".to_owned() } else { kind_of(name) };
            let id = maker.id(&kind);
            path.insert((*name).to_owned(), id);
        }
    }
    let app = match maker.rng.u8(..20) {
        0 => maker.odd(),
        1..4 => maker.known.pick(maker.rng, "App").unwrap_or_else(|| "other".to_owned()),
        // The app of all other calls stays.
        _ if meta.name == "DeleteApp" => "other".to_owned(),
        _ => "demo".to_owned(),
    };
    let app = if meta.name == "DeleteApp" && app == "demo" { "other".to_owned() } else { app };
    let user = if maker.chance(3) { maker.odd() } else { "me".to_owned() };
    let rendered = wire::render_path(template, |name: &str| match name {
        "user_app_id.user_id" => Some(user.as_str()),
        "user_app_id.app_id" => Some(app.as_str()),
        other => path.get(other).map(String::as_str),
    });
    let Shape::Message(message) = (operation.request)() else { unreachable(operation) };
    let value = maker.message(message, &own, 0);
    let mut made = Made {
        request: Request {
            method: meta.method.to_owned(),
            // An empty id cannot stand in a path: it is another path then.
            target: rendered.unwrap_or_else(|_| template.replace(['{', '}'], "")),
            kind: "application/json".to_owned(),
            body: Vec::new(),
        },
        operation: Some(operation),
        path,
        raw: false,
    };
    if made.request.target.split('/').any(|s| matches!(s, "%2E" | "%2E%2E" | "." | "..")) {
        made.operation = None;
    }
    if meta.method == "GET" {
        let query = wire::to_query(&value).unwrap_or_default();
        if !query.is_empty() {
            made.request.target.extend(["?", &query]);
            // The keys of free objects stand there as they are.
            made.raw = !made.request.target.bytes().all(|b| b.is_ascii_graphic());
        }
    } else {
        made.request.body = value.to_string().into_bytes();
    }
    // Where the segments say another operation, that one answers.
    if maker.chance(12) {
        spoil(&mut maker, &mut made, &value);
    }
    // The app of all other calls stays, whatever a spoilt method would do.
    if answers(&made.request) == Some("DeleteApp") && made.request.target.contains("/apps/demo") {
        "GET".clone_into(&mut made.request.method);
    }
    if made.operation.is_some() && answers(&made.request).is_none_or(|name| name != meta.name) {
        made.operation = None;
    }
    made
}

/// A request has always fields; the description says so.
fn unreachable(operation: &Described) -> ! {
    eprintln!("{} has no request", operation.meta.name);
    std::process::exit(2)
}

/// The operation that answers a request, by the tables.
fn answers(request: &Request) -> Option<&'static str> {
    let path = request.target.split('?').next().unwrap_or("").trim_end_matches('/');
    let all = labelscope_api::operations::DESCRIBED.iter().chain(labelscope_api::extensions::DESCRIBED);
    all.filter(|d| d.meta.method == request.method)
        .filter_map(|d| Some((d.meta.match_path(path)?.1, d.meta.name)))
        // The first of those with the most fixed words.
        .fold(None, |best: Option<(usize, &'static str)>, (words, name)| match best {
            Some((most, _)) if most >= words => best,
            _ => Some((words, name)),
        })
        .map(|(_, name)| name)
}

/// Makes it a request that no client should send.
fn spoil(maker: &mut Maker, made: &mut Made, value: &Value) {
    let rng = &mut *maker.rng;
    let request = &mut made.request;
    match rng.u8(..14) {
        0 => request.body.truncate(rng.usize(..=request.body.len())),
        1 => request.body = (0..rng.usize(..300)).map(|_| rng.u8(..)).collect(),
        2 => {
            // One byte of the text is another.
            let at = rng.usize(..request.body.len().max(1));
            if let Some(byte) = request.body.get_mut(at) {
                *byte = rng.u8(..);
            }
        }
        3 => {
            let depth = rng.usize(1..3000);
            request.body = format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth)).into_bytes();
        }
        4 => {
            let depth = rng.usize(1..200);
            request.body = format!("{}{}{}", "{\"data\":".repeat(depth), 1, "}".repeat(depth)).into_bytes();
        }
        5 => request.body.splice(0..0, *b"\xef\xbb\xbf").for_each(drop),
        6 => request.body.extend_from_slice(b"{}"),
        7 => request.body = value.to_string().replacen('{', "{\"id\":1,\"id\":\"b\",\"__proto__\":{},", 1).into_bytes(),
        8 => {
            for (one, other) in
                [("application/json", "text/plain"), ("text/plain", "multipart/form-data; boundary=x"), ("x", "")]
            {
                if request.kind == one || one == "x" {
                    other.clone_into(&mut request.kind);
                    break;
                }
            }
        }
        9 => {
            let methods = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"];
            if let Some(method) = methods.get(rng.usize(..methods.len())) {
                (*method).clone_into(&mut request.method);
            }
            made.operation = None;
        }
        10 => {
            let odd = maker.odd();
            request.target.extend(["/", &wire::encode_segment(&odd)]);
            made.operation = None;
        }
        11 => {
            let ends = [
                "?",
                "?&&==&",
                "?per_page=99999999999999999999",
                "?page=0&page=-1",
                "?ids=&ids=%ff%fe",
                "?a.b.c.d.e.f=1&user_app_id=x",
                "//",
                "?%00=%00",
                "?user_app_id.app_id=%2e%2e",
            ];
            request.target += ends.get(rng.usize(..ends.len())).copied().unwrap_or("");
            made.operation = None;
        }
        12 => {
            let at = rng.usize(..=request.target.len());
            if request.target.is_char_boundary(at) && at > 0 {
                request.target.insert_str(
                    at,
                    ["%", "%zz", "%2f", "%00", "/../", "{", "é", "%C0%AF", "\\", "^"]
                        .get(rng.usize(..10))
                        .copied()
                        .unwrap_or("%"),
                );
            }
            made.operation = None;
            made.raw = true;
        }
        _ => {
            let deep = format!("{}1{}", "{\"a\":".repeat(110), "}".repeat(110));
            request.body = value.to_string().replacen('{', &format!("{{\"metadata\":{deep},\"zz\":"), 1).into_bytes();
        }
    }
}
