//! Between pages and the client: replies that are kept, refreshed when the server tells of a change, and shown while they
//! are refreshed.

mod connection;
mod context;
mod events;
mod pages;
mod parts;
mod query;
mod ticks;
mod upload;

pub(crate) use connection::{
    add_direct, client, client_of, current, direct, enter, forget, is_direct, is_own, media, own,
};
pub(crate) use context::{Context, context, provide, scope, user};
pub(crate) use events::{listen, look_while};
pub(crate) use pages::Pages;
pub(crate) use parts::{Halt, begun, send_archive};
pub(crate) use query::{Query, mutate, mutate_and_leave, mutate_own, query, query_own};
pub(crate) use ticks::{tick_to_end, tick_while};
pub(crate) use upload::{post_media, put_file};
