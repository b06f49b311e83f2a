//! The server from outside: through its router, and as a process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod connections;
mod fetch;
mod files;
mod gateway;
mod gateway_media;
mod gateway_refusals;
mod gateway_streams;
mod kills;
mod limits;
mod other;
mod platform;
mod tokens;
mod way;
mod world;
