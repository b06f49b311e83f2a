//! Runs beside each other. The first is the reference.

use super::Curves;
use super::views::{ClassRow, CurveKind};
use serde::{Deserialize, Serialize};

/// How a comparison is wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CompareView {
    /// Draws of the bootstrap; at least 1,000.
    pub draws: u32,
    /// Where its random numbers begin, so that the same page shows the same intervals.
    pub seed: u64,
    /// Curves of all concepts together, or of one.
    pub curves: CurveKind,
    pub concept: Option<String>,
}

/// What an interval says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Better,
    Worse,
    /// The interval holds 0.
    #[default]
    NotDistinguishable,
    /// One of the two is undefined, or there is no interval.
    Undefined,
}

/// One figure of a run, and its difference from the reference run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// As in [`super::Figure::name`].
    pub name: String,
    pub lower_is_better: bool,
    pub reference: Option<f64>,
    pub value: Option<f64>,
    /// `value` − `reference`.
    pub difference: Option<f64>,
    /// 95 % of the paired bootstrap's differences lie in it.
    pub interval: Option<(f64, f64)>,
    pub verdict: Verdict,
}

/// Right and wrong of one run against the reference run, by input.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunAgainstRun {
    pub both_right: u32,
    /// Wrong in the reference, right in the run.
    pub fixed: u32,
    /// Right in the reference, wrong in the run.
    pub broken: u32,
    pub both_wrong: u32,
    /// Of McNemar's exact test, two-sided. Classification.
    pub p: Option<f64>,
}

/// One run beside the reference.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Concepts of all runs, by id and name; classes and curves count in them.
    pub concepts: Vec<(String, String)>,
    /// Inputs that all runs share.
    pub inputs: u32,
    /// Inputs that some run has and another has not.
    pub left_out: u32,
    /// Every run's truth is the same on them.
    pub same_truth: bool,
    /// For each run but the first.
    pub differences: Vec<Vec<Difference>>,
    pub against: Vec<RunAgainstRun>,
    /// For each run: by the surest concept where each input has one label, otherwise at the threshold.
    pub classes: Vec<Vec<ClassRow>>,
    /// For each run one.
    pub curves: Curves,
    /// Figures whose intervals would take too long on so many inputs: they have none.
    pub skipped: Vec<String>,
    /// Draws that were made.
    pub draws: u32,
}

/// What became of an input between the reference and the last run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Fixed,
    Broken,
    StillWrong,
    StillRight,
}

/// Which lines of a ledger: those with one of these outcomes of the last run against the reference, with this concept (by id), and with these words in the input's id; what is empty is not asked about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pick {
    pub outcomes: Vec<Outcome>,
    pub concept: Option<String>,
    pub words: String,
}

/// One input in all runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerLine {
    pub input_id: String,
    pub url: String,
    pub width: u32,
    pub height: u32,
    /// What is true, by name; of detections how many objects.
    pub truth: String,
    /// For each run: what it says, how sure (of detections: F1 of the input), and whether it is right.
    pub said: Vec<(String, Option<f64>, bool)>,
    /// Of each run but the first against the reference.
    pub outcomes: Vec<Outcome>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    pub total: u32,
    /// Of the last run against the reference, before picking: fixed, broken, still wrong, still right.
    pub counts: [u32; 4],
    pub lines: Vec<LedgerLine>,
}
