//! An evaluation that is in work or has failed: why, and what to do.

use super::super::why;
use super::code;
use crate::components::Icon;
use crate::data::context;
use crate::routes;
use labelscope_api::messages::EvalMetrics;
use leptos::prelude::*;

#[component]
pub(super) fn Standing(e: EvalMetrics) -> impl IntoView {
    let app = context().app.get_untracked();
    let jobs = view! { <a href=routes::jobs(&app)>"Open jobs"</a> };
    let Some(why) = why(e.status.as_ref()) else {
        return view! { <div class="banner run" role="status"><Icon name="run"/><span>"The figures stand here once the job is done."</span>{jobs}</div> }.into_any();
    };
    let dataset = e.ground_truth_dataset.as_ref().map(|d| d.id.clone()).unwrap_or_default();
    let model = e.model.as_ref().map(|m| m.id.clone()).unwrap_or_default();
    let to_dataset = if dataset.is_empty() { routes::inputs(&app) } else { routes::dataset(&app, &dataset) };
    let (advice, way) = match code(&e) {
        21313 => (
            "Import predictions that name this model version, then evaluate again.",
            Some((routes::predictions(&app, &model, &dataset), "Import predictions")),
        ),
        21315 => ("Label inputs of the dataset, then evaluate again.", Some((to_dataset, "Open the inputs"))),
        21316 => ("Add inputs to the dataset, then evaluate again.", Some((to_dataset, "Open the inputs"))),
        _ => ("Evaluate again. If it stays, look into the jobs.", None),
    };
    view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The evaluation failed"</strong><span>{why}</span><span>{advice}</span>
        <span class="small mono">{format!("code {}", code(&e))}</span></div>{way.map(|(to, word)| view! { <a class="btn s" href=to>{word}</a> })}{jobs}</div> }.into_any()
}
