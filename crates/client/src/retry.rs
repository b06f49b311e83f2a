//! May a call be sent again, and when?

use labelscope_api::Effect;

/// How an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It provably never left this computer.
    NotSent,
    /// It left, and no answer came: nobody knows what it did.
    Lost,
    /// The server is busy and did nothing. It may have said how long to wait, in milliseconds.
    Throttled(Option<u64>),
    /// The server failed on its side (HTTP 500, 502, 503, 504).
    ServerFailed,
    /// An answer that will be the same next time.
    Final,
}

/// What to do after an attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Send again after so many milliseconds.
    Again(u64),
    /// Give the failure to the caller.
    GiveUp,
}

/// When to send again. A value: the loop around it has the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included.
    pub attempts: u32,
    /// The longest pause before the second attempt, in milliseconds; doubled with each further one.
    pub base_ms: u64,
    /// The longest pause of all.
    pub max_ms: u64,
    /// No attempt begins later than this after the first.
    pub total_ms: u64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 4, base_ms: 300, max_ms: 15_000, total_ms: 45_000 }
    }
}

impl RetryPolicy {
    /// Sends once.
    #[must_use]
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// Decides after attempt number `made` (from 1) failed, `elapsed_ms` after the first began. `jitter` lies in 0..1 and
    /// spreads callers that failed together. A pause that would outlast the budget is not begun.
    #[must_use]
    pub fn decide(&self, effect: Effect, attempt: Attempt, made: u32, elapsed_ms: u64, jitter: f64) -> Decision {
        let allowed = match attempt {
            Attempt::NotSent | Attempt::Throttled(_) => true,
            Attempt::Lost | Attempt::ServerFailed => effect != Effect::Once,
            Attempt::Final => false,
        };
        if !allowed || made >= self.attempts {
            return Decision::GiveUp;
        }
        let ceiling = self.base_ms.saturating_mul(1 << made.min(20).saturating_sub(1)).min(self.max_ms);
        let backoff = (ceiling as f64 * jitter.clamp(0.0, 1.0)) as u64;
        let pause = match attempt {
            Attempt::Throttled(Some(asked)) => asked.max(backoff),
            _ => backoff,
        };
        if elapsed_ms.saturating_add(pause) >= self.total_ms { Decision::GiveUp } else { Decision::Again(pause) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const P: RetryPolicy = RetryPolicy { attempts: 4, base_ms: 100, max_ms: 1000, total_ms: 5000 };

    #[test]
    fn what_may_work_twice_is_sent_again_only_if_it_never_left() {
        use Attempt::{Final, Lost, NotSent, ServerFailed, Throttled};
        for (effect, attempt, again) in [
            (Effect::Once, NotSent, true),
            (Effect::Once, Lost, false),
            (Effect::Once, ServerFailed, false),
            (Effect::Once, Throttled(None), true),
            (Effect::Idempotent, Lost, true),
            (Effect::Read, ServerFailed, true),
            (Effect::Read, Final, false),
        ] {
            assert_eq!(P.decide(effect, attempt, 1, 0, 0.5) != Decision::GiveUp, again, "{effect:?} {attempt:?}");
        }
    }

    #[test]
    fn pauses_double_and_end() {
        let pause = |made| P.decide(Effect::Read, Attempt::Lost, made, 0, 1.0);
        assert_eq!([pause(1), pause(2), pause(3)], [Decision::Again(100), Decision::Again(200), Decision::Again(400)]);
        assert_eq!(pause(4), Decision::GiveUp);
        assert_eq!(P.decide(Effect::Read, Attempt::Throttled(Some(3000)), 1, 0, 0.1), Decision::Again(3000));
        assert_eq!(P.decide(Effect::Read, Attempt::Throttled(Some(3000)), 1, 2500, 0.1), Decision::GiveUp);
    }

    proptest! {
        #[test]
        fn never_beyond_the_budget(made in 1u32..200, elapsed in 0u64..10_000, jitter in 0f64..1.0) {
            if let Decision::Again(pause) = P.decide(Effect::Read, Attempt::Lost, made, elapsed, jitter) {
                prop_assert!(made < P.attempts && elapsed + pause < P.total_ms && pause <= P.max_ms);
            }
        }
    }
}
