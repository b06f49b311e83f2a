//! Single- and multi-label classification, from scores of N inputs for C classes.
//!
//! Scores and truth come as [`Scores`], a view over plain numbers. From it:
//! - each class against the rest: [`class_figures`] (one sort a class), [`pooled_figures`], [`averages`]; for one class
//!   [`Ranked`] with its curves [`PrCurve`], [`RocCurve`], [`F1Curve`] and counts on a grid of thresholds;
//! - inputs that have one class each: [`SingleLabel`] with top-k, losses and Brier score;
//! - [`Reliability`]: are scores what they say;
//! - matrices: [`Confusion`], [`spread_confusion`], [`mean_scores`], [`cooccurrence`].
//!
//! Pairs of input and class whose truth is [`crate::UNKNOWN`] are in no figure.

mod averages;
mod calibration;
mod confusion;
mod curves;
mod figures;
mod loss;
mod mean_scores;
mod radix;
mod ranked;
mod scores;
mod single_label;
mod spread;
mod thin;
mod together;

pub use averages::{Average, Averages, ZeroDivision, averages};
pub use calibration::{Reliability, ReliabilityBin, of_scores, of_top_scores};
pub use confusion::Confusion;
pub use curves::{F1Curve, PrCurve, RocCurve, grid};
pub use figures::{ClassFigures, Thresholds, class_counts, class_figures, pooled_figures};
pub use mean_scores::mean_scores;
pub use ranked::{BestF1, Ranked};
pub use scores::{Score, Scores};
pub use single_label::{Share, SingleLabel, Ties, argmax};
pub use spread::spread_confusion;
pub use thin::thin;
pub use together::{Together, cooccurrence};
