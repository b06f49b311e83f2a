//! What was evaluated on what, how, and what else is said of it.

use super::super::{measured, measured_on, noted};
use crate::charts::Print;
use crate::data::context;
use crate::{format, routes};
use labelscope_api::messages::EvalMetrics;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// A value of a JSON object in a line.
fn text(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Number(n) => n
            .as_f64()
            .filter(|f| f.fract() != 0.0)
            .map_or_else(|| n.as_f64().map_or_else(|| n.to_string(), |f| format!("{f}")), |f| Print::Plain(6).of(f)),
        Value::Array(all) if all.iter().all(|v| !v.is_object() && !v.is_array()) => {
            all.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        Value::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

fn rows(object: &Map<String, Value>) -> impl IntoView + use<> {
    object
        .iter()
        .map(|(k, v)| view! { <tr><th scope="row">{k.clone()}</th><td class="wrap-anywhere">{text(v)}</td></tr> })
        .collect_view()
}

#[component]
pub(super) fn About(evaluation: EvalMetrics) -> impl IntoView {
    let context = context();
    let e = evaluation;
    let app = context.app.get_untracked();
    let ((model, version), (dataset, cut)) = (measured(&e), measured_on(&e));
    let model_id = e.model.as_ref().map(|m| m.id.clone()).unwrap_or_default();
    let predictions = e
        .predictions_dataset
        .as_ref()
        .map(|d| (d.id.clone(), d.version.as_ref().map(|v| v.id.clone()).unwrap_or_default()));
    let params = e.eval_info.as_ref().and_then(|i| i.params.clone()).unwrap_or_default();
    let names = |key: &str| {
        noted(&e, key)
            .and_then(Value::as_array)
            .map(|a| a.iter().map(text).collect::<Vec<_>>())
            .filter(|a| !a.is_empty())
    };
    let (undefined, missing) = (names("undefined"), names("missing"));
    let disputed: Vec<(String, String)> = noted(&e, "disputed")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|d| Some((d.get("input_id")?.as_str()?.to_owned(), d.get("concept_id")?.as_str()?.to_owned())))
        .collect();
    let (rule, ignored) = (noted(&e, "rule").map(text), names("ignored_params"));
    let silent = noted(&e, "inputs_without_predictions").and_then(Value::as_i64).filter(|n| *n > 0);
    let sizeless = noted(&e, "inputs_without_size").and_then(Value::as_i64).filter(|n| *n > 0);
    let inputs = noted(&e, "inputs").and_then(Value::as_i64);
    // What the server notes itself is told above; the rest is the user's own.
    let own: Map<String, Value> = e
        .extended_metrics
        .as_ref()
        .and_then(|x| x.user_metrics.clone())
        .unwrap_or_default()
        .into_iter()
        .filter(|(k, _)| k != "labelscope")
        .collect();
    view! {
        <section class="card" aria-labelledby="what"><header><h2 id="what">"What was evaluated"</h2></header><div class="body">
            <dl class="kv">
                <dt>"Evaluation"</dt><dd class="mono wrap-anywhere">{e.id.clone()}</dd>
                <dt>"Model"</dt><dd><a href=routes::model(&app, &model_id)>{model}</a></dd>
                <dt>"Version of the model"</dt><dd class="mono wrap-anywhere">{version}</dd>
                <dt>"Dataset"</dt><dd>{if dataset.is_empty() { "all labelled inputs of the app".into_any() } else { view! { <a href=routes::dataset(&app, &dataset)>{dataset.clone()}</a> }.into_any() }}</dd>
                {(!cut.is_empty()).then(|| view! { <dt>"Version of the dataset"</dt><dd><a class="mono wrap-anywhere" href=routes::version(&app, &dataset, &cut)>{cut.clone()}</a></dd> })}
                {predictions.map(|(id, version)| view! { <dt>"Predictions"</dt><dd class="wrap-anywhere">{id}{(!version.is_empty()).then(|| format!(", version {version}"))}</dd> })}
                {inputs.map(|n| view! { <dt>"Inputs"</dt><dd>{format::count(n)}</dd> })}
                {silent.map(|n| view! { <dt>"Without predictions"</dt><dd>{format::of(n, "input", "inputs")}", about which the version says nothing"</dd> })}
                {sizeless.map(|n| view! { <dt>"Without a size"</dt><dd>{format::of(n, "input", "inputs")}", whose boxes cannot be turned into pixels"</dd> })}
                {rule.map(|r| view! { <dt>"Rule of the figures"</dt><dd>{r}</dd> })}
                {ignored.map(|i| view! { <dt>"Without effect"</dt><dd>{i.join(", ")}</dd> })}
                {undefined.map(|u| view! { <dt>"Undefined"</dt><dd>{u.join(", ")}"; the API prints 0 for them"</dd> })}
                {missing.map(|m| view! { <dt>"Not computed"</dt><dd>{m.join(", ")}</dd> })}
            </dl></div></section>
        <section class="card" aria-labelledby="params"><header><h2 id="params">"Parameters"</h2></header>
            {if params.is_empty() { view! { <div class="body"><p class="muted">"None were given: the defaults hold. Predicted is what is above 0.5; a prediction counts from an overlap of .5 on."</p></div> }.into_any() } else {
                view! { <table class="table tall"><caption class="vh">"Parameters"</caption><tbody>{rows(&params)}</tbody></table> }.into_any() }}</section>
        {(!disputed.is_empty()).then(|| view! { <Disputed pairs=disputed/> })}
        {(!own.is_empty()).then(|| view! { <section class="card" aria-labelledby="own"><header><h2 id="own">"Your own figures"</h2><span class="small faint">"sent with the evaluation, as they are"</span></header>
            <div class="xscroll" tabindex="0" role="region" aria-label="Your own figures"><table class="table tall"><caption class="vh">"Your own figures"</caption><tbody>{rows(&own)}</tbody></table></div></section> })}
    }
}

/// Disputed pairs that are listed.
const LISTED: usize = 50;

/// Pairs whose labels contradict each other, each with the way to its input.
#[component]
fn Disputed(pairs: Vec<(String, String)>) -> impl IntoView {
    let app = context().app.get_untracked();
    let count = format::of(pairs.len() as i64, "pair", "pairs");
    let more = pairs.len().saturating_sub(LISTED);
    let rows = pairs.into_iter().take(LISTED).map(|(input, concept)| {
        let to = format!("{}?input={}", routes::inputs(&app), routes::value(&input));
        view! { <tr><th scope="row"><a class="lk mono" href=to>{input}</a></th><td><a class="lk" href=routes::concept(&app, &concept)>{concept.clone()}</a></td></tr> }
    }).collect_view();
    view! {
        <section class="card" aria-labelledby="disputed"><header><h2 id="disputed">"Disputed labels"</h2><span class="small faint">{count}</span></header>
            <div class="body"><p class="muted">"Labels of these inputs say both that the concept is there and that it is not, so these pairs are in no figure. Settle them at the input, and evaluate again."</p></div>
            <table class="table"><caption class="vh">"Disputed pairs of input and concept"</caption><thead><tr><th scope="col">"Input"</th><th scope="col">"Concept"</th></tr></thead><tbody>{rows}</tbody></table>
            {(more > 0).then(|| view! { <footer>{format!("and {more} more")}</footer> })}</section>
    }
}
