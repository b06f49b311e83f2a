//! The mathematics of evaluation: pure functions over plain numbers, natively and in wasm.
//!
//! What is undefined stays undefined: a ratio of 0 to 0 is `None`, never 0.

pub mod classification;
pub mod comparison;
mod counts;
pub mod detection;
pub mod hierarchy;
mod matrix;
mod mean;
mod test_set;
mod threshold;

pub use counts::Counts;
pub use matrix::Matrix;
pub use mean::{Mean, mean, weighted_mean};
pub use test_set::{
    Content, Labels, NEGATIVE, Named, Objects, POSITIVE, Prediction, TestInput, TestSet, Truth, UNKNOWN, ranks_by_id,
};
pub use threshold::{Cut, Threshold};
