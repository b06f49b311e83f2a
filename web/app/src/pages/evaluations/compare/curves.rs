//! One curve of each run.

use super::super::curve_kinds::{choices, said, word_of};
use super::board::Board;
use super::runs::colour;
use crate::charts::{Line, LineChart, Lines, Print, Stroke, Twin, points};
use crate::components::Choice;
use labelscope_messages::evaluation::CurveKind;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn CurvesOfRuns(board: Board) -> impl IntoView {
    let address = board.address;
    let said = move || said(board.curve.get());
    let lines = Memo::new(move |_| {
        let names = board.names.get();
        Arc::new(board.compared.with(|c| {
            let Some(c) = c else { return Lines::default() };
            let of = |(i, (curve, name)): (usize, (&labelscope_messages::evaluation::Curve, String))| {
                Line::of(curve, name, Stroke::Class(colour(i)))
            };
            let lines = c.curves.curves.iter().zip(names).enumerate().map(of);
            Lines { x: c.curves.x.clone(), y: c.curves.y.clone(), lines: lines.collect() }
        }))
    });
    let table = Callback::new(move |()| {
        let (_, x, y) = said();
        points(lines.get(), "Run", x, y)
    });
    let words = Signal::derive(move || {
        let (name, x, y) = said();
        let values: Vec<String> =
            lines.with(|l| l.lines.iter().map(|l| format!("{} {}", l.name, Print::Share(3).maybe(l.value))).collect());
        format!("{name}: {y} over {x}. {}", values.join(", "))
    });
    let take = Callback::new(move |(line, point): (usize, usize)| {
        let threshold = lines.with_untracked(|l| l.lines.get(line).and_then(|l| l.thresholds.get(point).copied()));
        if let Some(threshold) = threshold.filter(|t| t.is_finite()) {
            address.at.update(|s| s.threshold = ((f64::from(threshold) * 1e4).round() / 1e4).clamp(0.0, 1.0));
        }
    });
    let some = |v: String| Some(v).filter(|v| !v.is_empty());
    let kinds = Signal::derive(move || choices(board.detection.get()));
    let concepts = Signal::derive(move || {
        let all = board.compared.with(|c| c.as_ref().map(|c| c.concepts.clone()).unwrap_or_default());
        let named = all.into_iter().map(|(id, name)| if name.is_empty() { (id.clone(), id) } else { (id, name) });
        std::iter::once((String::new(), "All classes".to_owned())).chain(named).collect::<Vec<_>>()
    });
    view! {
        <Twin title="Curves" class="c5" file=Signal::derive(move || board.file("curves")) table=table
            tools=move || view! {
                <Choice label="Class of the curves" quiet=true value=Signal::derive(move || board.curve_of.get().unwrap_or_default()) options=concepts change=Callback::new(move |v| address.set(&[("curve_of", some(v))]))/>
                <Choice label="Curve" quiet=true value=Signal::derive(move || word_of(board.curve.get())) options=kinds change=Callback::new(move |v| address.set(&[("curve", some(v))]))/>
            }>
            {move || {
                let stepped = board.curve.get() == CurveKind::Pr;
                if board.compared.with(Option::is_none) { view! { <span class="skel" style="height:300px"></span> }.into_any() } else { view! {
                    <LineChart label=words data=lines x_title=Signal::derive(move || said().1.to_owned()) y_title=Signal::derive(move || said().2.to_owned()) stepped=stepped pick=take/> }.into_any() }
            }}
        </Twin>
    }
}
