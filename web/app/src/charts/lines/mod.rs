//! Curves with axes.

mod draw;
mod hand;
mod near;
mod over;
mod table;

pub use table::points;

use super::looks::looks;
use super::scale::{Scale, ticks};
use super::{Print, measure};
use hand::Hand;
use labelscope_messages::evaluation::{Axis, Curve};
use leptos::html;
use leptos::prelude::*;
use near::Plot;
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

/// How a curve is drawn after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drawn {
    Grey,
    /// From 1.
    Class(usize),
    Whole,
}

impl Drawn {
    fn of(line: &Line, at: usize, pinned: &[usize]) -> Self {
        match line.stroke {
            Stroke::Whole => Self::Whole,
            Stroke::Class(n) => Self::Class(n.max(1)),
            Stroke::Auto => pinned.iter().position(|p| *p == at).map_or(Self::Grey, |k| Self::Class(k + 1)),
        }
    }

    /// What lies on top is painted last.
    fn rank(self) -> u8 {
        match self {
            Self::Grey => 0,
            Self::Class(_) => 1,
            Self::Whole => 2,
        }
    }

    /// The ninth class has the first one's colour again, with a dash.
    fn dashed(self) -> bool {
        matches!(self, Self::Class(n) if (n - 1) / 8 % 2 == 1)
    }

    fn colour(self) -> String {
        match self {
            Self::Grey => "var(--border-control)".to_owned(),
            Self::Class(n) => format!("var(--cat-{})", (n - 1) % 8 + 1),
            Self::Whole => "var(--text)".to_owned(),
        }
    }
}

