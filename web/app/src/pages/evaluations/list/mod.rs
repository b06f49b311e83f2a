//! The leaderboard: all runs of an app, sorted and filtered as the address says, and the way to compare some of them.

mod columns;
mod filters;

use super::{Tabs, brief, in_work, measured, measured_on, new::New, share, state, why};
use crate::app::{asked_for_new, title};
use crate::charts::{csv, save};
use crate::components::{ChosenColumns, ColumnChooser, ErrorPanel, Icon, Pill};
use crate::data::{client, context, look_while, query, scope};
use crate::{format, routes};
use columns::{COLUMNS, FIRST, fact, figure, is_figure, ranks, sorts, table};
use filters::{Filter, Filters};
use labelscope_api::messages::EvalMetrics;
use labelscope_api::operations::ListEvaluations;
use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::query_signal;

/// Rows of a page.
const PAGE: u32 = 1000;

/// So many can be compared.
const COMPARED: std::ops::RangeInclusive<usize> = 2..=5;

/// All pages of a list.
async fn all(op: ListEvaluations) -> Result<Vec<EvalMetrics>, Error> {
    let mut out = Vec::new();
    for page in 1.. {
        let got = client().send(&ListEvaluations { page, ..op.clone() }).await?.eval_metrics;
        let last = got.len() < PAGE as usize;
        out.extend(got);
        if last {
            break;
        }
    }
    Ok(out)
}

