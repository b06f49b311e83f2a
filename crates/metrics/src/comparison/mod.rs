//! Two or more runs on the same inputs.
//!
//! How sure is a difference of two figures? A paired bootstrap over inputs answers (B. Efron and R. J. Tibshirani, *An
//! Introduction to the Bootstrap*, 1993, §13.3, the percentile interval): inputs are drawn with replacement, as many as there
//! are, both runs are measured on the same draw, and the middle 95 % of the differences make the interval. How a draw weighs
//! the inputs is all that a figure is told, so it is computed from statistics that are made once.

mod bootstrap;
mod labels;
mod mcnemar;
mod objects;
mod outcome;
mod random;

pub use bootstrap::{Bootstrap, Verdict};
pub use labels::{LabelFigure, LabelStatistics, Said};
pub use mcnemar::mcnemar;
pub use objects::{ObjectFigure, ObjectStatistics, Ranked, RankedClass};
pub use outcome::{Outcome, Tally};

#[cfg(test)]
mod tests;
