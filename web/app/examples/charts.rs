//! Charts alone in a page, for `cargo xtask bench charts`: each call mounts one with made-up data and returns at once.
#![cfg(target_family = "wasm")]

use labelscope_app::charts::{Colours, Heatmap, Line, LineChart, Lines, Matrix, Print, Stroke};
use labelscope_messages::evaluation::Axis;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

fn main() {}

/// A square matrix of these numbers, row by row.
#[wasm_bindgen]
pub fn matrix(place: web_sys::HtmlElement, cells: Vec<f32>) {
    let side = (cells.len() as f64).sqrt() as usize;
    let labels = (0..side).map(|i| format!("class {i}")).collect();
    let data = Arc::new(Matrix::new(labels, false, cells));
    let view = move || {
        view! {
            <Heatmap label="Confusion matrix" data=Signal::stored(data) colours=Signal::stored(Colours::default()) print=Signal::stored(Print::Count)
                selected=Signal::stored(None) pick=Callback::new(|_| ()) unit="inputs"/>
        }
    };
    leptos::mount::mount_to(place, view).forget();
}

/// So many curves of so many points each: x and y of one after the other. The first eight are in colour.
#[wasm_bindgen]
pub fn curves(place: web_sys::HtmlElement, x: &[f32], y: &[f32], points: usize) {
    let each = x.chunks_exact(points).zip(y.chunks_exact(points)).enumerate();
    let lines = each.map(|(i, (x, y))| Line {
        name: format!("class {i}"),
        stroke: Stroke::Auto,
        x: x.to_vec(),
        y: y.to_vec(),
        ..Line::default()
    });
    let unit = || Axis { low: 0.0, high: 1.0 };
    let data = Arc::new(Lines { x: unit(), y: unit(), lines: lines.collect() });
    let view = move || {
        view! {
            <LineChart label="Precision over recall" data=Signal::stored(data) x_title="Recall" y_title="Precision" pinned=Signal::stored((0..8).collect::<Vec<_>>()) height=400.0/>
        }
    };
    leptos::mount::mount_to(place, view).forget();
}
