//! Kinds of errors of detections.

use crate::Problem;
use crate::run::{Measured, Run, threshold};
use labelscope_messages::evaluation::{ErrorKind, Errors, Settings};
use labelscope_metrics::detection;

pub(crate) fn errors(run: &Run, at: &Settings) -> Result<Errors, Problem> {
    let Measured::Objects(run) = &run.measured else { return Err(Problem::Detections("kinds of errors")) };
    let errors = run.errors(at);
    let counts = errors.counts(run.objects(), threshold(at));
    let kinds = detection::ErrorKind::ALL.iter().zip(counts).zip(errors.costs);
    Ok(Errors {
        kinds: kinds.map(|((kind, count), cost)| ErrorKind { name: kind.name().to_owned(), count, cost }).collect(),
        average_precision: errors.average_precision,
    })
}
