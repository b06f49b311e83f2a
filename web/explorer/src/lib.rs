//! What the pages of evaluations show, computed from test sets and settings. Pure, so that it is tested natively and runs in
//! the worker.
//!
//! A [`Session`] holds test sets by the ids of their evaluations and answers questions about them. What does not depend on
//! the question is computed once: a step of a slider reads it off.

mod align;
mod areas;
mod calibration;
mod compare;
mod curves;
mod errors;
mod figures;
mod hierarchy;
mod labels;
mod ledger;
mod matrix;
mod objects;
mod pairs;
mod problem;
mod reply;
mod run;
mod second_opinion;
mod session;
mod together;

pub use problem::Problem;
pub use session::Session;