#[component]
pub(crate) fn Evaluations() -> impl IntoView {
    let context = context();
    title("Evaluations");
    let (sort, set_sort) = query_signal::<String>("sort");
    let (page, set_page) = query_signal::<u32>("page");
    let filter = Filter::new();
    let making = asked_for_new();
    let columns = ChosenColumns::of("labelscope.columns.evaluations", &COLUMNS, &FIRST);
    // `-f1` is F1, the highest first; the newest are first without a word.
    let by = move || {
        let sort = sort.get().unwrap_or_default();
        sort.strip_prefix('-').map_or((sort.clone(), false), |by| (by.to_owned(), true))
    };
    let wanted = move || {
        let _ = context.app.get();
        let (by, down) = by();
        ListEvaluations {
            user_app_id: scope(context),
            page: page.get().unwrap_or(1),
            per_page: PAGE,
            sort_ascending: !down && !by.is_empty(),
            sort_by_f1: by == "f1",
            sort_by_precision: by == "precision",
            sort_by_recall: by == "recall",
            sort_by_roc_auc: by == "roc_auc",
            sort_by_mean_avg_precision: by == "map",
            sort_by_model_id: by == "model",
            sort_by_eval_dataset_id: by == "dataset",
            sort_by_train_dataset_id: by == "trained",
            sort_by_created_at: by == "created",
            model_type_id: filter.kind.get().unwrap_or_default(),
            eval_dataset_ids: filter.datasets.get(),
            train_dataset_ids: filter.trained.get(),
            concept_ids: filter.concepts.get(),
            show_failed_metrics: filter.failed.get().is_some(),
            ..ListEvaluations::default()
        }
    };
    let list = query(move || {
        context.jobs.track();
        Some(wanted())
    });
    look_while(context, move || {
        list.value.get().is_some_and(|r| r.eval_metrics.iter().any(|e| in_work(e.status.as_ref())))
    });
    let picked = RwSignal::new(Vec::<String>::new());
    let keep = move |_| {
        let op = untrack(wanted);
        spawn_local(async move {
            match all(op).await {
                Ok(runs) => untrack(|| save("evaluations.csv", "text/csv", &csv(&table(runs)))),
                Err(error) => context.failed("The evaluations could not be saved", &error),
            }
        });
    };
    let head = move |word: &'static str, name: &'static str, class: &'static str| {
        let now = move || {
            let (by, down) = by();
            (by == word).then_some(down)
        };
        // Figures are best first, names from A.
        let turn = move |_| {
            let down = now().map_or(is_figure(word), |down| !down);
            set_sort.set(Some(format!("{}{word}", if down { "-" } else { "" })));
        };
        view! { <th scope="col" class=class aria-sort=move || now().map(|down| if down { "descending" } else { "ascending" })>
        <button type="button" class="sort" on:click=turn>{name}{move || now().map(|down| view! { <Icon name=if down { "dn" } else { "up" }/> })}</button></th> }
    };
    let ranked = move || Some(by().0).filter(|by| is_figure(by));
    let row = move |e: &EvalMetrics, rank: Option<usize>| {
        let ((model, version), (data, cut)) = (measured(e), measured_on(e));
        let (tone, word) = state(e.status.as_ref());
        let app = context.app.get();
        let model_id = e.model.as_ref().map(|m| m.id.clone()).unwrap_or_default();
        let reason = why(e.status.as_ref()).map(|why| {
            let missing = e.status.as_ref().is_some_and(|s| s.code.0 == 21313);
            let import = missing.then(
                || view! { " "<a class="lk" href=routes::predictions(&app, &model_id, &data)>"Import predictions"</a> },
            );
            view! { <span class="sub reason">{why}{import}</span> }
        });
        let cells = columns.now().into_iter().map(|(column, _)| {
            let text = if is_figure(column) { figure(e, column).map(share) } else { fact(e, column) };
            view! { <td class=if is_figure(column) { "num" } else { "" }>{text.unwrap_or_else(|| "–".to_owned())}</td> }
        }).collect_view();
        let (id, own, name) = (e.id.clone(), e.id.clone(), format!("{model} {}", brief(&version)));
        let toggle = move |_| {
            picked.update(|p| match p.iter().position(|x| *x == id) {
                Some(at) => drop(p.remove(at)),
                None => p.push(id.clone()),
            });
        };
        let version_of = (!cut.is_empty()).then(|| view! { " "<a class="lk sub mono" href=routes::version(&app, &data, &cut) title=cut.clone()>{brief(&cut)}</a> });
        let on = if data.is_empty() {
            view! { <span class="muted">"all inputs"</span> }.into_any()
        } else {
            view! { <a class="lk" href=routes::dataset(&app, &data)>{data.clone()}</a>{version_of} }.into_any()
        };
        view! { <tr>
        <td class="pick"><label class="sel"><span class="vh">{format!("Pick {name}")}</span><input type="checkbox" prop:checked=move || picked.with(|p| p.contains(&own)) on:change=toggle/></label></td>
        {ranked().map(|_| view! { <td class="num">{rank.map(|r| r.to_string())}</td> })}
        <th scope="row"><a class="lk strong" href=routes::evaluation(&app, &e.id)>{model}</a>" "<a class="lk sub mono" href=routes::model(&app, &model_id) title=version.clone()>{brief(&version)}</a></th>
        <td>{on}</td><td><Pill tone=tone text=word/>{reason}</td>{cells}</tr> }
    };
    let make = move || view! { <button type="button" class="btn primary" on:click=move |_| making.set(true)><Icon name="plus"/>"New evaluation"</button> };
    view! {
        <div class="page-head"><div class="page-title"><h1>"Evaluations"</h1><div class="actions">
            <button type="button" class="btn primary grow" on:click=move |_| making.set(true)><Icon name="plus"/>"New evaluation"</button></div></div><Tabs/></div>
        <div class="toolbar" style="padding-inline:var(--page-x)">
            <Filters filter=filter/>
            <span class="push row"><ColumnChooser columns=columns/><button type="button" class="btn iconly quiet s" aria-label="Save all rows as CSV" title="Save all rows as CSV" on:click=keep><Icon name="download"/></button></span>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Evaluation list">
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The evaluations could not be listed" error=e/> })}
            {move || {
                let Some(reply) = list.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any() };
                if reply.eval_metrics.is_empty() {
                    let hidden = if filter.failed.get().is_none() { " Failed ones are hidden." } else { "" };
                    let (head, text) = if filter.narrows() { ("No evaluation matches", "Take a filter away.") } else { ("No evaluations yet", "An evaluation compares what a model version says with the labels of a dataset version.") };
                    return view! { <div class="empty"><h2>{head}</h2><p>{text}{hidden}</p><div class="actions">{make()}<a class="btn" href=routes::predictions(&context.app.get(), "", "")>"Import predictions"</a></div></div> }.into_any();
                }
                let ranks = ranked().map(|by| ranks(&reply.eval_metrics, &by)).unwrap_or_default();
                let before = ((page.get().unwrap_or(1) - 1) * PAGE) as usize;
                let rows = reply.eval_metrics.iter().enumerate().map(|(i, e)| row(e, ranks.get(i).copied().flatten().map(|r| r + before))).collect_view();
                let heads = columns.now().into_iter().map(|(word, name)| {
                    let class = if is_figure(word) { "num" } else { "" };
                    if sorts(word) { head(word, name, class).into_any() } else { view! { <th scope="col" class=class>{name}</th> }.into_any() }
                }).collect_view();
                view! { <table class="table leaderboard"><caption class="vh">"Evaluations; figures are means over concepts, from 0 to 1"</caption>
                    <thead><tr><th scope="col" class="pick"><span class="vh">"Pick"</span></th>{ranked().map(|_| view! { <th scope="col" class="num" title="Equal values share a rank">"Rank"</th> })}
                        {head("model", "Model and version", "")}{head("dataset", "Measured on", "")}<th scope="col">"State"</th>{heads}</tr></thead><tbody>{rows}</tbody></table> }.into_any()
            }}
        </div>
        <div class="statusbar"><span>{move || list.value.get().map(|r| format::of(r.eval_metrics.len() as i64, "evaluation", "evaluations"))}</span>
            {move || {
                let (at, full) = (page.get().unwrap_or(1), list.value.get().is_some_and(|r| r.eval_metrics.len() == PAGE as usize));
                (at > 1 || full).then(|| view! { <span class="row">
                    <button type="button" class="btn s" disabled=at <= 1 on:click=move |_| set_page.set(Some(at - 1).filter(|p| *p > 1))>"Previous"</button>
                    <span>{format!("Page {at}")}</span>
                    <button type="button" class="btn s" disabled=!full on:click=move |_| set_page.set(Some(at + 1))>"Next"</button></span> })
            }}
            {move || {
                let ids = picked.get();
                (!ids.is_empty()).then(|| {
                    let fits = COMPARED.contains(&ids.len());
                    let to = routes::compare(&context.app.get(), &ids);
                    let count = format!("{} picked", format::count(ids.len() as i64));
                    let note = match ids.len() { 1 => "pick one more", 2..=5 => "the first is the reference", _ => "at most five" };
                    view! { <span class="push row"><span>{count}<span class="hide-phone faint">{format!(" · {note}")}</span></span>
                        {if fits { view! { <a class="btn s" href=to><Icon name="compare"/>"Compare"</a> }.into_any() } else { view! { <button type="button" class="btn s" disabled=true><Icon name="compare"/>"Compare"</button> }.into_any() }}
                        <button type="button" class="btn quiet s" on:click=move |_| picked.set(Vec::new())>"Clear"</button></span> }
                })
            }}</div>
        <New open=making/>
    }
}
