//! Between pages and the client: replies that are kept, refreshed when the server tells of a change, and shown while they
//! are refreshed.

mod context;
mod events;
mod pages;
mod parts;
mod query;
mod ticks;
mod upload;

pub(crate) use context::{Context, context, provide, scope};
pub(crate) use events::listen;
pub(crate) use pages::Pages;
pub(crate) use parts::{Halt, begun, send_archive};
pub(crate) use query::{Query, mutate, mutate_and_leave, query};
pub(crate) use ticks::tick_while;
pub(crate) use upload::{post_media, put_file};

use labelscope_client::{Auth, Client, fetch};

/// The client of this page: its own origin, by the session's cookie.
pub(crate) fn client() -> Client {
    thread_local! {
        static CLIENT: Client = Client::new(&origin(), Auth::Session, fetch());
    }
    CLIENT.with(Clone::clone)
}

fn origin() -> String {
    web_sys::window().and_then(|w| w.location().origin().ok()).unwrap_or_default()
}
