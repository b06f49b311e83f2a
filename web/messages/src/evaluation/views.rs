//! Figures, matrices and curves.

use serde::{Deserialize, Serialize};

/// One number of the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name; the page has its words and its definition.
    ///
    /// Labels, where each input has one: `accuracy` and, from six concepts on, `top_5` (the surest concept, or one of the five
    /// surest, is true; of equal scores the first concept); `log_loss` (−ln of the score of what is true).
    /// All labels: `macro_precision`, `macro_recall`, `macro_f1` (means of the concepts' own), `micro_f1` (of the counts added
    /// up), `weighted_f1` (by how often each is true): by the surest concept where each input has one label, otherwise at
    /// the threshold. `macro_roc_auc`, `mean_average_precision` (means over concepts, not interpolated), `brier`
    /// (squared distance of scores and truth: a sum over concepts where each input has one label, otherwise a mean over
    /// pairs), `ece` (expected calibration error of ten bins).
    ///
    /// Detections, COCO's: `map_50_95`, `map_50`, `map_75`, `ap_small`, `ap_medium`, `ap_large`, `ar_1`, `ar_10`, `ar_100`. At
    /// the threshold, the overlap and the area, matched within concepts: `precision`, `recall`, `f1` (of the counts added
    /// up), `macro_f1`. Compared runs also have `map_at_iou`: mean average precision at the chosen overlap, where that is
    /// neither .50 nor .75.
    ///
    /// Hierarchy: `hierarchical_precision`, `hierarchical_recall`, `hierarchical_f1` (concepts with all that is broader),
    /// `distance_weighted_accuracy` where each input has one label, otherwise `distance_weighted_f1` (a near miss earns a
    /// part), and `correct_at_level_1`, `correct_at_level_2` and so on: right if only concepts of this depth are told apart, the
    /// broadest first. A concept that is broader than all others is no level. Of detections, over objects and predictions
    /// that were matched across concepts.
    pub name: String,
    pub value: Option<f64>,
    /// What it is made of, such as 845 of 899; empty where there is no such pair.
    pub of: Option<(u32, u32)>,
    /// Standard deviation over the classes, where it is a mean over classes.
    pub deviation: Option<f64>,
}

/// The numbers of the whole, and of each class.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub whole: Vec<Figure>,
    pub classes: Vec<ClassRow>,
    /// Classes that are left out of a mean, since their own number is undefined: name of the figure, and how many.
    pub left_out: Vec<(String, u32)>,
}

/// One class against the rest, at the threshold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassRow {
    pub concept: u32,
    /// Inputs or objects on which it is true.
    pub positives: u32,
    /// Inputs or objects for which it was predicted.
    pub predicted: u32,
    pub true_positives: u32,
    pub false_positives: u32,
    pub false_negatives: u32,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
    /// Classification: not interpolated. Detection: COCO's, at the chosen overlap.
    pub average_precision: Option<f64>,
    /// Detection: mean over the overlaps .50 to .95.
    pub average_precision_range: Option<f64>,
    /// Classification.
    pub roc_auc: Option<f64>,
    pub best_f1: Option<f64>,
    pub best_threshold: Option<f64>,
}

/// Numbers as little-endian f32 or u32, so that they travel as one typed array.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Numbers(#[serde(with = "serde_bytes")] pub Vec<u8>);

impl Numbers {
    /// From f64, which become f32.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        Self(values.into_iter().flat_map(|v| (v as f32).to_le_bytes()).collect())
    }

    /// As f32.
    pub fn read(&self) -> Vec<f32> {
        self.0.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len() / 4
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Which numbers stand in a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatrixKind {
    /// How often.
    #[default]
    Counts,
    /// Counts over their row's sum: of what is true.
    Rows,
    /// Counts over their column's sum: of what was predicted.
    Columns,
    /// Mean score of the column's concept over the inputs of the row's, as the API defines its matrix. Classification.
    MeanScore,
}

/// How its classes are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatrixOrder {
    /// As the test set has them: most labelled first.
    #[default]
    Labels,
    Name,
    /// Those that take part in most confusions first.
    Confusion,
    /// By the order that the page gives, which knows the hierarchy.
    Given,
}

