//! Confusion matrices.

use crate::Problem;
use crate::align::Aligned;
use crate::labels::LabelRun;
use crate::run::{Measured, Run, threshold};
use labelscope_messages::evaluation::{MatrixCells, MatrixKind, MatrixOrder, MatrixView, Numbers, Settings};
use labelscope_metrics::classification::{mean_scores, spread_confusion};
use labelscope_metrics::{Matrix, detection};

/// Classes that are shown at most: so many squared are a picture, and a few megabytes.
const MOST: usize = 1000;

/// Counts with "none" last, and the rule that made them.
struct Counted {
    counts: Matrix,
    rule: &'static str,
}

pub(crate) fn cells(run: &Run, at: &Settings, view: &MatrixView) -> Result<MatrixCells, Problem> {
    let counted = counted(run, at);
    let order = order(run, &counted.counts, view);
    let none = has_none(run, &counted.counts);
    let whole = whole(run, &counted, view.kind)?;
    Ok(shown(&counted, &whole, order, none))
}

/// A matrix less the reference's, over the concepts of both and the inputs that they share, in the order of the run's own.
pub(crate) fn difference(
    aligned: &Aligned,
    run: &Run,
    at: &Settings,
    view: &MatrixView,
) -> Result<MatrixCells, Problem> {
    let [reference, other] = aligned.runs() else { return Err(Problem::Runs("a difference is of two evaluations")) };
    if reference.concepts.len() != run.concepts.len() {
        return Err(Problem::Runs(
            "the two evaluations do not have the same concepts, so there is no difference of matrices",
        ));
    }
    let (base, ours) = (counted(reference, at), counted(other, at));
    let minus = |a: &Matrix, b: &Matrix| {
        let values = a.values().iter().zip(b.values()).map(|(a, b)| a - b).collect();
        Matrix::from_rows(a.size(), values).unwrap_or_default()
    };
    let order = order(other, &ours.counts, view);
    let none = has_none(reference, &base.counts) || has_none(other, &ours.counts);
    let whole = minus(&whole(other, &ours, view.kind)?, &whole(reference, &base, view.kind)?);
    let counts = minus(&ours.counts, &base.counts);
    // Concepts are told by their position in the run that was asked about.
    let named: Vec<Option<u32>> = other.concepts.iter().map(|c| run.concept(&c.id)).collect();
    let mut cells = shown(&Counted { counts, rule: ours.rule }, &whole, order, none);
    for concept in &mut cells.concepts {
        *concept = named.get(*concept as usize).copied().flatten().unwrap_or(*concept);
    }
    Ok(cells)
}

fn counted(run: &Run, at: &Settings) -> Counted {
    match &run.measured {
        Measured::Labels(run) => match run.single() {
            Some(single) => Counted { counts: single.confusion.matrix(true), rule: "top_1" },
            None => Counted { counts: spread(run, at), rule: "threshold" },
        },
        Measured::Objects(run) => {
            let matches = run.matches(at, at.across);
            let counts = detection::confusion(&matches, run.objects(), run.concepts(), threshold(at));
            Counted { counts, rule: if at.across { "across" } else { "within" } }
        }
    }
}

fn spread(run: &LabelRun, at: &Settings) -> Matrix {
    let empty = || Matrix::zero(run.concepts() + 1);
    run.scores().map_or_else(empty, |scores| spread_confusion(&scores, threshold(at).into()))
}

/// "None" is a row and a column wherever it can be; where each input has one label, if it ever is.
fn has_none(run: &Run, counts: &Matrix) -> bool {
    let Measured::Labels(labels) = &run.measured else { return true };
    let none = counts.size().saturating_sub(1);
    labels.single().is_none() || (0..none).any(|row| counts.at(row, none) > 0.0)
}

/// The numbers that are shown, of all classes.
fn whole(run: &Run, counted: &Counted, kind: MatrixKind) -> Result<Matrix, Problem> {
    let counts = &counted.counts;
    let size = counts.size();
    let divided = |by: &dyn Fn(usize, usize) -> f64| {
        let cells = (0..size).flat_map(|row| (0..size).map(move |column| (row, column)));
        let values = cells.map(|(row, column)| counts.at(row, column) / by(row, column)).collect();
        Matrix::from_rows(size, values).unwrap_or_default()
    };
    Ok(match kind {
        MatrixKind::Counts => counts.clone(),
        MatrixKind::Rows => {
            let sums: Vec<f64> = (0..size).map(|row| counts.row(row).iter().sum()).collect();
            divided(&|row, _| sums.get(row).copied().unwrap_or(0.0))
        }
        MatrixKind::Columns => {
            let sums: Vec<f64> = (0..size).map(|column| (0..size).map(|row| counts.at(row, column)).sum()).collect();
            divided(&|_, column| sums.get(column).copied().unwrap_or(0.0))
        }
        MatrixKind::MeanScore => {
            let Measured::Labels(run) = &run.measured else { return Err(Problem::Labels("mean scores")) };
            run.scores().map_or_else(|| Matrix::zero(0), |scores| mean_scores(&scores))
        }
    })
}

/// The classes that are shown, in order.
fn order(run: &Run, counts: &Matrix, view: &MatrixView) -> Vec<u32> {
    let mut all: Vec<u32> = (0..run.concepts.len() as u32).collect();
    match view.order {
        MatrixOrder::Labels => {}
        MatrixOrder::Name => {
            let name = |at: &u32| run.concepts.get(*at as usize).map(|c| (c.name.to_lowercase(), c.id.as_str()));
            all.sort_by_cached_key(name);
        }
        MatrixOrder::Confusion => {
            let size = counts.size();
            let of = |class: usize| -> f64 {
                let others = (0..size).filter(|other| *other != class);
                others.map(|other| counts.at(class, other) + counts.at(other, class)).sum()
            };
            let confused: Vec<f64> = (0..all.len()).map(of).collect();
            let of = |class: &u32| confused.get(*class as usize).copied().unwrap_or(0.0);
            all.sort_by(|a, b| of(b).total_cmp(&of(a)));
        }
        MatrixOrder::Given => {
            let mut seen = vec![false; all.len()];
            let mut given = Vec::with_capacity(all.len());
            for class in view.given.iter().chain(&all) {
                if let Some(seen) = seen.get_mut(*class as usize)
                    && !std::mem::replace(seen, true)
                {
                    given.push(*class);
                }
            }
            all = given;
        }
    }
    let most = if view.top == 0 { MOST } else { (view.top as usize).min(MOST) };
    all.truncate(most);
    all
}

fn shown(counted: &Counted, whole: &Matrix, concepts: Vec<u32>, none: bool) -> MatrixCells {
    let last = counted.counts.size().saturating_sub(1);
    // Mean scores know no "none".
    let none = none && whole.size() > last;
    let places: Vec<usize> = concepts.iter().map(|c| *c as usize).chain(none.then_some(last)).collect();
    let mut cells = MatrixCells { none, rule: counted.rule.to_owned(), ..MatrixCells::default() };
    let mut values = Vec::with_capacity(places.len().pow(2));
    for row in &places {
        for column in &places {
            let (value, count) = (whole.at(*row, *column), counted.counts.at(*row, *column));
            let (largest, sum) = if row == column {
                (&mut cells.largest_on, &mut cells.on)
            } else {
                (&mut cells.largest_off, &mut cells.off)
            };
            // A difference may be negative; how far it is from 0 decides on its colour.
            *largest = largest.max(if value.is_nan() { 0.0 } else { value.abs() });
            *sum += count;
            values.push(value);
        }
    }
    cells.cells = Numbers::of(values);
    cells.concepts = concepts;
    cells
}
