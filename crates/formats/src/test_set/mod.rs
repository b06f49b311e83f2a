//! A piece of a test set as bytes: a length, a head as JSON, then columns of little-endian numbers. Scores and boxes are
//! f64, since figures must come out of it as they would from the database.

mod of_coco;
mod of_scores;
mod read;
mod write;

pub use of_coco::{OfCoco, truth_of_coco};
pub use of_scores::of_scores;
pub use read::{TestSetError, decode};
pub use write::encode;

use labelscope_metrics::{Named, TestInput};
use serde::{Deserialize, Serialize};

/// The first bytes of every piece; the number is the format's version.
const MAGIC: &[u8; 8] = b"LSTEST01";

/// What is not a column.
#[derive(Serialize, Deserialize)]
struct Head {
    /// `labels` or `objects`.
    kind: String,
    /// Id and name.
    concepts: Vec<(String, String)>,
    /// Id, URL, width, height, whether it is predicted.
    inputs: Vec<(String, String, u32, u32, bool)>,
    truth: usize,
    predictions: usize,
    truth_ids: Vec<String>,
    prediction_ids: Vec<String>,
}

fn concept((id, name): (String, String)) -> Named {
    Named { id, name }
}

fn input((id, url, width, height, predicted): (String, String, u32, u32, bool)) -> TestInput {
    TestInput { id, url, width, height, predicted }
}

#[cfg(test)]
mod tests;