/// How a matrix is wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MatrixView {
    pub kind: MatrixKind,
    pub order: MatrixOrder,
    /// For [`MatrixOrder::Given`].
    pub given: Vec<u32>,
    /// At most so many classes; 0 for all.
    pub top: u32,
}

/// A matrix: rows are truth, columns are predictions; the last of both is "none" where `none` says so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MatrixCells {
    /// Concepts in order, without "none".
    pub concepts: Vec<u32>,
    pub none: bool,
    /// (concepts + none)² numbers, row by row. NaN where undefined.
    pub cells: Numbers,
    /// Largest value off the diagonal, and on it, for colours.
    pub largest_off: f64,
    pub largest_on: f64,
    /// Sums of counts on the diagonal and off it, of the classes that are shown.
    pub on: f64,
    pub off: f64,
    /// Which rule made the pairs: `top_1`, `threshold`, `across` or `within`.
    pub rule: String,
}

/// Which curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CurveKind {
    /// Precision over recall.
    #[default]
    Pr,
    /// True over false positive rate. Classification.
    Roc,
    /// Recall over false positives an image. Detection.
    Froc,
    /// F1 over the threshold.
    F1,
}

/// What an axis means, and its range.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    pub low: f64,
    pub high: f64,
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// All concepts together where there is none.
    pub concept: Option<u32>,
    pub x: Numbers,
    pub y: Numbers,
    /// The threshold of each point.
    pub thresholds: Numbers,
    /// Area or average precision.
    pub area: Option<f64>,
    /// The point of the chosen threshold: x and y.
    pub here: Option<(f64, f64)>,
    /// A curve of exactly these points was thinned for drawing.
    pub points: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curves {
    pub x: Axis,
    pub y: Axis,
    pub curves: Vec<Curve>,
}

/// One bin of scores.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    pub low: f64,
    pub high: f64,
    pub count: u32,
    pub mean_score: Option<f64>,
    /// Share that is right.
    pub right: Option<f64>,
}

/// Are scores what they say?
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    pub bins: Vec<Bin>,
    /// Expected calibration error: mean distance of score and share, weighted by count.
    pub error: Option<f64>,
    /// Largest distance of a bin.
    pub largest: Option<f64>,
}

/// One kind of errors, after TIDE.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorKind {
    /// `class`, `localisation`, `both`, `duplicate`, `background` or `missed`.
    pub name: String,
    pub count: u32,
    /// By so much mean average precision would rise if these were mended.
    pub cost: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    pub kinds: Vec<ErrorKind>,
    pub average_precision: Option<f64>,
}

/// A range of areas.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AreaRow {
    pub area: super::Area,
    pub objects: u32,
    pub average_precision: Option<f64>,
    pub average_precision_50: Option<f64>,
    pub average_precision_75: Option<f64>,
    pub average_recall: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Areas {
    pub rows: Vec<AreaRow>,
}

/// On how many inputs two concepts stand together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Together {
    pub concepts: Vec<u32>,
    /// Square, row by row; the diagonal counts inputs of one concept.
    pub counts: Numbers,
}

/// A number of the server beside ours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SecondOpinionLine {
    /// As in [`Figure::name`], or `macro_f1_deviation`, `macro_roc_auc_deviation`, or of a concept `positives`, `f1`, `roc_auc`,
    /// `average_precision`.
    pub name: String,
    pub concept: Option<u32>,
    /// Detection: at this overlap, and of objects in this range of areas.
    pub iou: Option<f64>,
    pub area: String,
    pub theirs: f64,
    pub ours: Option<f64>,
    /// Equal to the wire's 32 bits: within 1e-6.
    pub equal: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SecondOpinion {
    pub lines: Vec<SecondOpinionLine>,
    pub different: u32,
    /// What the reply says that it was computed with: from this score on something counts as predicted, and at the threshold too.
    pub threshold: f64,
    pub inclusive: bool,
}
