//! The views of evaluations, as the worker gives them, on real predictions and beside their references.

mod answers;
mod compare;
mod data;
mod detections;
mod labels;
mod pairs;
mod replies;
