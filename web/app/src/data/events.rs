//! The server tells what was written and which job has moved.

use super::Context;
use labelscope_api::extensions::EVENTS_PATH;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::EventSource;

/// Changes that come in a burst are looked at once in this time.
const PAUSE_MS: u64 = 700;

/// The first page comes first: on a slow line, a connection more would hold it up.
const DELAY_MS: u64 = 1500;

thread_local! {
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Listens as long as the page lives, a moment after it began; once, whatever it works on meanwhile.
pub(crate) fn listen(context: Context) {
    if LISTENING.replace(true) {
        return;
    }
    spawn_local(async move {
        labelscope_client::sleep_ms(DELAY_MS).await;
        connect(context);
    });
}

/// Connects; after a break the browser connects again by itself.
fn connect(context: Context) {
    let Ok(source) = EventSource::new(EVENTS_PATH) else { return };
    on(&source, "revision", raise_slowly(context.revision));
    on(&source, "job", raise_slowly(context.jobs));
    on(&source, "open", move || {
        context.connected.try_set(true);
        // What was written while nobody listened.
        if super::is_own() {
            context.revision.try_update(|n| *n += 1);
        }
    });
    on(&source, "error", move || {
        context.connected.try_set(false);
    });
    // One connection for the life of the page.
    std::mem::forget(source);
}

fn on(source: &EventSource, name: &str, f: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(f);
    let _ = source.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// How often something in work is looked at where nobody tells how far it is.
const LOOK_MS: u64 = 3000;

/// Looks at jobs again and again while something is in work at a server that tells no news.
pub(crate) fn look_while(context: Context, busy: impl Fn() -> bool + Send + Sync + 'static) {
    let busy = Memo::new(move |_| !super::is_own() && busy());
    Effect::new(move |_| {
        if busy.get() {
            spawn_local(async move {
                labelscope_client::sleep_ms(LOOK_MS).await;
                while busy.try_get_untracked() == Some(true) {
                    context.jobs.try_update(|n| *n += 1);
                    labelscope_client::sleep_ms(LOOK_MS).await;
                }
            });
        }
    });
}

/// Raises a signal at once, and then at most once in a while.
fn raise_slowly(signal: RwSignal<u32>) -> impl FnMut() {
    let waiting = Rc::new(Cell::new(false));
    let again = Rc::new(Cell::new(false));
    move || {
        // The own server's news say nothing of another.
        if !super::is_own() {
            return;
        }
        if waiting.get() {
            again.set(true);
            return;
        }
        signal.try_update(|n| *n += 1);
        waiting.set(true);
        let (waiting, again) = (waiting.clone(), again.clone());
        spawn_local(async move {
            labelscope_client::sleep_ms(PAUSE_MS).await;
            waiting.set(false);
            if again.replace(false) {
                signal.try_update(|n| *n += 1);
            }
        });
    }
}
