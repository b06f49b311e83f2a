//! Scores of classifications: are they what they say, how near is the truth to the top, and what stands together.

use super::definitions::definition;
use super::page::{Page, answer};
use super::tiles::Defined;
use super::trouble::Trouble;
use crate::charts::{Bar, Colours, Head, Heatmap, Matrix, Print, Reliability, Scheme, Table, Twin};
use crate::components::Choice;
use crate::explore::asked;
use crate::format;
use labelscope_messages::evaluation::{Explore, Explored, PairFilter};
use leptos::prelude::*;
use std::sync::Arc;

/// Bins that can be chosen.
const BINS: [u32; 3] = [10, 15, 20];

#[component]
pub(super) fn Scores(page: Page) -> impl IntoView {
    view! {
        <div class="cols"><Calibrated page=page/><TopK page=page/></div>
        <Beside page=page/>
    }
}

#[component]
fn Calibrated(page: Page) -> impl IntoView {
    let bins = page.address.part("bins");
    let bins =
        Memo::new(move |_| bins.get().and_then(|b| b.parse::<u32>().ok()).filter(|b| BINS.contains(b)).unwrap_or(10));
    let asked = asked(move || Some(Explore::Calibration { run: page.run(), at: page.at(), bins: bins.get() }));
    let found = answer(asked, |e| if let Explored::Calibration(c) = e { Some(c) } else { None });
    let data = Memo::new(move |_| found.get().unwrap_or_default());
    let table = Callback::new(move |()| {
        let all = data.get().bins.clone();
        let total = all.len();
        let row = Callback::new(move |i: usize| {
            let text = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
            all.get(i)
                .map(|b| {
                    vec![b.low.to_string(), b.high.to_string(), b.count.to_string(), text(b.mean_score), text(b.right)]
                })
                .unwrap_or_default()
        });
        let head = ["From", "To", "Count", "Mean score", "Share right"].map(Head::number).to_vec();
        Table { head, total, row }
    });
    // Elsewhere a bin holds what is rightly absent too, which is nobody's pair.
    let counted = page.about().single_label;
    let ways = move || {
        data.get().bins.iter().filter(|b| b.count > 0).map(|b| {
            let to = PairFilter { scores: Some((b.low, b.high)), ..PairFilter::default() };
            view! { <li><a class="chip" href=move || page.behind(&to)>{format!("{}–{}", Print::Plain(2).of(b.low), Print::Plain(2).of(b.high))}{counted.then(|| view! { <span class="count">{format::count(i64::from(b.count))}</span> })}</a></li> }
        }).collect_view()
    };
    view! {
        <Twin title="Calibration" class="c7" file=page.file("calibration") table=table
            tools=move || view! { <Choice label="Bins" quiet=true value=Signal::derive(move || bins.get().to_string()) options=Signal::derive(|| BINS.map(|b| (b.to_string(), format!("{b} bins"))).to_vec()) change=Callback::new(move |v: String| page.address.set(&[("bins", Some(v).filter(|v| v != "10"))]))/> }
            foot=move || view! { <span>{move || data.with(|d| format!("Expected calibration error {} (mean distance of score and share, by count), largest {}. Lower is better.", Print::Plain(4).maybe(d.error), Print::Plain(4).maybe(d.largest)))}</span> }>
            <Trouble asked=asked what="The calibration could not be computed"/>
            {move || if found.with(Option::is_none) { view! { <span class="skel" style="height:320px"></span> }.into_any() } else { view! { <Reliability data=data/><p class="small muted">"Inputs by score:"</p><ul class="row wrap">{ways}</ul> }.into_any() }}
        </Twin>
    }
}

