//! The server's own figures, where the test set is not at hand to compute anything from.

use super::super::{noted, share};
use super::definitions::Definition;
use super::tiles::Defined;
use crate::components::Icon;
use crate::data::context;
use crate::{format, routes};
use labelscope_api::messages::{BinaryMetrics, EvalMetrics};
use leptos::prelude::*;
use leptos_router::hooks::query_signal;
use serde_json::Value;
use std::collections::HashMap;

/// A figure: what it is called, how it is defined, its value.
fn figures(e: &EvalMetrics) -> Vec<(&'static str, &'static str, f32)> {
    let Some(s) = &e.summary else { return Vec::new() };
    let mut out = vec![
        (
            "Macro F1",
            "Harmonic mean of precision and recall, each concept alone; then the mean over concepts",
            s.macro_avg_f1_score,
        ),
        (
            "Macro precision",
            "Of what was predicted, the share that is true; then the mean over concepts",
            s.macro_avg_precision,
        ),
        (
            "Macro recall",
            "Of what is true, the share that was predicted; then the mean over concepts",
            s.macro_avg_recall,
        ),
        (
            "Macro ROC AUC",
            "Area under the ROC curve, each concept against the rest; then the mean over concepts",
            s.macro_avg_roc_auc,
        ),
    ];
    for (name, says, value) in [
        ("Top-1 accuracy", "Share of inputs whose highest score is true", s.top1_accuracy),
        ("Top-5 accuracy", "Share of inputs with a true concept among the five highest scores", s.top5_accuracy),
        ("mAP@.5", "Mean average precision; a box counts from an overlap of one half", s.mean_avg_precision_iou_50),
        ("mAP@.5:.95", "Mean average precision, over overlaps from .5 to .95", s.mean_avg_precision_iou_range),
    ] {
        if value > 0.0 {
            out.push((name, says, value));
        }
    }
    out
}

/// A row of the table of concepts.
#[derive(Clone)]
struct Line {
    id: String,
    name: String,
    labels: u32,
    /// F1, average precision and area under ROC, where they were computed.
    figures: Option<[f32; 3]>,
}

fn lines(e: &EvalMetrics) -> Vec<Line> {
    let counts = e.label_counts.iter().flat_map(|l| &l.positive_label_counts);
    let mut labels: HashMap<String, Line> = counts
        .map(|l| {
            let id = l.concept.as_ref().map_or_else(|| l.concept_name.clone(), |c| c.id.clone());
            (id.clone(), Line { id, name: l.concept_name.clone(), labels: l.count, figures: None })
        })
        .collect();
    let measured = if e.binary_metrics.is_empty() { &e.metrics_by_class } else { &e.binary_metrics };
    for m in measured {
        let BinaryMetrics { concept: Some(concept), num_pos, f1, avg_precision, roc_auc, .. } = m else { continue };
        let name = if concept.name.is_empty() { &concept.id } else { &concept.name };
        let line = labels.entry(concept.id.clone()).or_insert_with(|| Line {
            id: concept.id.clone(),
            name: name.clone(),
            labels: *num_pos,
            figures: None,
        });
        line.figures = Some([*f1, *avg_precision, *roc_auc]);
    }
    labels.into_values().collect()
}

#[component]
pub(super) fn Told(e: EvalMetrics) -> impl IntoView {
    let undefined: Vec<&str> =
        noted(&e, "undefined").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let said = (!undefined.is_empty()).then(|| {
        view! { <p class="small muted">{format!("Undefined here, and printed as 0 by the API: {}.", undefined.join(", "))}</p> }
    });
    // Only figures that were computed are shown as figures.
    let any = lines(&e).iter().any(|l| l.figures.is_some());
    let tiles = figures(&e).into_iter().filter(|f| any || f.2 > 0.0).map(|(name, says, value)| {
        let definition = Definition { title: name.to_owned(), says: format!("{says}."), undefined: "Computed by the server; where a figure is undefined the API prints 0.", lower: false };
        view! { <div class="tile"><dt>{name}<Defined definition=definition/></dt><dd class="fig">{share(value)}</dd><dd class="sub">"as the server tells"</dd></div> }
    }).collect::<Vec<_>>();
    view! {
        {if tiles.is_empty() { view! { <p class="muted">"The server tells no figures of this evaluation; its labels are counted below."</p> }.into_any() } else { view! { <dl class="tiles">{tiles}</dl> }.into_any() }}
        {said}
        <PerConcept lines=lines(&e)/>
    }
}

