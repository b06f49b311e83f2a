//! The server from outside: through its router, and as a process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod files;
mod kills;
mod way;
mod world;
