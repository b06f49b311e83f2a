//! Predictions of models, read one by one: COCO results, tables of scores as CSV, and JSON as the Clarifai API answers it.
//!
//! Which input and which concept a name means is for the reader's caller to find out; shapes and values are checked here.

mod clarifai;
mod coco_results;
mod csv;
mod json;
#[cfg(test)]
mod tests;

use crate::coco::convert::{Misfit, describe, misfit};
use crate::coco::{Error, Segmentation};
use labelscope_api::messages::RegionInfo;
use labelscope_api::wire::Struct;
use serde_json::Value;
use std::fmt;
use std::io::Read;

/// How a file spells predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A list of `{image_id, category_id, bbox or segmentation, score}`, as pycocotools loads it.
    CocoResults,
    /// One score a line (`input_id,concept_id,score`), or one input a line with a column for each concept.
    Csv,
    /// Annotations, outputs of a model, or the test set of an evaluation, as the Clarifai API answers them.
    Clarifai,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CocoResults, Self::Csv, Self::Clarifai];

    /// Its name in an import.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CocoResults => "coco_results",
            Self::Csv => "csv",
            Self::Clarifai => "clarifai",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }

    /// What the first bytes of a file tell; 64 kB are plenty. `None` for a list of other things.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let at = |key: &[u8]| head.windows(key.len()).position(|w| w == key);
        match head.first() {
            Some(b'{') => Some(Self::Clarifai),
            Some(b'[') => {
                let clarifai = [&br#""input_id""#[..], br#""inputId""#, br#""input""#].into_iter().filter_map(at).min();
                match (at(br#""image_id""#), clarifai) {
                    (Some(coco), Some(other)) if other < coco => Some(Self::Clarifai),
                    (Some(_), _) => Some(Self::CocoResults),
                    (None, Some(_)) => Some(Self::Clarifai),
                    (None, None) => None,
                }
            }
            _ => Some(Self::Csv),
        }
    }
}

/// What a file calls an input or a concept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Name {
    /// A number, as in COCO files.
    Number(i64),
    /// An id or a name.
    Text(String),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => n.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// How sure a model is of a concept.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The concept's id.
    pub concept: Name,
    /// Its name, where the file tells both; else empty.
    pub name: String,
    /// From 0 to 1.
    pub value: f64,
}

/// What a prediction speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// The input as a whole.
    Whole,
    /// An object, in pixels. At least one of both is there.
    Pixels {
        /// Left, top, width, height.
        bbox: Option<[f64; 4]>,
        /// Its outline or mask.
        segmentation: Option<Segmentation>,
    },
    /// An object, as the API has it.
    Region {
        /// In fractions of the input.
        info: Box<RegionInfo>,
        /// The pixels behind it, where the file came from a server that keeps them.
        exact: Option<Struct>,
    },
}

/// One prediction: of an object, or of an input as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Where it stands: `[12]`, `outputs[3].data.regions[0]`, `line 7`.
    pub place: String,
    /// Of which input.
    pub input: Name,
    /// At least one.
    pub scores: Vec<Score>,
    /// Of what in it.
    pub shape: Shape,
}

/// Reads a whole file and hands on each prediction, in the order of the file. An error of `each` ends the reading. Gives how
/// many there were; a file without any is refused.
pub fn read(
    format: Format,
    reader: impl Read,
    each: &mut dyn FnMut(Prediction) -> Result<(), Error>,
) -> Result<usize, Error> {
    let mut count = 0;
    let mut counted = |prediction| {
        count += 1;
        each(prediction)
    };
    match format {
        Format::CocoResults => coco_results::read(reader, &mut counted)?,
        Format::Csv => csv::read(reader, &mut counted)?,
        Format::Clarifai => clarifai::read(reader, &mut counted)?,
    }
    if count == 0 {
        return Err(Error::at("", "the file holds no predictions"));
    }
    Ok(count)
}

/// What does not fit in an item, as an error at its place.
fn misplaced(place: &str, found: Misfit) -> Error {
    Error::at(format!("{place}{}", found.field), found.reason)
}

/// A score from JSON.
fn score(field: &str, value: Option<&Value>) -> Result<f64, Misfit> {
    match value {
        None | Some(Value::Null) => misfit(field, "is missing: each prediction needs its score, 0 too"),
        Some(value) => match value.as_f64().filter(|n| is_score(*n)) {
            Some(n) => Ok(n),
            None => misfit(field, format!("must be a number from 0 to 1, but is {}", describe(value))),
        },
    }
}

fn is_score(n: f64) -> bool {
    (0.0..=1.0).contains(&n)
}
