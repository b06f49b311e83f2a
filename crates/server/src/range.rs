//! Files with `Range`, `ETag` and the conditions that go with them.

use crate::reply;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode as Http, header};
use labelscope_api::messages::StatusCode;
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// What a range asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    /// First and last byte, both included.
    Part(u64, u64),
    /// Nothing of the file.
    Outside,
}

/// Reads a `Range` header. Several ranges, or what makes no sense, mean the whole.
fn wanted(range: Option<&str>, length: u64) -> Wanted {
    let Some((from, to)) =
        range.and_then(|r| r.strip_prefix("bytes=")).filter(|r| !r.contains(',')).and_then(|r| r.split_once('-'))
    else {
        return Wanted::Whole;
    };
    if length == 0 {
        return Wanted::Whole;
    }
    match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(first), _) if first >= length => Wanted::Outside,
        (Ok(first), Ok(last)) if last >= first => Wanted::Part(first, last.min(length - 1)),
        (Ok(first), Err(_)) if to.trim().is_empty() => Wanted::Part(first, length - 1),
        // The last so many bytes.
        (Err(_), Ok(0)) if from.trim().is_empty() => Wanted::Outside,
        (Err(_), Ok(n)) if from.trim().is_empty() => Wanted::Part(length.saturating_sub(n), length.saturating_sub(1)),
        _ => Wanted::Whole,
    }
}

/// Sends a file whose content is told by `sha256`.
pub(crate) async fn send(
    method: &Method,
    headers: &HeaderMap,
    path: &Path,
    sha256: &str,
    content_type: &str,
    req_id: &str,
) -> Response<Body> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let etag = format!("\"{sha256}\"");
    let mut response = Response::new(Body::empty());
    if text(header::IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|t| t.trim() == etag)) {
        *response.status_mut() = Http::NOT_MODIFIED;
        dress(&mut response, &etag, content_type);
        return response;
    }
    let mut file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(error) => return reply::internal(error, req_id),
    };
    let length = match file.metadata().await {
        Ok(metadata) => metadata.len(),
        Err(error) => return reply::internal(error, req_id),
    };
    // A part of another file than the one that was begun would be worse than the whole.
    let unchanged = text(header::IF_RANGE).is_none_or(|tag| tag == etag);
    let range = if unchanged { wanted(text(header::RANGE), length) } else { Wanted::Whole };
    let (first, count) = match range {
        Wanted::Outside => {
            let mut refusal =
                reply::failure(StatusCode::CONN_INVALID_RANGE, format!("the file has {length} bytes"), req_id);
            if let Ok(value) = HeaderValue::from_str(&format!("bytes */{length}")) {
                refusal.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            return refusal;
        }
        Wanted::Whole => (0, length),
        Wanted::Part(first, last) => {
            *response.status_mut() = Http::PARTIAL_CONTENT;
            if let Ok(value) = HeaderValue::from_str(&format!("bytes {first}-{last}/{length}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            (first, last - first + 1)
        }
    };
    dress(&mut response, &etag, content_type);
    response.headers_mut().insert(header::CONTENT_LENGTH, count.into());
    if *method != Method::HEAD {
        if let Err(error) = file.seek(std::io::SeekFrom::Start(first)).await {
            return reply::internal(error, req_id);
        }
        *response.body_mut() = Body::from_stream(ReaderStream::with_capacity(file.take(count), 1 << 16));
    }
    response
}

fn dress(response: &mut Response<Body>, etag: &str, content_type: &str) {
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    for (name, text) in [(header::ETAG, etag), (header::CONTENT_TYPE, content_type)] {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (range, want) in [
            (None, Wanted::Whole),
            (Some("bytes=0-9"), Wanted::Part(0, 9)),
            (Some("bytes=90-"), Wanted::Part(90, 99)),
            (Some("bytes=-10"), Wanted::Part(90, 99)),
            (Some("bytes=50-500"), Wanted::Part(50, 99)),
            (Some("bytes=100-"), Wanted::Outside),
            (Some("bytes=-0"), Wanted::Outside),
            (Some("bytes=5-3"), Wanted::Whole),
            (Some("bytes=0-1,5-6"), Wanted::Whole),
            (Some("pages=1-2"), Wanted::Whole),
        ] {
            assert_eq!(wanted(range, 100), want, "{range:?}");
        }
    }
    proptest::proptest! {
        #[test]
        fn a_part_is_never_beyond_the_file(range in "(bytes=)?[0-9 ,-]{0,24}|.{0,20}", length in 0u64..200) {
            if let Wanted::Part(first, last) = wanted(Some(&range), length) {
                proptest::prop_assert!(first <= last && last < length, "{range}: {first} to {last} of {length}");
            }
        }
    }
}
