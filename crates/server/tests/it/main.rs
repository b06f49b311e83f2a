//! The server from outside: through its router, and as a process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod backup;
mod connections;
mod eval;
mod fetch;
mod files;
mod gateway;
mod gateway_media;
mod gateway_refusals;
mod gateway_streams;
mod junk;
mod kills;
mod limits;
mod logs;
mod metrics;
mod other;
mod places;
mod platform;
mod sources;
mod store;
mod tokens;
mod way;
mod world;