/// Room above the inner area, for the name of the axis; and below it, for ticks and a name.
const ABOVE: f64 = 20.0;
const BELOW: f64 = 40.0;

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
    let canvas = NodeRef::<html::Canvas>::new();
    let width = measure::width_of(place, 372.0);
    let drawn = Memo::new(move |_| {
        let pinned = pinned.map(|p| p.get()).unwrap_or_default();
        data.with(|d| d.lines.iter().enumerate().map(|(i, l)| Drawn::of(l, i, &pinned)).collect::<Vec<_>>())
    });
    let axes = Memo::new(move |_| data.with(|d| (d.x.clone(), d.y.clone())));
    let plot = Memo::new(move |_| {
        let (x, y) = axes.get();
        let (at, decimals) = ticks(y.low, y.high, 5);
        let longest = at.iter().map(|t| Print::Plain(decimals).of(*t).chars().count()).max().unwrap_or(1);
        let left = longest as f64 * 6.2 + 12.0;
        Plot {
            x: Scale { low: x.low, high: x.high, from: left, to: (width.get() - 10.0).max(left + 20.0) },
            y: Scale { low: y.low, high: y.high, from: height - BELOW, to: ABOVE },
        }
    });
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let (looks, plot, size) = (looks(), plot.get(), (width.get(), height));
        drawn.with(|drawn| data.with(|d| draw::paint(&canvas, size, d, drawn, &plot, stepped, &looks)));
    });
    let hand = Hand {
        data,
        drawn,
        plot,
        pointed: RwSignal::new(None),
        cursor: RwSignal::new(None),
        held: RwSignal::new(false),
        pick,
        drag,
    };
    let told = hand.told();
    let axis = move || {
        let (plot, width) = (plot.get(), width.get());
        let fitting = |room: f64, each: f64| (room / each).clamp(2.0, 10.0) as usize;
        let (at, decimals) = ticks(plot.x.low, plot.x.high, fitting(plot.x.to - plot.x.from, 64.0));
        let (left, right, top, bottom) = (plot.x.from, plot.x.to, plot.y.to, plot.y.from);
        let columns = at.into_iter().map(|t| {
            let x = format!("{:.1}", plot.x.at(t));
            view! { <line class="gl" x1=x.clone() x2=x.clone() y1=top y2=bottom/><text x=x y=bottom + 16.0 text-anchor="middle">{Print::Plain(decimals).of(t)}</text> }
        }).collect_view();
        let (at, decimals) = ticks(plot.y.low, plot.y.high, fitting(bottom - top, 40.0));
        let rows = at.into_iter().map(|t| {
            let y = plot.y.at(t);
            view! { <line class="gl" x1=left x2=right y1=y y2=y/><text x=left - 6.0 y=y + 4.0 text-anchor="end">{Print::Plain(decimals).of(t)}</text> }
        }).collect_view();
        view! {
            <svg class="chart" width=width height=height role="img" aria-label=label.get()>
                {columns}{rows}
                <text x="0" y="10">{y_title.get()}</text><text x=f64::midpoint(left, right) y=height - 6.0 text-anchor="middle">{x_title.get()}</text>
            </svg>
        }
    };
    let grey = Memo::new(move |_| {
        let (line, _) = told.with(|t| t.as_ref()?.points.first().copied())?;
        drawn.with(|d| d.get(line) == Some(&Drawn::Grey)).then_some(line)
    });
    let over = move || {
        let (plot, size) = (plot.get(), width.get());
        let path = grey.get().and_then(|l| data.with(|d| d.lines.get(l).map(|l| over::path(l, &plot, stepped))));
        let marks = move || data.with(|d| drawn.with(|drawn| told.with(|t| over::marks(d, drawn, &plot, t.as_ref()))));
        view! { <svg class="chart over" width=size height=height aria-hidden="true">{path.map(|d| view! { <path class="lifted" d=d/> })}{marks}</svg> }
    };
    let told_box = move || {
        let titles = (x_title.get(), y_title.get());
        let middle = plot.with(|p| f64::midpoint(p.x.from, p.x.to));
        told.with(|t| {
            t.as_ref()
                .map(|t| data.with(|d| drawn.with(|drawn| over::told_box(d, drawn, t, middle, (&titles.0, &titles.1)))))
        })
    };
    // Only what the keyboard reaches is read out: a pointer's way would never end.
    let spoken = move || {
        let (line, at) = hand.cursor.get()?;
        data.with(|d| d.lines.get(line).map(|l| over::words(l, at, &x_title.get(), &y_title.get())))
    };
    let keys = if drag.is_some() {
        "Arrow keys move along the curves, Enter takes the point's threshold"
    } else {
        "Arrow keys move along the curves"
    };
    view! {
        <div class="measured lines" class:picks=pick.is_some() class:holds=move || hand.held.get() node_ref=place style=format!("height:{height}px") tabindex="0" role="group" aria-roledescription="chart"
            aria-label=move || format!("{}. {keys}", label.get())
            on:keydown=move |e| hand.key(&e) on:focus=move |_| hand.enter() on:blur=move |_| hand.leave()
            on:pointerdown=move |e| hand.down(&e) on:pointermove=move |e| hand.moved(&e) on:pointerup=move |_| hand.held.set(false) on:pointercancel=move |_| hand.held.set(false)
            on:pointerleave=move |_| hand.pointed.set(None) on:click=move |e| hand.click(&e)>
            {axis}<canvas node_ref=canvas aria-hidden="true"></canvas>{over}{told_box}
            <p class="vh" aria-live="polite">{spoken}</p>
        </div>
        <Legend data=data drawn=drawn print=print/>
    }
}

/// Names and numbers of the curves in colour; the grey ones are "others".
#[component]
fn Legend(data: Signal<Arc<Lines>>, drawn: Memo<Vec<Drawn>>, print: Print) -> impl IntoView {
    move || {
        let drawn = drawn.get();
        data.with(|d| {
            let mut shown: Vec<(&Line, Drawn)> = d.lines.iter().zip(drawn.iter().copied()).filter(|(_, d)| *d != Drawn::Grey).collect();
            shown.sort_by_key(|(_, d)| (std::cmp::Reverse(d.rank()), if let Drawn::Class(n) = d { *n } else { 0 }));
            let others = drawn.len() - shown.len();
            let entries = shown.into_iter().map(|(line, drawn)| view! {
                <span><i class="swatch" class:dash=drawn.dashed() style=format!("--c:{}", drawn.colour())></i>{line.name.clone()}{line.value.map(|v| view! { " "<b>{print.of(v)}</b> })}</span>
            }).collect_view();
            view! { <div class="legend">{entries}{(others > 0).then(|| view! { <span><i class="swatch" style="--c:var(--border-strong)"></i>{if others == 1 { "1 other".to_owned() } else { format!("{others} others") }}</span> })}</div> }
        })
    }
}
