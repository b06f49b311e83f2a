//! Evaluations: all of them, one in detail, and starting one.

#![allow(
    clippy::large_types_passed_by_value,
    reason = "a page is a handful of handles; only debug builds have larger ones"
)]

mod compare;
mod curve_kinds;
mod list;
mod new;
mod one;

pub(crate) use compare::Compare;
pub(crate) use list::Evaluations;
pub(crate) use one::Evaluation;

use crate::components::Tone;
use crate::data::context;
use crate::{format, routes};
use labelscope_api::messages::{Dataset, EvalMetrics, Model, Status};
use leptos::prelude::*;
use serde_json::Value;

/// The tabs of what is measured and who is.
#[component]
pub(crate) fn Tabs(#[prop(optional)] models: bool) -> impl IntoView {
    let context = context();
    view! {
        <nav class="tabs" aria-label="Evaluations and models">
            <a href=move || routes::evaluations(&context.app.get()) aria-current=(!models).then_some("page")>"Evaluations"</a>
            <a href=move || routes::models(&context.app.get()) aria-current=models.then_some("page")>"Models"</a>
        </nav>
    }
}

/// How an evaluation stands, as a pill.
fn state(status: Option<&Status>) -> (Tone, &'static str) {
    match status.map_or(0, |s| s.code.0) {
        21300 => (Tone::Ok, "Ready"),
        21301 => (Tone::Run, "Evaluating"),
        21303 => (Tone::Idle, "Queued"),
        21302 => (Tone::Idle, "Not evaluated"),
        21310 => (Tone::Bad, "Timed out"),
        21313 => (Tone::Bad, "No predictions"),
        21315 => (Tone::Bad, "No labels"),
        21316 => (Tone::Bad, "No inputs"),
        _ => (Tone::Bad, "Failed"),
    }
}

/// Is it still being computed?
fn in_work(status: Option<&Status>) -> bool {
    status.is_some_and(|s| [21301, 21303].contains(&s.code.0))
}

/// Why an evaluation failed, in the API's words.
fn why(status: Option<&Status>) -> Option<String> {
    let status = status.filter(|s| (21310..=21319).contains(&s.code.0))?;
    let said = if status.details.is_empty() { &status.description } else { &status.details };
    Some(if said.is_empty() { format!("code {}", status.code.0) } else { said.clone() })
}

/// Which model version was measured: model and version.
fn measured(e: &EvalMetrics) -> (String, String) {
    let name = |m: &Model| if m.name.is_empty() { m.id.clone() } else { m.name.clone() };
    let model = e.model.as_deref();
    (
        model.map(name).unwrap_or_default(),
        model.and_then(|m| m.model_version.as_ref()).map(|v| v.id.clone()).unwrap_or_default(),
    )
}

/// What it was measured on: dataset and version.
fn measured_on(e: &EvalMetrics) -> (String, String) {
    let dataset: Option<&Dataset> = e.ground_truth_dataset.as_deref();
    (
        dataset.map(|d| d.id.clone()).unwrap_or_default(),
        dataset.and_then(|d| d.version.as_ref()).map(|v| v.id.clone()).unwrap_or_default(),
    )
}

/// What the server says of the figures beyond the API: a list of names, or a count.
fn noted<'a>(e: &'a EvalMetrics, key: &str) -> Option<&'a Value> {
    e.extended_metrics.as_ref()?.user_metrics.as_ref()?.get("labelscope")?.get(key)
}

/// An id as a table shows it: a long one, which the server made, by its beginning.
fn brief(id: &str) -> String {
    if id.chars().count() > 24 { id.chars().take(12).chain(['…']).collect() } else { id.to_owned() }
}

/// A share with three decimals. What is not quite one is not shown as one.
fn share(value: f32) -> String {
    let (value, exact) = (f64::from(value), value >= 1.0);
    if value >= 0.9995 && !exact {
        format::decimal((value * 10_000.0).floor() / 10_000.0, 4)
    } else {
        format::decimal(value, 3)
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_never_rounded_up_to_one() {
        assert_eq!(
            [share(1.0), share(0.9996), share(0.99999), share(0.5), share(0.0)],
            ["1.000", "0.9996", "0.9999", "0.500", "0.000"]
        );
    }
}
