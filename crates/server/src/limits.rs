//! How often one may call: so many calls a second for each credential, and as many at once.

use crate::reply;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use labelscope_api::messages::StatusCode;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::time::Instant;

/// Credentials that are told apart at most. Only those that have been let in come here.
const MOST: usize = 10_000;

/// A bucket of calls for each credential; it fills at the limit's pace and holds a second's worth.
pub(crate) struct RateLimit {
    a_second: NonZeroU32,
    buckets: Mutex<HashMap<[u8; 32], Bucket>>,
}

struct Bucket {
    calls: f64,
    seen: Instant,
}

impl RateLimit {
    pub fn new(a_second: NonZeroU32) -> Self {
        Self { a_second, buckets: Mutex::default() }
    }

    /// Counts a call, or gives the answer that turns it away.
    pub fn admit(&self, who: [u8; 32], now: Instant, req_id: &str) -> Result<(), Box<Response<Body>>> {
        if self.take(who, now) {
            return Ok(());
        }
        let details = format!("exceeded limit of {} requests per second", self.a_second);
        let mut response = reply::failure(StatusCode::CONN_THROTTLED, details, req_id);
        // In whole seconds; within one the bucket is full again.
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        Err(Box::new(response))
    }

    fn take(&self, who: [u8; 32], now: Instant) -> bool {
        let full = f64::from(self.a_second.get());
        let mut buckets = self.buckets.lock();
        if buckets.len() >= MOST {
            // One that has rested for a second is full, and so as good as none.
            buckets.retain(|_, b| now.duration_since(b.seen).as_secs() < 1);
        }
        let bucket = buckets.entry(who).or_insert(Bucket { calls: full, seen: now });
        bucket.calls = (bucket.calls + now.duration_since(bucket.seen).as_secs_f64() * full).min(full);
        bucket.seen = now;
        let any = bucket.calls >= 1.0;
        if any {
            bucket.calls -= 1.0;
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_empties_and_fills_for_each_credential_alone() {
        let limit = RateLimit::new(NonZeroU32::new(3).unwrap());
        let (start, a, b) = (Instant::now(), [1; 32], [2; 32]);
        let taken = |who, ms| limit.take(who, start + Duration::from_millis(ms));
        assert_eq!([0, 0, 0, 0].map(|ms| taken(a, ms)), [true, true, true, false]);
        assert!(taken(b, 0));
        assert_eq!([334, 334, 667, 667].map(|ms| taken(a, ms)), [true, false, true, false]);
        assert_eq!([9000, 9000, 9000, 9000].map(|ms| taken(a, ms)), [true, true, true, false]);
    }
}
