//! What every answer must be.

use super::make::Made;
use crate::http::Answer;
use labelscope_api::is_success;
use labelscope_api::messages::StatusCode;
use serde_json::Value;

/// Says what is wrong with an answer; nothing where it is sound.
pub fn problem(made: &Made, answer: &Answer) -> Option<String> {
    let http = answer.status;
    if made.raw && http == 400 && answer.body.is_empty() || made.request.method == "HEAD" && http < 500 {
        return None;
    }
    // Too long for HTTP: what is below the API says so.
    if matches!(http, 414 | 431) && made.request.target.len() > 8000 {
        return None;
    }
    let path = made.request.target.split('?').next().unwrap_or("");
    if !path.starts_with("/v2/") && !path.starts_with("/labelscope/v1/") {
        return (http >= 500).then(|| format!("HTTP {http}"));
    }
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
        // Files and streams are no JSON.
        let file = made.operation.is_none() && http == 200 && answer.kind != "application/json";
        return (!file).then(|| format!("HTTP {http} without JSON"));
    };
    let code = body.get("status").and_then(|s| s.get("code")).and_then(Value::as_i64);
    let Some(code) = code.and_then(|c| i32::try_from(c).ok()).map(StatusCode) else {
        let own = ["openapi.json", "healthz"].iter().any(|name| path.contains(name));
        return (!own).then(|| format!("HTTP {http} without a status"));
    };
    let inner =
        [StatusCode::INTERNAL_SERVER_ISSUE, StatusCode::INTERNAL_UNCATEGORIZED, StatusCode(98004), StatusCode(99009)];
    if http >= 500 && http != 501 || inner.contains(&code) {
        return Some(format!("HTTP {http}, code {}", code.0));
    }
    if answer.kind != "application/json" {
        return Some(format!("the type is {:?}", answer.kind));
    }
    // A status is itself the answer of these.
    let tests = path.starts_with("/labelscope/v1/connections/") && path.trim_end_matches('/').ends_with("/test");
    let asks_for_status = path.contains("/status_codes/") || tests;
    if (http == 200) != is_success(code) && !(asks_for_status && http == 200) {
        return Some(format!("HTTP {http} with code {}", code.0));
    }
    let operation = made.operation?;
    match (operation.reply_again)(&answer.body) {
        Err(error) => Some(format!("the reply cannot be read: {error}")),
        Ok(again) if http == 200 && !same(&again, &body) => Some("the reply reads back as another".to_owned()),
        Ok(_) => None,
    }
}

/// Compares JSON; numbers as far as the 32 bits that most fractions of the API have.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|other| same(v, other)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same(x, y)),
        (Value::Number(a), Value::Number(b)) => {
            a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| (a as f32).to_bits() == (b as f32).to_bits())
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Request;
    use std::collections::BTreeMap;

    fn problem_of(status: u16, body: &str) -> Option<String> {
        let operation = labelscope_api::operations::DESCRIBED.iter().find(|o| o.meta.name == "ListConcepts");
        let request =
            Request { method: "GET".into(), target: "/v2/concepts".into(), kind: String::new(), body: vec![] };
        let made = Made { request, operation, path: BTreeMap::new(), raw: false };
        problem(&made, &Answer { status, kind: "application/json".into(), etag: String::new(), body: body.into() })
    }

    #[test]
    fn sound_answers_pass_and_others_are_told() {
        assert_eq!(problem_of(200, r#"{"status":{"code":10000},"concepts":[{"id":"a","value":0.1}]}"#), None);
        assert_eq!(problem_of(400, r#"{"status":{"code":11102},"concepts":[]}"#), None);
        for (status, body, what) in [
            (500, r#"{"status":{"code":99009}}"#, "HTTP 500"),
            (400, r#"{"status":{"code":98004}}"#, "98004"),
            (200, "<html>", "without JSON"),
            (200, r#"{"concepts":[]}"#, "without a status"),
            (200, r#"{"status":{"code":11102}}"#, "HTTP 200 with code"),
            (404, r#"{"status":{"code":10000}}"#, "HTTP 404 with code"),
            (200, r#"{"status":{"code":10000},"concepts":[{"id":7}]}"#, "cannot be read"),
            (200, r#"{"status":{"code":10000},"concepts":[{"nobody":7}]}"#, "reads back as another"),
        ] {
            let found = problem_of(status, body).unwrap_or_default();
            assert!(found.contains(what), "{status} {body}: {found}");
        }
    }
}