#[component]
fn TopK(page: Page) -> impl IntoView {
    let rows = Memo::new(move |_| {
        page.figures.with(|f| {
            f.as_ref().map(|f| {
                f.whole
                    .iter()
                    .filter(|w| w.name == "accuracy" || w.name.starts_with("top_") || w.name.starts_with("top"))
                    .cloned()
                    .collect::<Vec<_>>()
            })
        })
    });
    let table = Callback::new(move |()| {
        let all = rows.get().unwrap_or_default();
        let total = all.len();
        let row = Callback::new(move |i: usize| {
            all.get(i)
                .map(|w| vec![definition(&w.name, true).title, w.value.map(|v| v.to_string()).unwrap_or_default()])
                .unwrap_or_default()
        });
        Table { head: vec![Head::words("Figure"), Head::number("Share")], total, row }
    });
    view! {
        <Twin title="How near the top" class="c5" file=page.file("top") table=table
            foot=move || view! { <span>"Share of inputs whose true class is among their highest scores; on equal scores those whose ids come first win."</span> }>
            {move || match rows.get() {
                None => view! { <span class="skel" style="height:96px"></span> }.into_any(),
                Some(rows) if rows.is_empty() => view! { <p class="muted">"Inputs may have several classes here, so that there is no one true class to find near the top."</p> }.into_any(),
                Some(rows) => view! { <dl class="shares-of">{rows.into_iter().map(|w| { let d = definition(&w.name, true); view! { <dt class="row">{d.title.clone()}<Defined definition=d/></dt><dd><Bar value=w.value print=Print::Share(4)/></dd> } }).collect_view()}</dl> }.into_any(),
            }}
        </Twin>
    }
}

/// Which concepts stand on the same inputs.
#[component]
fn Beside(page: Page) -> impl IntoView {
    let asked = asked(move || Some(Explore::Together { run: page.run() }));
    let found = answer(asked, |e| if let Explored::Together(t) = e { Some(t) } else { None });
    let data = Memo::new(move |_| {
        Arc::new(found.with(|t| {
            t.as_ref()
                .map(|t| Matrix::new(t.concepts.iter().map(|c| page.name(*c)).collect(), false, t.counts.read()))
                .unwrap_or_default()
        }))
    });
    let table = Callback::new(move |()| {
        let d = data.get();
        let n = d.side();
        let mut pairs: Vec<(usize, usize, f32)> = (0..n)
            .flat_map(|i| (i..n).map(move |j| (i, j)))
            .map(|(i, j)| (i, j, d.at(i, j)))
            .filter(|p| p.2 > 0.0)
            .collect();
        pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
        let total = pairs.len();
        let row = Callback::new(move |k: usize| {
            let Some((i, j, count)) = pairs.get(k).copied() else { return Vec::new() };
            let name = |at: usize| d.labels.get(at).cloned().unwrap_or_default();
            // Inputs with both, over inputs with either.
            let either = d.at(i, i) + d.at(j, j) - count;
            vec![
                name(i),
                name(j),
                count.to_string(),
                if either > 0.0 { (count / either).to_string() } else { String::new() },
            ]
        });
        Table {
            head: vec![
                Head::words("Class"),
                Head::words("With"),
                Head::number("Inputs"),
                Head::number("Both over either"),
            ],
            total,
            row,
        }
    });
    let picked = RwSignal::new(None::<(usize, usize)>);
    let said = move || {
        let (i, j) = picked.get()?;
        let d = data.get();
        let name = |at: usize| d.labels.get(at).cloned().unwrap_or_default();
        let count = Print::Count.of(f64::from(d.at(i, j)));
        Some(if i == j {
            format!("{count} inputs have {}.", name(i))
        } else {
            format!("{count} inputs have both {} and {}.", name(i), name(j))
        })
    };
    view! {
        <Twin title="True on the same inputs" file=page.file("together") table=table
            foot=move || view! { <span>"How many inputs have both classes as truth; the diagonal counts inputs of one class. "{said}</span> }>
            <Trouble asked=asked what="What stands together could not be counted"/>
            {move || if found.with(Option::is_none) { view! { <span class="skel matrix-skeleton"></span> }.into_any() } else { view! { <div class="matrix-place"><Heatmap label="Classes that are true on the same inputs" data=data
                colours=Signal::derive(|| Colours { scheme: Scheme::Amount, ..Colours::default() }) print=Signal::derive(|| Print::Count) selected=picked pick=Callback::new(move |c| picked.set(Some(c))) rows_are="With" columns_are="And" unit="inputs"/></div> }.into_any() }}
        </Twin>
    }
}
