//! The engine through its public face: calls in, answers out, on a database on disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod annotation_filters;
mod annotations;
mod apps;
mod concepts;
mod datasets;
mod docs;
mod history;
mod imports;
mod inputs;
mod kills;
mod past;
mod searches;
mod world;
