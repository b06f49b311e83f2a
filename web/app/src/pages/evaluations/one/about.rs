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
    let disputed = noted(&e, "disputed").map(text).filter(|t| !t.is_empty() && t != "0");
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
                {disputed.map(|d| view! { <dt>"Disputed"</dt><dd>{d}" pairs of input and class, whose labels contradict each other; they are left out of every figure"</dd> })}
                {undefined.map(|u| view! { <dt>"Undefined"</dt><dd>{u.join(", ")}"; the API prints 0 for them"</dd> })}
                {missing.map(|m| view! { <dt>"Not computed"</dt><dd>{m.join(", ")}</dd> })}
            </dl></div></section>
        <section class="card" aria-labelledby="params"><header><h2 id="params">"Parameters"</h2></header>
            {if params.is_empty() { view! { <div class="body"><p class="muted">"None were given: the defaults hold. Predicted is what is above 0.5; a prediction counts from an overlap of .5 on."</p></div> }.into_any() } else {
                view! { <table class="table tall"><caption class="vh">"Parameters"</caption><tbody>{rows(&params)}</tbody></table> }.into_any() }}</section>
        {(!own.is_empty()).then(|| view! { <section class="card" aria-labelledby="own"><header><h2 id="own">"Your own figures"</h2><span class="small faint">"sent with the evaluation, as they are"</span></header>
            <div class="xscroll" tabindex="0" role="region" aria-label="Your own figures"><table class="table tall"><caption class="vh">"Your own figures"</caption><tbody>{rows(&own)}</tbody></table></div></section> })}
    }
}
