//! Not more calls a second than the other side bears.

use std::sync::Mutex;

/// A bucket of tokens that fills with time. Shared by all clones of a client.
#[derive(Debug)]
pub struct Throttle {
    per_second: f64,
    burst: f64,
    state: Mutex<(f64, f64)>,
}

impl Throttle {
    /// So many calls a second, and at most `burst` at once. The platform's own limit is 15 a second.
    #[must_use]
    pub fn new(per_second: f64, burst: f64) -> Self {
        Self { per_second, burst, state: Mutex::new((burst, 0.0)) }
    }

    /// Takes a place at the time `now_ms` and gives the milliseconds to wait for it. Places are given in the order asked.
    #[must_use]
    pub fn reserve(&self, now_ms: f64) -> u64 {
        let Ok(mut state) = self.state.lock() else { return 0 };
        let (tokens, at) = *state;
        let filled = (tokens + (now_ms - at).max(0.0) / 1000.0 * self.per_second).min(self.burst);
        let left = filled - 1.0;
        *state = (left, now_ms.max(at));
        if left >= 0.0 { 0 } else { (-left / self.per_second * 1000.0).ceil() as u64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let t = Throttle::new(10.0, 3.0);
        let waits: Vec<u64> = (0..6).map(|_| t.reserve(1000.0)).collect();
        assert_eq!(waits, [0, 0, 0, 100, 200, 300]);
        assert_eq!(t.reserve(1400.0), 0);
        // A clock that steps back gives nothing away.
        assert_eq!(t.reserve(0.0), 100);
    }
}
