//! Waiting for what takes time.

use crate::Error;
use std::future::Future;

/// What a look at a job tells. "The look failed" and "the job failed" are different things: the latter is a finding.
#[derive(Debug)]
pub enum Poll<P, T> {
    /// It goes on; this is how far it is.
    InProgress(P),
    /// It is over, well or not.
    Done(T),
}

/// When to look again. No jitter: looks of one caller do not pile up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poller {
    /// The first pause, in milliseconds.
    pub first_ms: u64,
    /// The longest pause.
    pub max_ms: u64,
    /// Looks in a row that may fail.
    pub failures: u32,
}

impl Default for Poller {
    fn default() -> Self {
        Self { first_ms: 200, max_ms: 5000, failures: 5 }
    }
}

impl Poller {
    /// The pause before look number `made` + 1: half as long again each time.
    #[must_use]
    pub fn pause_ms(&self, made: u32) -> u64 {
        let grown = self.first_ms as f64 * 1.5f64.powi(made.min(60).cast_signed());
        (grown as u64).min(self.max_ms)
    }

    /// Looks until it is over. `seen` gets each progress and says whether to go on; `sleep` waits.
    ///
    /// # Errors
    /// When `seen` says no, with a cancelled error; when too many looks in a row fail, with the last failure; at once
    /// where looking again cannot help.
    pub async fn until_done<P, T, L: Future<Output = Result<Poll<P, T>, Error>>, S: Future<Output = ()>>(
        &self,
        mut look: impl FnMut() -> L,
        mut seen: impl FnMut(P) -> bool,
        mut sleep: impl FnMut(u64) -> S,
    ) -> Result<T, Error> {
        let (mut made, mut failed) = (0, 0);
        loop {
            match look().await {
                Ok(Poll::Done(done)) => return Ok(done),
                Ok(Poll::InProgress(progress)) => {
                    failed = 0;
                    if !seen(progress) {
                        return Err(Error::cancelled());
                    }
                }
                Err(error) => {
                    failed += 1;
                    let hopeless =
                        error.is_not_found() || error.is_unauthorized() || error.is_invalid() || error.is_cancelled();
                    if hopeless || failed > self.failures {
                        return Err(error);
                    }
                }
            }
            sleep(self.pause_ms(made)).await;
            made += 1;
        }
    }
}
