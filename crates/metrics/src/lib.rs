//! The mathematics of evaluation.
