//! The engine through its public face: calls in, answers out, on a database on disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod annotations;
mod apps;
mod concepts;
mod datasets;
mod docs;
mod evaluations;
mod history;
mod imports;
mod inputs;
mod kills;
mod models;
mod past;
mod status_codes;
mod world;
