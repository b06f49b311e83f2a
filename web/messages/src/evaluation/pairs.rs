//! The inputs behind a number.

use serde::{Deserialize, Serialize};

/// What an entry of a pair turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairKind {
    /// Predicted, and true.
    TruePositive,
    /// Predicted, and not true.
    FalsePositive,
    /// True, and not predicted.
    FalseNegative,
    /// Neither; only where a whole input is looked at.
    TrueNegative,
    /// Matched with a crowd, or outside of the range of areas: neither right nor wrong.
    Ignored,
}

/// Which pairs are wanted; what is `None` or empty is not asked about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PairFilter {
    /// A cell of the matrix, or a row or column of it: truth and prediction; `Some(None)` is "none".
    #[serde(default, with = "side")]
    pub truth: Option<Option<u32>>,
    #[serde(default, with = "side")]
    pub predicted: Option<Option<u32>>,
    pub kinds: Vec<PairKind>,
    /// Pairs of this concept, on either side. Without a cell they are those that its row of figures counts: at the threshold,
    /// against the rest or matched within the concept.
    pub concept: Option<u32>,
    /// Kind of error, by [`super::ErrorKind::name`].
    pub error: Option<String>,
    /// Scores above the first up to the second, as bins of calibration have them; 0 is in the first bin.
    pub scores: Option<(f64, f64)>,
    /// Only this input.
    pub input: Option<u32>,
    /// Inputs whose id holds this.
    pub words: String,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairOrder {
    /// Surest first.
    #[default]
    Score,
    /// Least sure first.
    ScoreUp,
    /// Largest overlap first.
    Overlap,
    /// Largest loss first: where the label itself may be wrong.
    Loss,
    /// As the test set has them.
    Input,
}

/// An object in pixels.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    pub concept: u32,
    /// Left, top, width, height; all 0 for the input as a whole.
    pub bbox: [f64; 4],
    pub score: Option<f64>,
    pub crowd: bool,
    /// The annotation's id, where there is one.
    pub annotation: String,
}

/// Truth and prediction that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    pub input: u32,
    pub input_id: String,
    pub url: String,
    pub width: u32,
    pub height: u32,
    pub kind: PairKind,
    pub truth: Option<Shape>,
    pub prediction: Option<Shape>,
    pub iou: Option<f64>,
    /// −ln of the score that the truth was given, for inputs as wholes; of detections 1 − score × overlap of a match, the score
    /// of a false positive, 1 of what was missed.
    pub loss: f64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pairs {
    /// How many there are in all.
    pub total: u32,
    /// On so many inputs.
    pub inputs: u32,
    /// What they add up to in a cell of the matrix: as many as there are, but for inputs with several labels, where nobody knows
    /// which was taken for which, and each pair is a part.
    pub sum: f64,
    pub pairs: Vec<Pair>,
}

/// A side of a cell on its way: messages between page and worker know no difference between nothing and nothing in something.
mod side {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    const NONE: i64 = -1;

    #[allow(
        clippy::option_option,
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "as serde calls it"
    )]
    pub fn serialize<S: Serializer>(side: &Option<Option<u32>>, s: S) -> Result<S::Ok, S::Error> {
        side.map(|concept| concept.map_or(NONE, i64::from)).serialize(s)
    }

    #[allow(clippy::option_option, reason = "the field has this type")]
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Option<u32>>, D::Error> {
        Ok(Option::<i64>::deserialize(d)?.map(|concept| u32::try_from(concept).ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_in_a_cell_survives_the_way() {
        for (truth, predicted) in [(None, Some(None)), (Some(None), Some(Some(3))), (Some(Some(0)), None)] {
            let filter = PairFilter { truth, predicted, ..PairFilter::default() };
            let text = serde_json::to_string(&filter).unwrap();
            assert_eq!(serde_json::from_str::<PairFilter>(&text).unwrap(), filter, "{text}");
        }
    }
}
