//! What lies over the curves: the chosen threshold's point, and what is said of the points near the pointer.

use super::near::Plot;
use super::{Drawn, Line, Lines};
use crate::charts::Print;
use leptos::prelude::*;
use std::fmt::Write;

/// Points to be told: curve and point, the first the nearest of all, and where to tell it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Told {
    pub points: Vec<(usize, usize)>,
    /// The pointer or the cursor, on the drawing.
    pub at: (f64, f64),
}

/// A point in words.
pub(super) fn words(line: &Line, at: usize, x_title: &str, y_title: &str) -> String {
    let number = |values: &[f32]| values.get(at).map_or_else(|| "–".to_owned(), |v| Print::Share(3).of(f64::from(*v)));
    let mut out = format!("{}: {x_title} {}, {y_title} {}", line.name, number(&line.x), number(&line.y));
    if line.thresholds.get(at).is_some_and(|t| t.is_finite()) {
        let _ = write!(out, ", threshold {}", number(&line.thresholds));
    }
    out
}

/// The points of the chosen threshold, and a mark on each point that is told.
pub(super) fn marks(lines: &Lines, drawn: &[Drawn], plot: &Plot, told: Option<&Told>) -> AnyView {
    let has_whole = drawn.contains(&Drawn::Whole);
    let here =
        lines.lines.iter().zip(drawn).filter(|(_, d)| if has_whole { **d == Drawn::Whole } else { **d != Drawn::Grey });
    let here = here
        .filter_map(|(line, drawn)| {
            let (x, y) = line.here?;
            let place = (plot.x.at(x), plot.y.at(y));
            plot.holds(place).then(|| {
                let colour = if *drawn == Drawn::Whole { "var(--accent)".to_owned() } else { drawn.colour() };
                view! { <circle class="here" cx=place.0 cy=place.1 r="5" style=format!("--c:{colour}")/> }
            })
        })
        .collect_view();
    let told = told.map(|told| {
        told.points
            .iter()
            .filter_map(|(line, at)| {
                let (x, y) = plot.point(lines.lines.get(*line)?, *at)?;
                let colour = drawn.get(*line)?.colour();
                plot.holds((x, y))
                    .then(|| view! { <circle class="told" cx=x cy=y r="4" style=format!("--c:{colour}")/> })
            })
            .collect_view()
    });
    view! { {here}{told} }.into_any()
}

/// A grey curve that is pointed at, so that it can be told from the others.
pub(super) fn path(line: &Line, plot: &Plot, stepped: bool) -> String {
    let mut out = String::new();
    plot.corners(line, stepped, |x, y, anew| {
        let _ = write!(out, "{}{x:.1} {y:.1}", if anew { 'M' } else { 'L' });
    });
    out
}

/// The box with the numbers of the points, on the side where the pointer is not.
pub(super) fn told_box(
    lines: &Lines,
    drawn: &[Drawn],
    told: &Told,
    middle: f64,
    (x_title, y_title): (&str, &str),
) -> AnyView {
    let side = if told.at.0 > middle { "told-box start" } else { "told-box end" };
    let thresholds = told.points.iter().any(|(l, _)| lines.lines.get(*l).is_some_and(|l| !l.thresholds.is_empty()));
    let rows = told
        .points
        .iter()
        .filter_map(|(l, at)| {
            let line = lines.lines.get(*l)?;
            let number = |values: &[f32]| values.get(*at).map_or_else(String::new, |v| Print::Share(3).of(f64::from(*v)));
            let drawn = drawn.get(*l)?;
            Some(view! { <tr><th scope="row"><i class="swatch" class:dash=drawn.dashed() style=format!("--c:{}", drawn.colour())></i><span class="truncate">{line.name.clone()}</span></th>
                <td>{number(&line.x)}</td><td>{number(&line.y)}</td>{thresholds.then(|| view! { <td>{number(&line.thresholds)}</td> })}</tr> })
        })
        .collect_view();
    view! {
        <div class=side aria-hidden="true"><table><thead><tr><td></td><td>{x_title.to_owned()}</td><td>{y_title.to_owned()}</td>{thresholds.then(|| view! { <td>"Threshold"</td> })}</tr></thead><tbody>{rows}</tbody></table></div>
    }
    .into_any()
}
