//! The server from outside: through its router, and as a process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod fetch;
mod files;
mod kills;
mod limits;
mod other;
mod places;
mod sources;
mod store;
mod way;
mod world;
