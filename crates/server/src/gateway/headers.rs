//! Which headers pass. Both lists say what may pass: a header that nobody thought of stays here.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const TO_THE_OTHER_SIDE: [HeaderName; 9] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::RANGE,
];

const BACK: [HeaderName; 14] = [
    header::ACCEPT_RANGES,
    header::CACHE_CONTROL,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::CONTENT_TYPE,
    header::DATE,
    header::ETAG,
    header::EXPIRES,
    header::LAST_MODIFIED,
    header::RETRY_AFTER,
    header::VARY,
];

/// A header of the API's own that is no credential.
fn is_apis_own(name: &HeaderName) -> bool {
    let name = name.as_str();
    name.starts_with("x-clarifai-") && !["token", "key", "secret", "auth"].iter().any(|word| name.contains(word))
}

fn is_limit(name: &HeaderName) -> bool {
    name.as_str().starts_with("x-ratelimit-") || name.as_str().starts_with("ratelimit")
}

fn only(headers: &HeaderMap, passes: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    headers.iter().filter(|(name, _)| passes(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What of a request's headers goes on.
pub(super) fn onward(headers: &HeaderMap) -> HeaderMap {
    let mut out = only(headers, |name| TO_THE_OTHER_SIDE.contains(name) || is_apis_own(name));
    out.insert(header::USER_AGENT, HeaderValue::from_static(concat!("labelscope/", env!("CARGO_PKG_VERSION"))));
    out
}

/// What of an answer's headers comes back.
pub(super) fn back(headers: &HeaderMap) -> HeaderMap {
    let mut out = only(headers, |name| BACK.contains(name) || is_apis_own(name) || is_limit(name));
    out.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    harmless(&mut out);
    out
}

/// What comes from elsewhere has our origin in a browser: it must not run there.
pub(super) fn harmless(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
}
