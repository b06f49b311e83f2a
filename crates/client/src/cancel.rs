//! Giving up from outside: one handle ends whatever waits under it.

use crate::Error;
use futures::future::{Either, select};
use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

/// Ends calls, pauses, retries, polls and paging of every client that was made with it
/// ([`Client::with_cancel`](crate::Client::with_cancel)). Clones are the same handle, and any thread may cancel.
///
/// ```
/// let cancel = labelscope_client::Cancel::new();
/// let handle = cancel.clone();
/// handle.cancel();
/// assert!(cancel.is_cancelled());
/// ```
#[derive(Clone, Default)]
pub struct Cancel(Arc<Inner>);

#[derive(Default)]
struct Inner {
    cancelled: AtomicBool,
    next: AtomicU64,
    wakers: Mutex<BTreeMap<u64, Waker>>,
}

impl Cancel {
    /// A handle that is not cancelled yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels, once and for ever: what waits ends with an error that says so
    /// ([`Error::is_cancelled`]), and so does what begins later.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        for (_, waker) in std::mem::take(&mut *self.wakers()) {
            waker.wake();
        }
    }

    /// Was it cancelled?
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// Comes back when it is cancelled.
    pub async fn cancelled(&self) {
        let place = Place { cancel: self, key: self.0.next.fetch_add(1, Ordering::Relaxed) };
        poll_fn(|cx| {
            // Noted first and asked after, so that a call of `cancel` between the two is not missed.
            self.wakers().insert(place.key, cx.waker().clone());
            if self.is_cancelled() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Runs a future until it is done or this is cancelled; then it is dropped.
    ///
    /// # Errors
    /// Those of the future, and a cancelled one.
    pub async fn guard<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match select(pin!(self.cancelled()), pin!(future)).await {
            Either::Left(((), _)) => Err(Error::cancelled()),
            Either::Right((outcome, _)) => outcome,
        }
    }

    fn wakers(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Waker>> {
        self.0.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the wakers, given back when its owner stops waiting.
struct Place<'a> {
    cancel: &'a Cancel,
    key: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.cancel.wakers().remove(&self.key);
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cancel({})", self.is_cancelled())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn it_ends_what_waits_and_keeps_no_waker() {
        let cancel = Cancel::new();
        let mut waiting = Box::pin(cancel.guard(std::future::pending::<Result<(), Error>>()));
        assert!((&mut waiting).now_or_never().is_none());
        assert_eq!(cancel.wakers().len(), 1);
        cancel.clone().cancel();
        assert!(waiting.now_or_never().is_some_and(|o| o.is_err_and(|e| e.is_cancelled())));
        assert!(cancel.wakers().is_empty());
        assert!(cancel.guard(async { Ok(1) }).now_or_never().is_some_and(|o| o.is_err()));
        let other = Cancel::new();
        assert!(other.guard(async { Ok(1) }).now_or_never().is_some_and(|o| o.is_ok_and(|n| n == 1)));
        assert!(other.wakers().is_empty());
    }
}
