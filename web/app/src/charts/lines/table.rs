//! The points of curves as a table.

use super::Lines;
use crate::charts::{Head, Table};
use leptos::prelude::Callback;
use std::sync::Arc;

/// A row each point: its curve, threshold, x and y. `first` is what a curve is of; `x` and `y` are what the axes mean.
pub fn points(lines: Arc<Lines>, first: &str, x: &str, y: &str) -> Table {
    let points: Vec<(usize, usize)> =
        lines.lines.iter().enumerate().flat_map(|(i, l)| (0..l.x.len()).map(move |k| (i, k))).collect();
    let total = points.len();
    let row = Callback::new(move |i: usize| {
        let Some((line, k)) = points.get(i).and_then(|(l, k)| Some((lines.lines.get(*l)?, *k))) else {
            return Vec::new();
        };
        let at = |v: &[f32]| v.get(k).map(f32::to_string).unwrap_or_default();
        vec![line.name.clone(), at(&line.thresholds), at(&line.x), at(&line.y)]
    });
    Table { head: vec![Head::words(first), Head::number("Threshold"), Head::number(x), Head::number(y)], total, row }
}
