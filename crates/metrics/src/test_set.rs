//! What an evaluation is computed from: inputs, what is true of them, and what was predicted.

use labelscope_geometry::{PixelBox, Rle};

/// A concept is not on an input.
pub const NEGATIVE: u8 = 0;
/// A concept is on an input.
pub const POSITIVE: u8 = 1;
/// Nobody can tell: workers contradict each other, or absence says nothing. The pair is in no figure.
pub const UNKNOWN: u8 = 2;

/// A concept: its id, and its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// The API's id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// One input of a test set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TestInput {
    /// The API's id.
    pub id: String,
    /// Where its media is, or empty.
    pub url: String,
    /// In pixels; 0 where it is not known.
    pub width: u32,
    /// In pixels; 0 where it is not known.
    pub height: u32,
    /// The model version says something about it, be it that there is nothing.
    pub predicted: bool,
}

/// Labels of inputs as wholes: N inputs × C concepts, row by row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Labels {
    /// Scores; what was not predicted is 0.
    pub scores: Vec<f64>,
    /// [`NEGATIVE`], [`POSITIVE`] or [`UNKNOWN`].
    pub truth: Vec<u8>,
}

/// An object that is there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Truth {
    /// Position in the inputs.
    pub input: u32,
    /// Position in the concepts.
    pub concept: u32,
    /// In pixels.
    pub bbox: PixelBox,
    /// In pixels, as annotated: of the mask where there is one.
    pub area: f64,
    /// A region of many objects: predictions in it are neither right nor wrong.
    pub crowd: bool,
    /// Its outline, filled.
    pub mask: Option<Box<Rle>>,
    /// The annotation's id.
    pub id: String,
}

/// An object that was predicted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prediction {
    /// Position in the inputs.
    pub input: u32,
    /// Position in the concepts.
    pub concept: u32,
    /// In pixels.
    pub bbox: PixelBox,
    /// How sure the model is.
    pub score: f64,
    /// Its outline, filled.
    pub mask: Option<Box<Rle>>,
    /// The annotation's id.
    pub id: String,
}

/// Objects on inputs, by input and in their own order, which decides between equal scores.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Objects {
    /// What is there.
    pub truth: Vec<Truth>,
    /// What was predicted.
    pub predictions: Vec<Prediction>,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Classification.
    Labels(Labels),
    /// Detection.
    Objects(Objects),
}

/// A test set.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSet {
    /// All concepts that are true or predicted somewhere, most labelled first.
    pub concepts: Vec<Named>,
    /// In the order of the dataset version.
    pub inputs: Vec<TestInput>,
    /// Labels or objects.
    pub content: Content,
}

/// The rank of each concept in the order of ids: of equal scores the concept of the lowest rank is the surest, whatever
/// the order in which concepts stand.
#[must_use]
pub fn ranks_by_id(concepts: &[Named]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..concepts.len()).collect();
    order.sort_by_key(|at| concepts.get(*at).map(|c| &c.id));
    let mut ranks = vec![0; concepts.len()];
    for (rank, at) in (0u32..).zip(order) {
        if let Some(place) = ranks.get_mut(at) {
            *place = rank;
        }
    }
    ranks
}

impl TestSet {
    /// Appends a piece of the same set: the same concepts, and inputs that follow. False, and nothing done, where the two
    /// do not belong together.
    pub fn append(&mut self, piece: Self) -> bool {
        let first = self.inputs.len() as u32;
        if self.concepts != piece.concepts {
            return false;
        }
        match (&mut self.content, piece.content) {
            (Content::Labels(here), Content::Labels(more)) => {
                here.scores.extend(more.scores);
                here.truth.extend(more.truth);
            }
            (Content::Objects(here), Content::Objects(more)) => {
                here.truth.extend(more.truth.into_iter().map(|t| Truth { input: t.input + first, ..t }));
                here.predictions
                    .extend(more.predictions.into_iter().map(|p| Prediction { input: p.input + first, ..p }));
            }
            _ => return false,
        }
        self.inputs.extend(piece.inputs);
        true
    }
}