#[component]
fn PerConcept(lines: Vec<Line>) -> impl IntoView {
    let context = context();
    let (sort, set_sort) = query_signal::<String>("sort");
    if lines.is_empty() {
        return view! { <p class="muted">"The evaluation says nothing of single concepts."</p> }.into_any();
    }
    let any = lines.iter().any(|l| l.figures.is_some());
    let many = format::of(lines.len() as i64, "concept", "concepts");
    let lines = StoredValue::new(lines);
    let by = move || sort.get().unwrap_or_else(|| if any { "f1" } else { "labels" }.to_owned());
    let rows = move || {
        let mut sorted = lines.get_value();
        let at = |l: &Line, i: usize| l.figures.and_then(|f| f.get(i).copied()).unwrap_or(f32::MAX);
        match by().as_str() {
            "name" => sorted.sort_by_key(|l| l.name.to_lowercase()),
            "labels" => sorted.sort_by(|a, b| b.labels.cmp(&a.labels).then_with(|| a.name.cmp(&b.name))),
            other => {
                // The weakest first: they are what is looked for.
                let i = match other {
                    "ap" => 1,
                    "auc" => 2,
                    _ => 0,
                };
                sorted.sort_by(|a, b| at(a, i).total_cmp(&at(b, i)).then_with(|| a.name.cmp(&b.name)));
            }
        }
        sorted.into_iter().map(|l| {
            let cell = |i: usize| l.figures.and_then(|f| f.get(i).copied()).map_or_else(|| "–".to_owned(), share);
            let f1 = l.figures.map_or(0.0, |f| f[0] * 100.0);
            view! { <tr><th scope="row"><a class="lk" href=routes::concept(&context.app.get_untracked(), &l.id)>{l.name.clone()}</a></th><td class="num">{format::count(i64::from(l.labels))}</td>
                {any.then(|| view! { <td class="num"><span class="bar" style=format!("--v:{f1:.1}")><i class="hide-phone"></i><span>{cell(0)}</span></span></td><td class="num">{cell(1)}</td><td class="num hide-phone">{cell(2)}</td> })}</tr> }
        }).collect_view()
    };
    let head = move |word: &'static str, name: &'static str, class: &'static str, way: &'static str| {
        view! { <th scope="col" class=class aria-sort=move || (by() == word).then_some(way)>
        <button type="button" class="sort" on:click=move |_| set_sort.set(Some(word.to_owned()))>{name}{move || (by() == word).then(|| view! { <Icon name=if way == "ascending" { "up" } else { "dn" }/> })}</button></th> }
    };
    view! {
        <section class="card" aria-labelledby="per-concept"><header><h2 id="per-concept">"Concepts"</h2><span class="small faint">{if any { "one against the rest, the weakest first" } else { "labels that are true" }}</span></header>
            <div class="xscroll" tabindex="0" role="region" aria-label="Figures by concept"><table class="table"><caption class="vh">"Figures by concept"</caption>
                <thead><tr>{head("name", "Concept", "", "ascending")}{head("labels", "Labels", "num", "descending")}
                    {any.then(|| view! { {head("f1", "F1", "num", "ascending")}{head("ap", "Average precision", "num", "ascending")}{head("auc", "ROC AUC", "num hide-phone", "ascending")} })}</tr></thead>
                <tbody>{rows}</tbody></table></div>
            <footer>{many}" · true from a value of 0.5 on"</footer></section>
    }.into_any()
}
