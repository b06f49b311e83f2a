//! The engine through its public face: calls in, answers out, on a database on disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod annotation_filters;
mod annotations;
mod apps;
mod archives;
mod care;
mod concept_searches;
mod concepts;
mod datasets;
mod disk;
mod docs;
mod evaluations;
mod exports;
mod fetch;
mod history;
mod imports;
mod inputs;
mod inputs_patch;
mod kills;
mod languages;
mod mappings;
mod metrics;
mod migration;
mod models;
mod past;
mod purge;
mod relations;
mod search_filters;
mod search_index;
mod searches;
mod status_codes;
mod versions;
mod world;
