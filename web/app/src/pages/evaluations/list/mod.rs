//! All evaluations of an app, sorted and filtered as the address says.

use super::{Tabs, brief, in_work, measured, measured_on, new::New, share, state, why};
use crate::app::{asked_for_new, title};
use crate::components::{Choice, ErrorPanel, Icon, Pill};
use crate::data::{context, look_while, query, scope};
use crate::{format, routes};
use labelscope_api::messages::{EvalMetrics, MetricsSummary};
use labelscope_api::operations::{ListDatasets, ListEvaluations, ListModelTypes};
use leptos::prelude::*;
use leptos_router::hooks::query_signal;

/// Rows of a page.
const PAGE: u32 = 100;

/// Columns that can be sorted by: their word in the address and their head.
const FIGURES: [(&str, &str); 5] =
    [("f1", "F1"), ("precision", "Precision"), ("recall", "Recall"), ("roc_auc", "ROC AUC"), ("map", "mAP@.5")];

/// A figure, where there is one: a model of another kind has none, which the API prints as 0.
fn figure(summary: &MetricsSummary, which: &str) -> Option<f32> {
    let means =
        [summary.macro_avg_f1_score, summary.macro_avg_precision, summary.macro_avg_recall, summary.macro_avg_roc_auc];
    let at = FIGURES.iter().position(|f| f.0 == which)?;
    match means.get(at) {
        Some(mean) => means.iter().any(|m| *m > 0.0).then_some(*mean),
        None => Some(summary.mean_avg_precision_iou_50).filter(|m| *m > 0.0),
    }
}

