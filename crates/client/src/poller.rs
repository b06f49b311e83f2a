//! Waiting for what takes time.

use crate::{Client, Error};
use futures::future::LocalBoxFuture;
use std::fmt;
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

type Look<T> = Box<dyn Fn(Client) -> LocalBoxFuture<'static, Result<Poll<T, T>, Error>>>;

/// Something that takes time, and how to wait for it. Dropping the future of [`Waiter::wait`] stops looking; so does the
/// client's [`Cancel`](crate::Cancel). What is waited for goes on either way.
pub struct Waiter<T> {
    client: Client,
    look: Look<T>,
    poller: Poller,
    progress: Box<dyn FnMut(&T)>,
}

impl<T: 'static> Waiter<T> {
    pub(crate) fn new<F>(client: &Client, look: impl Fn(Client) -> F + 'static) -> Self
    where
        F: Future<Output = Result<Poll<T, T>, Error>> + 'static,
    {
        let look = Box::new(move |client| -> LocalBoxFuture<'static, _> { Box::pin(look(client)) });
        Self { client: client.clone(), look, poller: Poller::default(), progress: Box::new(|_| {}) }
    }

    /// Looks at other times.
    #[must_use]
    pub fn every(mut self, poller: Poller) -> Self {
        self.poller = poller;
        self
    }

    /// Calls `f` with what each look finds until it is over.
    #[must_use]
    pub fn on_progress(mut self, f: impl FnMut(&T) + 'static) -> Self {
        self.progress = Box::new(f);
        self
    }

    /// Waits until it is over, well or not: look at the status of what comes back.
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let version = app.dataset("d").version("v").ready();
    /// let version = version.on_progress(|v| println!("{:?}", v.status)).wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When looking fails for good; when it is cancelled.
    pub async fn wait(self) -> Result<T, Error> {
        let Self { client, look, poller, mut progress } = self;
        let seen = |state: T| {
            progress(&state);
            true
        };
        // A pause that was cancelled ends at once, and the look after it says why.
        let pause = |ms| {
            let client = client.clone();
            async move { client.pause(ms).await.unwrap_or_default() }
        };
        poller.until_done(|| look(client.clone()), seen, pause).await
    }
}

impl<T> fmt::Debug for Waiter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").field("poller", &self.poller).finish_non_exhaustive()
    }
}
