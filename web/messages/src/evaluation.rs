//! What the page asks about test sets that the worker holds, and what it is told.
//!
//! A run is an evaluation whose test set the worker holds, by the evaluation's id. Concepts and inputs are named by their
//! position in the test set. A number that is undefined is `None`.

mod compare;
mod pairs;
mod views;

pub use compare::{CompareView, Compared, Difference, Ledger, LedgerLine, Outcome, Pick, RunAgainstRun, Verdict};
pub use pairs::{Pair, PairFilter, PairKind, PairOrder, Pairs, Shape};
pub use views::{
    AreaRow, Areas, Axis, Bin, Calibration, ClassRow, Curve, CurveKind, Curves, ErrorKind, Errors, Figure, Figures,
    MatrixCells, MatrixKind, MatrixOrder, MatrixView, Numbers, SecondOpinion, SecondOpinionLine, Together,
};

use serde::{Deserialize, Serialize};

/// What a run is about, told once its test set is whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Objects were measured, not inputs as wholes.
    pub detection: bool,
    /// Each input has exactly one concept that is true: figures such as accuracy mean something.
    pub single_label: bool,
    /// Some objects have masks, so overlaps can be measured on them.
    pub masks: bool,
    /// Id and name, most labelled first.
    pub concepts: Vec<(String, String)>,
    pub inputs: u32,
    /// Inputs about which the model version says nothing.
    pub unpredicted: u32,
    /// Objects that are there, or pairs of input and concept that are true.
    pub positives: u32,
    /// Objects that were predicted, or pairs with a score.
    pub predictions: u32,
}

/// What all views of a run depend on. It stands in the page's address.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// From this score on something counts as predicted.
    pub threshold: f64,
    /// At the threshold too, as scikit-learn has it; the API's documentation says above.
    pub inclusive: bool,
    /// Detection: the overlap from which a prediction may match.
    pub iou: f64,
    /// Detection: overlaps of masks instead of boxes.
    pub masks: bool,
    /// Detection, for matrix and pairs: predictions may match objects of any concept, the surest first; otherwise only of
    /// their own.
    pub across: bool,
    /// Detection: only objects of this area.
    pub area: Area,
}

impl Default for Settings {
    fn default() -> Self {
        Self { threshold: 0.5, inclusive: false, iou: 0.5, masks: false, across: true, area: Area::All }
    }
}

/// COCO's ranges of areas: up to 32², 32² to 96², from 96² pixels on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    #[default]
    All,
    Small,
    Medium,
    Large,
}

/// What the page asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Explore {
    /// A piece of a test set as bytes, beside the message: [`Explored::Held`], or [`Explored::Overview`] after the last.
    Take { run: String, last: bool },
    /// A reply of GetEvaluation with its test set as JSON, as a file beside the message: [`Explored::Overview`].
    TakeReply { run: String },
    /// Forget a run: [`Explored::Held`].
    Forget { run: String },
    /// [`Explored::Figures`].
    Figures { run: String, at: Settings },
    /// [`Explored::Matrix`].
    Matrix { run: String, at: Settings, view: MatrixView },
    /// The matrix of one run less that of another, which have the same concepts: [`Explored::Matrix`].
    MatrixDifference { run: String, against: String, at: Settings, view: MatrixView },
    /// Curves of these concepts, or of all as one where none is named: [`Explored::Curves`].
    Curves { run: String, at: Settings, kind: CurveKind, concepts: Vec<u32>, all: bool },
    /// [`Explored::Calibration`].
    Calibration { run: String, at: Settings, bins: u32 },
    /// Kinds of errors, of detections: [`Explored::Errors`].
    Errors { run: String, at: Settings },
    /// By area, of detections: [`Explored::Areas`].
    Areas { run: String, at: Settings },
    /// Which concepts stand on the same inputs: [`Explored::Together`].
    Together { run: String },
    /// The inputs behind a number: [`Explored::Pairs`].
    Pairs { run: String, at: Settings, filter: PairFilter, order: PairOrder, offset: u32, limit: u32 },
    /// Figures that know the hierarchy: pairs of narrower and broader concept, by id, which may name others than those of the
    /// test set: [`Explored::Figures`] with no classes.
    Hierarchy { run: String, at: Settings, broader: Vec<(String, String)> },
    /// Our figures beside those of the reply of GetEvaluation that is the file beside the message: [`Explored::SecondOpinion`].
    SecondOpinion { run: String, at: Settings },
    /// Two to five runs on the inputs that they share: [`Explored::Compared`].
    Compare { runs: Vec<String>, at: Settings, view: CompareView },
    /// Input by input: [`Explored::Ledger`].
    Ledger { runs: Vec<String>, at: Settings, pick: Option<Pick>, offset: u32, limit: u32 },
}

/// The answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Explored {
    Held,
    Overview(Overview),
    Figures(Figures),
    Matrix(MatrixCells),
    Curves(Curves),
    Calibration(Calibration),
    Errors(Errors),
    Areas(Areas),
    Together(Together),
    Pairs(Pairs),
    SecondOpinion(SecondOpinion),
    Compared(Compared),
    Ledger(Ledger),
}
