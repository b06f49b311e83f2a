//! The engine through its public face: calls in, answers out, on a database on disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod add_jobs;
mod annotation_filters;
mod annotations;
mod apps;
mod archives;
mod bulk_operations;
mod concept_searches;
mod concepts;
mod data_sources;
mod datasets;
mod docs;
mod duplications;
mod evaluations;
mod exports;
mod extraction;
mod fetch;
mod history;
mod imports;
mod inputs;
mod inputs_patch;
mod kills;
mod languages;
mod mappings;
mod metrics;
mod models;
mod past;
mod relations;
mod search_filters;
mod search_index;
mod searches;
mod status_codes;
mod steps;
mod uploads;
mod versions;
mod world;
