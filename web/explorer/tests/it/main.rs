//! The views of evaluations, as the worker gives them, on real predictions and beside their references.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::needless_pass_by_value
)]

mod answers;
mod compare;
mod data;
mod detections;
mod labels;
mod pairs;
mod replies;
