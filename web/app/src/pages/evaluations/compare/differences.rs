//! Figures of the reference and of a run, their difference, and whether it means anything.

use super::board::Board;
use super::runs::colour;
use crate::charts::{Head, Interval, Print, Table, Twin, Way};
use crate::components::{Icon, Pill, Tone};
use crate::format;
use labelscope_messages::evaluation::{Difference, Verdict};
use leptos::prelude::*;

fn way(verdict: Verdict) -> Way {
    match verdict {
        Verdict::Better => Way::Better,
        Verdict::Worse => Way::Worse,
        Verdict::NotDistinguishable | Verdict::Undefined => Way::Neither,
    }
}

fn verdict_word(d: &Difference) -> &'static str {
    match d.verdict {
        Verdict::Better => "Better",
        Verdict::Worse => "Worse",
        Verdict::NotDistinguishable => "Not distinguishable",
        Verdict::Undefined if d.difference.is_some() => "No interval",
        Verdict::Undefined => "Undefined",
    }
}

#[component]
fn Says(difference: Difference) -> impl IntoView {
    let word = verdict_word(&difference);
    match difference.verdict {
        Verdict::Better => view! { <Pill tone=Tone::Ok text=word/> }.into_any(),
        Verdict::Worse => view! { <Pill tone=Tone::Bad text=word/> }.into_any(),
        // Neutral: neither good nor bad.
        _ => view! { <span class="pill"><Icon name="info"/>{word}</span> }.into_any(),
    }
}

/// How far the drawing of an interval goes.
fn reach(d: &Difference) -> f64 {
    let (low, high) = d.interval.unwrap_or_default();
    low.abs().max(high.abs()) * 1.15
}

#[component]
pub(super) fn Differences(board: Board) -> impl IntoView {
    let lines = Memo::new(move |_| {
        let at = board.shown.get();
        board.compared.with(|c| c.as_ref().and_then(|c| c.differences.get(at.checked_sub(1)?).cloned()))
    });
    let title_of = move |d: &Difference| board.figure(&d.name);
    let table = Callback::new(move |()| {
        let lines = lines.get().unwrap_or_default();
        let (reference, run) = (board.reference(), board.run());
        let head = vec![
            Head::words("Figure"),
            Head::number(reference),
            Head::number(run),
            Head::number("Difference"),
            Head::number("Interval from"),
            Head::number("to"),
            Head::words("Verdict"),
        ];
        let total = lines.len();
        let row = Callback::new(move |i: usize| {
            let Some(d) = lines.get(i) else { return Vec::new() };
            let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
            vec![
                title_of(d).0,
                number(d.reference),
                number(d.value),
                number(d.difference),
                number(d.interval.map(|i| i.0)),
                number(d.interval.map(|i| i.1)),
                verdict_word(d).to_owned(),
            ]
        });
        Table { head, total, row }
    });
    let note = Signal::derive(move || {
        let draws = board.compared.with(|c| c.as_ref().map_or(0, |c| c.draws));
        if draws == 0 {
            String::new()
        } else {
            format!("95 % interval, paired bootstrap, {} draws", format::count(i64::from(draws)))
        }
    });
    let skipped = move || {
        let names = board.compared.with(|c| c.as_ref().map(|c| c.skipped.clone()).unwrap_or_default());
        let names: Vec<String> = names.iter().map(|n| board.figure(n).0).collect();
        (!names.is_empty())
            .then(|| format!(" {} without one: it would take too long on so many inputs.", names.join(", ")))
    };
    let row = move |d: Difference| {
        let (title, print) = title_of(&d);
        let class = format!("num {}", way(d.verdict).class());
        let (difference, interval, way, reach) = (d.difference, d.interval, way(d.verdict), reach(&d));
        view! { <tr><th scope="row">{title}{d.lower_is_better.then(|| view! { " "<span class="faint small">"lower is better"</span> })}</th>
        <td class="num">{print.maybe(d.reference)}</td><td class="num">{print.maybe(d.value)}</td><td class=class>{Print::Signed(4).maybe(difference)}</td>
        <td><Interval difference=difference interval=interval way=way reach=reach/></td><td><Says difference=d/></td></tr> }
    };
    let others = move || {
        let count = board.names.with(Vec::len);
        (count > 2).then(|| view! {
            <span class="segmented" role="group" aria-label="Run against the reference">{(1..count).map(|at| view! {
                <button type="button" aria-pressed=move || (board.shown.get() == at).to_string() on:click=move |_| board.show(at)><span class="swatch" style=format!("--c:var(--cat-{})", colour(at))></span>{board.names.with(|n| n.get(at).cloned())}</button> }).collect_view()}</span>
        })
    };
    view! {
        <Twin title="Differences" note=note class="c8" file=Signal::derive(move || board.file("differences")) table=table flush=true tools=others
            foot=move || view! { <span>"An interval that crosses the line is no difference."{skipped}</span> }>
            {move || match lines.get() {
                None => view! { <div class="body"><span class="skel" style="height:160px"></span></div> }.into_any(),
                Some(lines) => view! { <div class="xscroll" tabindex="0" role="region" aria-label="Differences of figures"><table class="table"><caption class="vh">"Figures of both runs and their difference"</caption>
                    <thead><tr><th scope="col">"Figure"</th><th scope="col" class="num">{board.reference()}</th><th scope="col" class="num">{board.run()}</th><th scope="col" class="num">"Difference"</th><th scope="col">"Interval"</th><th scope="col" class="wide">"Verdict"</th></tr></thead>
                    <tbody>{lines.into_iter().map(row).collect_view()}</tbody></table></div> }.into_any(),
            }}
        </Twin>
    }
}
