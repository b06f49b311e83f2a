//! A confusion matrix: a table of buttons while it is small, a canvas with zoom when it is large.

mod colour;
mod large;
mod matrix;
mod raster;
mod small;
mod window;

pub use colour::{Colours, Scheme};
pub use matrix::Matrix;

use super::Print;
use leptos::prelude::*;
use std::sync::Arc;

/// Up to so many rows a matrix is a table with its numbers in the cells.
const SMALL: usize = 30;

/// A column at the end of a small matrix, such as recall.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct End {
    pub title: String,
    /// One text a row.
    pub values: Vec<String>,
}

/// What all forms of a matrix need.
#[derive(Clone, Copy)]
struct Given {
    label: Signal<String>,
    data: Signal<Arc<Matrix>>,
    colours: Signal<Colours>,
    print: Signal<Print>,
    selected: Signal<Option<(usize, usize)>>,
    pick: Callback<(usize, usize)>,
    rows_are: &'static str,
    columns_are: &'static str,
    unit: &'static str,
    end: Signal<Arc<End>>,
}

impl Given {
    /// A cell in words: what is true, what was predicted, how much, and of how much.
    fn words(&self, data: &Matrix, row: usize, column: usize) -> String {
        let (value, print) = (f64::from(data.at(row, column)), self.print.get());
        let unit =
            if print == Print::Count && !self.unit.is_empty() { format!(" {}", self.unit) } else { String::new() };
        let sum = data.row_sum(row);
        let share = if print == Print::Count && sum > 0.0 && value.is_finite() {
            format!(", {} of the row", Print::Percent.of(value / sum))
        } else {
            String::new()
        };
        format!(
            "{} {}, {} {}: {}{unit}{share}",
            self.rows_are,
            data.label(row),
            self.columns_are.to_lowercase(),
            data.label(column),
            print.of(value)
        )
    }
}

/// A matrix of up to 1,000 × 1,000 numbers.
#[component]
pub fn Heatmap(
    /// What it shows, in words: "Confusion matrix of logreg on digits, counts of inputs".
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] data: Signal<Arc<Matrix>>,
    #[prop(into)] colours: Signal<Colours>,
    /// How its numbers are printed.
    #[prop(into)]
    print: Signal<Print>,
    /// The cell that is open: row and column.
    #[prop(into)]
    selected: Signal<Option<(usize, usize)>>,
    pick: Callback<(usize, usize)>,
    #[prop(default = "True")] rows_are: &'static str,
    #[prop(default = "Predicted")] columns_are: &'static str,
    /// What counts count: "inputs".
    #[prop(default = "")]
    unit: &'static str,
    /// A column at the end; shown while the matrix is small.
    #[prop(optional, into)]
    end: Option<Signal<Arc<End>>>,
) -> impl IntoView {
    let end = end.unwrap_or_else(|| Signal::derive(|| Arc::new(End::default())));
    let given = Given { label, data, colours, print, selected, pick, rows_are, columns_are, unit, end };
    let is_small = Memo::new(move |_| data.with(|d| d.side() <= SMALL));
    move || if is_small.get() { small::view(given) } else { large::view(given) }
}

/// Where the cell cursor goes by a key, if anywhere. `last` is the last row and column, `page` how far a page is.
fn moved(
    e: &web_sys::KeyboardEvent,
    (row, column): (usize, usize),
    last: usize,
    page: usize,
) -> Option<(usize, usize)> {
    let all = e.ctrl_key() || e.meta_key();
    Some(match e.key().as_str() {
        "ArrowUp" => (row.saturating_sub(1), column),
        "ArrowDown" => ((row + 1).min(last), column),
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "ArrowRight" => (row, (column + 1).min(last)),
        "PageUp" => (row.saturating_sub(page), column),
        "PageDown" => ((row + page).min(last), column),
        "Home" if all => (0, 0),
        "End" if all => (last, last),
        "Home" => (row, 0),
        "End" => (row, last),
        _ => return None,
    })
}
