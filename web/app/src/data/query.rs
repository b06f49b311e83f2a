//! A reply as a signal.

use super::{Context, client, context, current, own};
use futures::channel::oneshot;
use labelscope_api::Operation;
use labelscope_client::{Client, Error};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Replies that are kept at most.
const KEPT: usize = 200;

thread_local! {
    static CACHE: RefCell<HashMap<String, Arc<dyn Any + Send + Sync>>> = RefCell::default();
}

/// A reply that follows its operation and the server's changes.
pub(crate) struct Query<T: Send + Sync + 'static> {
    /// The reply; an older one is shown while a newer is fetched.
    pub value: RwSignal<Option<Arc<T>>>,
    /// Why there is none, or no newer one.
    pub error: RwSignal<Option<Arc<Error>>>,
}

impl<T: Send + Sync + 'static> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Query<T> {}

/// The key of an operation: where it goes, its method, address and body.
fn key<O: Operation>(op: &O, client: &Client) -> Option<String> {
    let request = op.request(client.base()).ok()?;
    Some(format!("{} {} {}", request.method(), request.uri(), String::from_utf8_lossy(request.body())))
}

/// Fetches what `op` asks for, again whenever that or the server's data changes. `None` asks for nothing, and so does an
/// extension of the API where the page works on another server than its own.
pub(crate) fn query<O>(op: impl Fn() -> Option<O> + 'static) -> Query<O::Reply>
where
    O: Operation + 'static,
    O::Reply: Send + Sync + 'static,
{
    let extension = O::META.path().starts_with("/labelscope/");
    ask(client, move || if extension && current().is_some() { None } else { op() })
}

/// The same, asked of the page's own server whatever it works on.
pub(crate) fn query_own<O>(op: impl Fn() -> Option<O> + 'static) -> Query<O::Reply>
where
    O: Operation + 'static,
    O::Reply: Send + Sync + 'static,
{
    ask(own, op)
}

fn ask<O>(client: fn() -> Client, op: impl Fn() -> Option<O> + 'static) -> Query<O::Reply>
where
    O: Operation + 'static,
    O::Reply: Send + Sync + 'static,
{
    let context = context();
    let query = Query { value: RwSignal::new(None), error: RwSignal::new(None) };
    let asked = StoredValue::new(0u32);
    Effect::new(move |before: Option<Option<String>>| {
        let revision = context.revision.get();
        let op = op();
        let client = client();
        let key = op.as_ref().and_then(|op| key(op, &client));
        let number = asked.try_update_value(|n| {
            *n += 1;
            *n
        });
        if before != Some(key.clone()) {
            // Another question: what is at hand of its answer, or nothing.
            let kept = key.as_ref().and_then(|k| CACHE.with(|c| c.borrow().get(k).cloned()));
            query.value.set(kept.and_then(|v| v.downcast::<O::Reply>().ok()));
            query.error.set(None);
        }
        if let (Some(op), Some(number), Some(key)) = (op, number, key.clone()) {
            spawn_local(async move {
                // An answer from before a change must not stand for one after it.
                let outcome = shared(&client, &format!("{revision} {key}"), op).await;
                // A newer question has been asked, or the page is gone.
                if asked.try_get_value() != Some(number) {
                    return;
                }
                note(context, &client, outcome.as_ref().err().map(Arc::as_ref));
                match outcome {
                    Ok(reply) => {
                        keep(key, reply.clone());
                        query.value.try_set(Some(reply));
                        query.error.try_set(None);
                    }
                    Err(error) => {
                        query.error.try_set(Some(error));
                    }
                }
            });
        }
        key
    });
    query
}

type Outcome = Result<Arc<dyn Any + Send + Sync>, Arc<Error>>;

thread_local! {
    /// Who waits for a call that is under way, by its key.
    static UNDER_WAY: RefCell<HashMap<String, Vec<oneshot::Sender<Outcome>>>> = RefCell::default();
}

/// Sends the operation, or waits for the answer to the same one that is under way.
async fn shared<O>(client: &Client, key: &str, op: O) -> Result<Arc<O::Reply>, Arc<Error>>
where
    O: Operation + 'static,
    O::Reply: Send + Sync + 'static,
{
    let waiting = UNDER_WAY.with(|u| {
        let mut under_way = u.borrow_mut();
        if let Some(waiting) = under_way.get_mut(key) {
            let (tell, told) = oneshot::channel();
            waiting.push(tell);
            return Some(told);
        }
        under_way.insert(key.to_owned(), Vec::new());
        None
    });
    if let Some(told) = waiting
        && let Ok(outcome) = told.await
    {
        return match outcome {
            Ok(reply) => reply.downcast::<O::Reply>().map_err(|_| Arc::new(Error::cancelled())),
            Err(error) => Err(error),
        };
    }
    let outcome = client.send(&op).await.map(Arc::new).map_err(Arc::new);
    let waiting = UNDER_WAY.with(|u| u.borrow_mut().remove(key)).unwrap_or_default();
    for tell in waiting {
        let _ = tell.send(outcome.clone().map(|reply| reply as Arc<dyn Any + Send + Sync>));
    }
    outcome
}

fn keep(key: String, value: Arc<dyn Any + Send + Sync>) {
    CACHE.with(|c| {
        let mut cache = c.borrow_mut();
        if cache.len() >= KEPT {
            cache.clear();
        }
        cache.insert(key, value);
    });
}

/// Whether the server is there shows in the top bar; who is not signed in at the page's own is asked to.
fn note(context: Context, client: &Client, error: Option<&Error>) {
    context.connected.try_set(!error.is_some_and(Error::is_network));
    if error.is_some_and(Error::is_unauthorized)
        && client.base() == own().base()
        && let Some(location) = web_sys::window().map(|w| w.location())
        && location.pathname().is_ok_and(|p| p != "/sign-in")
    {
        let _ = location.set_href("/sign-in");
    }
}

/// Sends an operation that writes; what is shown is refreshed after it.
pub(crate) async fn mutate<O: Operation>(context: Context, op: &O) -> Result<O::Reply, Error> {
    write(context, client(), op, None::<fn()>).await
}

/// The same, sent to the page's own server whatever it works on.
pub(crate) async fn mutate_own<O: Operation>(context: Context, op: &O) -> Result<O::Reply, Error> {
    write(context, own(), op, None::<fn()>).await
}

/// Sends an operation that takes away what is shown: the page leaves it first, and then the rest is refreshed.
pub(crate) async fn mutate_and_leave<O: Operation>(
    context: Context,
    op: &O,
    leave: impl FnOnce(),
) -> Result<O::Reply, Error> {
    write(context, client(), op, Some(leave)).await
}

async fn write<O: Operation>(
    context: Context,
    client: Client,
    op: &O,
    leave: Option<impl FnOnce()>,
) -> Result<O::Reply, Error> {
    let outcome = client.send(op).await;
    note(context, &client, outcome.as_ref().err());
    if outcome.is_ok() {
        if let Some(leave) = leave {
            leave();
            // What has been left ends before it is asked for once more.
            labelscope_client::sleep_ms(0).await;
        }
        context.revision.try_update(|n| *n += 1);
    }
    outcome
}
