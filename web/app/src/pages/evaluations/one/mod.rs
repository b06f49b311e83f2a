//! One evaluation: its figures, each with its definition, and its concepts, the weakest first.

use super::{brief, in_work, measured, measured_on, share, state, why};
use crate::app::title;
use crate::components::{ErrorPanel, Icon, Pill};
use crate::data::{context, look_while, mutate, query, scope};
use crate::{format, routes};
use labelscope_api::messages::{BinaryMetrics, Dataset, EvalMetrics, FieldsValue, Model, ModelVersion};
use labelscope_api::operations::{GetEvaluation, PostEvaluations};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{query_signal, use_params_map};
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

/// What the server says of the figures beyond the API: a list of names, or a count.
fn noted<'a>(e: &'a EvalMetrics, key: &str) -> Option<&'a Value> {
    e.extended_metrics.as_ref()?.user_metrics.as_ref()?.get("labelscope")?.get(key)
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
pub(crate) fn Evaluation() -> impl IntoView {
    let context = context();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("evaluation").unwrap_or_default());
    let one = query(move || {
        context.jobs.track();
        let fields =
            FieldsValue { label_counts: true, binary_metrics: true, metrics_by_class: true, ..FieldsValue::default() };
        Some(GetEvaluation { user_app_id: scope(context), evaluation_id: id.get(), fields: Some(fields) })
    });
    let evaluation = move || one.value.get().and_then(|r| r.eval_metrics.clone());
    look_while(context, move || evaluation().is_some_and(|e| in_work(e.status.as_ref())));
    let name = Memo::new(move |_| {
        evaluation().map_or_else(String::new, |e| format!("{} on {}", measured(&e).0, measured_on(&e).0))
    });
    Effect::new(move |_| title(&name.get()));
    let again = move |_| {
        let Some(e) = evaluation() else { return };
        spawn_local(async move {
            let (model, dataset) = (e.model.unwrap_or_default(), e.ground_truth_dataset.unwrap_or_default());
            let version = model.model_version.map(|v| Box::new(ModelVersion { id: v.id, ..ModelVersion::default() }));
            let model = Model {
                id: model.id,
                user_id: model.user_id,
                app_id: model.app_id,
                model_version: version,
                ..Model::default()
            };
            let dataset = Dataset {
                id: dataset.id,
                user_id: dataset.user_id,
                app_id: dataset.app_id,
                version: dataset.version,
                ..Dataset::default()
            };
            let wanted = EvalMetrics {
                id: e.id,
                model: Some(Box::new(model)),
                ground_truth_dataset: Some(Box::new(dataset)),
                eval_info: e.eval_info,
                ..EvalMetrics::default()
            };
            match mutate(context, &PostEvaluations { user_app_id: scope(context), eval_metrics: vec![wanted] }).await {
                Ok(_) => context.good("Evaluating anew"),
                Err(error) => context.failed("The evaluation was not begun", &error),
            }
        });
    };
    view! {
        <div class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || routes::evaluations(&context.app.get())>"Evaluations"</a></li><li><span class="truncate" aria-current="page" title=id>{move || id.with(|id| brief(id))}</span></li></ol></nav>
            <div class="page-title"><h1>{name}</h1>{move || evaluation().map(|e| { let (tone, word) = state(e.status.as_ref()); view! { <Pill tone=tone text=word/> } })}
                <div class="actions"><button type="button" class="btn grow" disabled=move || evaluation().is_none_or(|e| matches!(e.status.map_or(0, |s| s.code.0), 21301 | 21303)) on:click=again><Icon name="play"/>"Evaluate again"</button></div></div>
            {move || evaluation().map(|e| {
                let ((_, version), (data, cut)) = (measured(&e), measured_on(&e));
                let model = e.model.as_ref().map(|m| m.id.clone()).unwrap_or_default();
                view! { <p class="page-meta">
                    <span><Icon name="play"/><a href=routes::model(&context.app.get(), &model)>{model.clone()}</a><span title=version.clone()>{brief(&version)}</span></span>
                    <span><Icon name="datasets"/><a href=routes::dataset(&context.app.get(), &data)>{data.clone()}</a></span>
                    {(!cut.is_empty()).then(|| view! { <span><Icon name="freeze"/><a href=routes::version(&context.app.get(), &data, &cut) title=cut.clone()>{brief(&cut)}</a></span> })}
                    {noted(&e, "inputs").and_then(Value::as_i64).map(|n| view! { <span><Icon name="inputs"/>{format::of(n, "input", "inputs")}</span> })}
                </p> }
            })}
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Evaluation"><div class="page-body">
            {move || one.error.get().map(|e| view! { <ErrorPanel what="The evaluation could not be opened" error=e/> })}
            {move || match evaluation() {
                None if one.error.get().is_some() => ().into_any(),
                None => view! { <div class="skel" style="height:240px"></div> }.into_any(),
                Some(e) => view! { <Shown e=e/> }.into_any(),
            }}
        </div></div>
    }
}

#[component]
fn Shown(e: EvalMetrics) -> impl IntoView {
    let context = context();
    if let Some(why) = why(e.status.as_ref()) {
        let advice = match e.status.as_ref().map_or(0, |s| s.code.0) {
            21313 => "Import predictions that name this model version, then evaluate again.",
            21315 => "Label inputs of the dataset, then evaluate again.",
            21316 => "Add inputs to the dataset, then evaluate again.",
            _ => "Evaluate again. If it stays, look into the jobs.",
        };
        return view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The evaluation failed"</strong><span>{why}</span><span>{advice}</span>
            <span class="small mono">{format!("code {}", e.status.as_ref().map_or(0, |s| s.code.0))}</span></div><a href=routes::jobs(&context.app.get_untracked())>"Open jobs"</a></div> }.into_any();
    }
    if e.status.as_ref().is_none_or(|s| s.code.0 != 21300) {
        return view! { <div class="banner run" role="status"><Icon name="run"/><span>"The figures stand here once the job is done."</span><a href=routes::jobs(&context.app.get_untracked())>"Open jobs"</a></div> }.into_any();
    }
    let undefined: Vec<&str> =
        noted(&e, "undefined").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let said = (!undefined.is_empty()).then(|| {
        view! { <p class="small muted">{format!("Undefined here, and printed as 0 by the API: {}.", undefined.join(", "))}</p> }
    });
    // Only figures that were computed are shown as figures.
    let any = lines(&e).iter().any(|l| l.figures.is_some());
    let tiles = figures(&e).into_iter().filter(|f| any || f.2 > 0.0).map(|(name, says, value)| view! { <div class="tile"><dt>{name}<button type="button" class="def" aria-label=format!("How {name} is defined: {says}") title=says><Icon name="info"/></button></dt><dd class="fig">{share(value)}</dd></div> }).collect::<Vec<_>>();
    view! {
        {if tiles.is_empty() { view! { <p class="muted">"This kind of model is not given figures here; its labels are counted below."</p> }.into_any() } else { view! { <dl class="tiles">{tiles}</dl> }.into_any() }}
        {said}
        <PerConcept lines=lines(&e)/>
    }.into_any()
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
