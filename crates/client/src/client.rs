//! A client: where to send, as whom, and under which policies.

use crate::retry::{Attempt, Decision};
use crate::transport::{Reply, Shared};
use crate::{Cancel, Error, RetryPolicy, Throttle, runtime};
use bytes::Bytes;
use futures::future::{Either, select};
use http::HeaderValue;
use http::header::AUTHORIZATION;
use labelscope_api::{ApiError, Effect, Operation};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::rc::Rc;

/// As whom calls are made.
#[derive(Clone, Default)]
pub enum Auth {
    /// By the session's cookie, which the browser sends along.
    #[default]
    Session,
    /// By a token.
    Key(SecretString),
}

impl Auth {
    /// By a token.
    pub fn key(token: impl Into<String>) -> Self {
        Self::Key(SecretString::from(token.into()))
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Session => "Session",
            Self::Key(_) => "Key(…)",
        })
    }
}

/// How calls are sent.
#[derive(Clone, Debug)]
pub struct Policies {
    /// May a call be sent again?
    pub retry: RetryPolicy,
    /// When may it be sent at all?
    pub throttle: Option<Rc<Throttle>>,
    /// One attempt may take so long.
    pub timeout_ms: u64,
}

impl Policies {
    /// The defaults for where a client sends: the platform's own host bears 15 requests a second of one user, and so
    /// many are sent; any other is not throttled.
    ///
    /// ```
    /// use labelscope_client::Policies;
    /// assert!(Policies::for_base("https://api.clarifai.com").throttle.is_some());
    /// assert!(Policies::for_base("http://127.0.0.1:8080").throttle.is_none());
    /// ```
    #[must_use]
    pub fn for_base(url: &str) -> Self {
        let host = url.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_ascii_lowercase));
        let platform = host.as_deref() == Some("api.clarifai.com");
        Self { throttle: platform.then(|| Rc::new(Throttle::new(15.0, 1.0))), ..Self::default() }
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self { retry: RetryPolicy::default(), throttle: None, timeout_ms: 60_000 }
    }
}

/// Sends operations. Clones share the throttle.
#[derive(Clone)]
pub struct Client {
    base: Rc<str>,
    auth: Auth,
    transport: Shared,
    policies: Policies,
    cancel: Option<Cancel>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.base).field("auth", &self.auth).finish_non_exhaustive()
    }
}

impl Client {
    /// A client for the API below `base`, such as `http://127.0.0.1:8080`, under [`Policies::for_base`].
    #[must_use]
    pub fn new(base: &str, auth: Auth, transport: Shared) -> Self {
        let policies = Policies::for_base(base);
        Self { base: base.trim_end_matches('/').into(), auth, transport, policies, cancel: None }
    }

    /// The same client, and everything that comes from it, under a handle that ends it.
    ///
    /// ```no_run
    /// # async fn f(client: labelscope_client::Client) {
    /// use labelscope_client::Cancel;
    /// let cancel = Cancel::new();
    /// let app = client.with_cancel(&cancel).app("me", "demo");
    /// cancel.cancel();
    /// assert!(app.get().await.is_err_and(|e| e.is_cancelled()));
    /// # }
    /// ```
    #[must_use]
    pub fn with_cancel(&self, cancel: &Cancel) -> Self {
        Self { cancel: Some(cancel.clone()), ..self.clone() }
    }

    /// Waits, unless the client's handle is cancelled before.
    pub(crate) async fn pause(&self, ms: u64) -> Result<(), Error> {
        let sleep = async {
            runtime::sleep_ms(ms).await;
            Ok(())
        };
        match &self.cancel {
            Some(cancel) => cancel.guard(sleep).await,
            None => sleep.await,
        }
    }

    /// The same client under other policies.
    #[must_use]
    pub fn with_policies(mut self, policies: Policies) -> Self {
        self.policies = policies;
        self
    }

    /// Where calls go.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Sends an operation and gives its reply. Mixed success is a reply: look at the items' own statuses.
    ///
    /// # Errors
    /// See [`Error`]'s predicates. Dropping the future aborts the request.
    pub async fn send<O: Operation>(&self, op: &O) -> Result<O::Reply, Error> {
        let reply = self.send_raw(op.request(&self.base)?, op.effect()).await?;
        Ok(O::reply(reply.status, &reply.body)?)
    }

    /// Sends a request under the client's policies and gives the answer as it came, if the API did not refuse it in a
    /// way that asks for another attempt.
    ///
    /// # Errors
    /// When no answer came within the policies.
    pub async fn send_raw(&self, request: http::Request<Bytes>, effect: Effect) -> Result<Reply, Error> {
        match &self.cancel {
            Some(cancel) => cancel.guard(self.attempts(request, effect)).await,
            None => self.attempts(request, effect).await,
        }
    }

    async fn attempts(&self, mut request: http::Request<Bytes>, effect: Effect) -> Result<Reply, Error> {
        if let Auth::Key(token) = &self.auth
            && let Ok(mut value) = HeaderValue::from_str(&format!("Key {}", token.expose_secret()))
        {
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        let begun = runtime::now_ms();
        let mut made = 0;
        loop {
            if let Some(throttle) = &self.policies.throttle {
                let wait = throttle.reserve(runtime::now_ms());
                if wait > 0 {
                    runtime::sleep_ms(wait).await;
                }
            }
            let outcome = self.attempt(clone_of(&request)).await;
            made += 1;
            let attempt = judge(&outcome);
            let elapsed = (runtime::now_ms() - begun).max(0.0) as u64;
            match self.policies.retry.decide(effect, attempt, made, elapsed, runtime::jitter()) {
                Decision::Again(pause) => runtime::sleep_ms(pause).await,
                Decision::GiveUp => return outcome,
            }
        }
    }

    async fn attempt(&self, request: http::Request<Bytes>) -> Result<Reply, Error> {
        let timeout = self.policies.timeout_ms;
        let sleep = std::pin::pin!(runtime::sleep_ms(timeout));
        match select(self.transport.send(request), sleep).await {
            Either::Left((outcome, _)) => Ok(outcome?),
            Either::Right(((), _)) => Err(Error::timeout(timeout)),
        }
    }
}

fn clone_of(request: &http::Request<Bytes>) -> http::Request<Bytes> {
    let mut copy = http::Request::new(request.body().clone());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    copy.headers_mut().clone_from(request.headers());
    copy
}

/// How an attempt went, as the retry policy sees it.
fn judge(outcome: &Result<Reply, Error>) -> Attempt {
    match outcome {
        Err(e) if e.is_network() => {
            if e.was_not_sent() {
                Attempt::NotSent
            } else {
                Attempt::Lost
            }
        }
        Err(e) if e.is_timeout() => Attempt::Lost,
        Err(_) => Attempt::Final,
        Ok(reply) if reply.status < 300 && !mentions_throttling(&reply.body) => Attempt::Final,
        Ok(reply) => {
            let error: Error = ApiError::unreadable(reply.status, &reply.body, &"").into();
            if error.is_throttled() {
                Attempt::Throttled(reply.retry_after_ms)
            } else if matches!(reply.status, 500 | 502 | 503 | 504) {
                Attempt::ServerFailed
            } else {
                Attempt::Final
            }
        }
    }
}

/// A cheap look, so that large replies are not parsed twice: the status stands at the beginning.
fn mentions_throttling(body: &[u8]) -> bool {
    let head = body.get(..200.min(body.len())).unwrap_or_default();
    [b"11003", b"11004", b"11005", b"11006"].iter().any(|code| head.windows(5).any(|w| w == *code))
}