#[component]
pub(crate) fn Evaluations() -> impl IntoView {
    let context = context();
    title("Evaluations");
    let (sort, set_sort) = query_signal::<String>("sort");
    let (kind, set_kind) = query_signal::<String>("type");
    let (dataset, set_dataset) = query_signal::<String>("dataset");
    let (failed, set_failed) = query_signal::<String>("failed");
    let (page, set_page) = query_signal::<u32>("page");
    let making = asked_for_new();
    let some = |v: String| Some(v).filter(|v| !v.is_empty());
    let list = query(move || {
        context.jobs.track();
        let _ = context.app.get();
        // `-f1` is F1, the highest first; the newest are first without a word.
        let sort = sort.get().unwrap_or_default();
        let (by, up) = sort.strip_prefix('-').map_or((sort.as_str(), true), |by| (by, false));
        Some(ListEvaluations {
            user_app_id: scope(context),
            page: page.get().unwrap_or(1),
            per_page: PAGE,
            sort_ascending: up && !by.is_empty(),
            sort_by_f1: by == "f1",
            sort_by_precision: by == "precision",
            sort_by_recall: by == "recall",
            sort_by_roc_auc: by == "roc_auc",
            sort_by_mean_avg_precision: by == "map",
            sort_by_model_id: by == "model",
            sort_by_eval_dataset_id: by == "dataset",
            model_type_id: kind.get().unwrap_or_default(),
            eval_dataset_ids: dataset.get().into_iter().collect(),
            show_failed_metrics: failed.get().is_some(),
            ..ListEvaluations::default()
        })
    });
    look_while(context, move || {
        list.value.get().is_some_and(|r| r.eval_metrics.iter().any(|e| in_work(e.status.as_ref())))
    });
    let types = query(move || {
        Some(ListModelTypes { user_app_id: scope(context), per_page: 1000, ..ListModelTypes::default() })
    });
    let datasets =
        query(move || Some(ListDatasets { user_app_id: scope(context), per_page: 1000, ..ListDatasets::default() }));
    let filtered = move || kind.get().is_some() || dataset.get().is_some();
    let head = move |by: &'static str, word: &'static str, class: &'static str| {
        let now = move || sort.get().unwrap_or_default();
        let down = move || now().strip_prefix('-') == Some(by);
        let number = class.contains("num");
        // Figures are best first, names from A.
        let turn = move |_| {
            let other = if down() || (!number && now() != by) { by.to_owned() } else { format!("-{by}") };
            set_sort.set(Some(other));
        };
        view! { <th scope="col" class=class aria-sort=move || if down() { Some("descending") } else if now() == by { Some("ascending") } else { None }>
        <button type="button" class="sort" on:click=turn>{word}{move || (down() || now() == by).then(|| view! { <Icon name=if down() { "dn" } else { "up" }/> })}</button></th> }
    };
    let row = move |e: &EvalMetrics| {
        let ((model, version), (data, data_version)) = (measured(e), measured_on(e));
        let (tone, word) = state(e.status.as_ref());
        let ready = e.status.as_ref().is_some_and(|s| s.code.0 == 21300);
        let reason = why(e.status.as_ref());
        let figures = FIGURES
            .map(|(by, _)| {
                let value = e.summary.as_ref().filter(|_| ready).and_then(|s| figure(s, by));
                let text = value.map_or_else(|| "–".to_owned(), share);
                view! { <td class=if by == "f1" { "num" } else { "num hide-phone" }>{text}</td> }
            })
            .into_iter()
            .collect_view();
        view! { <tr>
        <th scope="row"><a class="lk strong" href=routes::evaluation(&context.app.get(), &e.id)>{model}</a><span class="sub mono" title=version.clone()>" "{brief(&version)}</span></th>
        <td class="hide-phone"><a class="lk" href=routes::dataset(&context.app.get(), &data)>{data.clone()}</a><span class="sub" title=data_version.clone()>" "{brief(&data_version)}</span></td>
        <td title=reason><Pill tone=tone text=word/></td>{figures}</tr> }
    };
    view! {
        <div class="page-head"><div class="page-title"><h1>"Evaluations"</h1><div class="actions">
            <button type="button" class="btn primary grow" on:click=move |_| making.set(true)><Icon name="plus"/>"New evaluation"</button></div></div><Tabs/></div>
        <div class="toolbar" style="padding-inline:var(--page-x)">
            <Choice label="Type of model" quiet=true value=Signal::derive(move || kind.get().unwrap_or_default()) change=Callback::new(move |v| set_kind.set(some(v)))
                options=Signal::derive(move || { let reply = types.value.get(); std::iter::once((String::new(), "All types".to_owned())).chain(reply.iter().flat_map(|r| &r.model_types).map(|t| (t.id.clone(), t.title.clone()))).collect() })/>
            <Choice label="Dataset" quiet=true value=Signal::derive(move || dataset.get().unwrap_or_default()) change=Callback::new(move |v| set_dataset.set(some(v)))
                options=Signal::derive(move || { let reply = datasets.value.get(); std::iter::once((String::new(), "All datasets".to_owned())).chain(reply.iter().flat_map(|r| &r.datasets).map(|d| (d.id.clone(), d.id.clone()))).collect() })/>
            <button type="button" class="chip" aria-pressed=move || failed.get().is_some().to_string() on:click=move |_| set_failed.set(failed.get_untracked().is_none().then(|| "1".to_owned()))>"Show failed"</button>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Evaluation list">
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The evaluations could not be listed" error=e/> })}
            {move || {
                let Some(reply) = list.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any() };
                if reply.eval_metrics.is_empty() {
                    let (head, text) = if filtered() { ("No evaluation matches", "Choose another type or dataset.") } else if failed.get().is_none() { ("No evaluations yet", "An evaluation compares what a model version says with the labels of a dataset version. Failed ones are hidden.") } else { ("No evaluations yet", "An evaluation compares what a model version says with the labels of a dataset version.") };
                    return view! { <div class="empty"><h2>{head}</h2><p>{text}</p>
                        <div class="actions"><button type="button" class="btn primary" on:click=move |_| making.set(true)><Icon name="plus"/>"New evaluation"</button></div></div> }.into_any();
                }
                let rows = reply.eval_metrics.iter().map(row).collect_view();
                let figures = FIGURES.map(|(by, word)| head(by, word, if by == "f1" { "num" } else { "num hide-phone" })).into_iter().collect_view();
                view! { <table class="table"><caption class="vh">"Evaluations; figures are means over concepts, from 0 to 1"</caption>
                    <thead><tr>{head("model", "Model and version", "")}{head("dataset", "Measured on", "hide-phone")}<th scope="col">"State"</th>{figures}</tr></thead><tbody>{rows}</tbody></table> }.into_any()
            }}
        </div>
        <div class="statusbar"><span>{move || list.value.get().map(|r| format::of(r.eval_metrics.len() as i64, "evaluation", "evaluations"))}</span>
            {move || {
                let (at, full) = (page.get().unwrap_or(1), list.value.get().is_some_and(|r| r.eval_metrics.len() == PAGE as usize));
                (at > 1 || full).then(|| view! { <span class="push row">
                    <button type="button" class="btn s" disabled=at <= 1 on:click=move |_| set_page.set(Some(at - 1).filter(|p| *p > 1))>"Previous"</button>
                    <span>{format!("Page {at}")}</span>
                    <button type="button" class="btn s" disabled=!full on:click=move |_| set_page.set(Some(at + 1))>"Next"</button></span> })
            }}</div>
        <New open=making/>
    }
}
