//! Curves with axes.

use super::scale::{Scale, ticks};
use super::{Print, measure};
use labelscope_messages::evaluation::{Axis, Curve};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stroke {
    /// In its own colour where it is pinned, else grey.
    #[default]
    Auto,
    /// In the text's colour, above all others: the whole.
    Whole,
    /// In the n-th of the classes' colours, from 1.
    Class(usize),
}

/// One curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    pub name: String,
    pub stroke: Stroke,
    pub x: Vec<f32>,
    pub y: Vec<f32>,
    /// The threshold of each point; empty where there is none.
    pub thresholds: Vec<f32>,
    /// What the legend says beside the name, such as average precision.
    pub value: Option<f64>,
    /// The point of the chosen threshold.
    pub here: Option<(f64, f64)>,
}

impl Line {
    /// What the worker tells.
    pub fn of(told: &Curve, name: impl Into<String>, stroke: Stroke) -> Self {
        Self {
            name: name.into(),
            stroke,
            x: told.x.read(),
            y: told.y.read(),
            thresholds: told.thresholds.read(),
            value: told.area,
            here: told.here,
        }
    }
}

/// Curves and the ranges of their axes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines {
    pub x: Axis,
    pub y: Axis,
    pub lines: Vec<Line>,
}

/// Up to 100 curves of 1,000 points.
#[component]
pub fn LineChart(
    /// What it shows, in words.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] data: Signal<Arc<Lines>>,
    #[prop(into)] x_title: Signal<String>,
    #[prop(into)] y_title: Signal<String>,
    /// Curves in colour, by position, in the order of the colours; those that are `Auto` and not here are grey.
    #[prop(optional, into)]
    pinned: Option<Signal<Vec<usize>>>,
    /// From a point straight to the side, then up or down to the next: precision over recall.
    #[prop(optional)]
    stepped: bool,
    /// A curve's point was picked: curve and point.
    #[prop(optional)]
    pick: Option<Callback<(usize, usize)>>,
    /// The marker was drawn to a point with this threshold.
    #[prop(optional)]
    drag: Option<Callback<f64>>,
    /// How the legend prints areas.
    #[prop(default = Print::Share(3))]
    print: Print,
    /// Height of the drawing in CSS pixels.
    #[prop(default = 260.0)]
    height: f64,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let width = measure::width_of(place, 372.0);
    let _ = (stepped, pick, drag, pinned);
    let drawing = move || {
        let data = data.get();
        let x = Scale { low: data.x.low, high: data.x.high, from: 34.0, to: width.get() - 8.0 };
        let y = Scale { low: data.y.low, high: data.y.high, from: height - 40.0, to: 20.0 };
        let (at, decimals) = ticks(data.x.low, data.x.high, 5);
        let axis = at.into_iter().map(|t| view! { <text x=x.at(t) y=height - 24.0 text-anchor="middle">{Print::Plain(decimals).of(t)}</text> }).collect_view();
        let (at, decimals) = ticks(data.y.low, data.y.high, 5);
        let side = at
            .into_iter()
            .map(|t| view! { <text x="28" y=y.at(t) + 4.0 text-anchor="end">{Print::Plain(decimals).of(t)}</text> })
            .collect_view();
        view! { <svg class="chart" width=width.get() height=height role="img" aria-label=label.get()>{axis}{side}
        <text x="0" y="10">{y_title.get()}</text><text x=width.get() / 2.0 y=height - 4.0 text-anchor="middle">{x_title.get()}</text></svg> }
    };
    view! { <div class="measured" node_ref=place>{drawing}</div>
    <div class="legend">{move || data.with(|d| d.lines.iter().map(|l| view! { <span>{l.name.clone()}" "{print.maybe(l.value)}</span> }).collect_view())}</div> }
}
