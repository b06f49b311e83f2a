//! The mathematics of evaluation: pure functions over plain numbers, natively and in wasm.
//!
//! What is undefined stays undefined: a ratio of 0 to 0 is `None`, never 0.

mod counts;
mod ranking;

pub use counts::Counts;
pub use ranking::{average_precision, roc_auc};
