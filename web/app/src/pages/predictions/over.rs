//! What came of an import of predictions, and what to do next.

use crate::components::Icon;
use crate::data::context;
use crate::pages::import::{summary, unknown};
use crate::routes;
use labelscope_api::extensions::{ImportResult, Job, JobState};
use leptos::prelude::*;

fn list(title: String, items: Vec<String>, open: bool) -> impl IntoView {
    (!items.is_empty()).then(|| view! { <details open=open><summary>{title}</summary><ul class="small muted">{items.into_iter().map(|i| view! { <li class="mono wrap-anywhere">{i}</li> }).collect_view()}</ul></details> })
}

/// The first of what nobody knows.
fn unknowns(result: ImportResult, open: bool) -> impl IntoView {
    let told = |what: &str, count: i64, listed: usize| {
        if count > listed as i64 { format!("{what}, the first {listed}") } else { what.to_owned() }
    };
    let inputs = told("Inputs that are not in the dataset", result.unknown_inputs_count.0, result.unknown_inputs.len());
    let concepts = told("Concepts that nobody knows", result.unknown_concepts_count.0, result.unknown_concepts.len());
    view! { {list(inputs, result.unknown_inputs, open)}{list(concepts, result.unknown_concepts, open)} }
}

#[component]
pub(super) fn Over(
    job: Job,
    /// Imports the file again without what is unknown.
    rest: Callback<()>,
    /// Back to the fields.
    again: Callback<()>,
) -> impl IntoView {
    let context = context();
    let app = context.app.get_untracked();
    let result = job.result.unwrap_or_default();
    match job.state {
        JobState::DONE => {
            let import = job.import.unwrap_or_default();
            let evaluate = routes::new_evaluation(&app, &import.model_id, &import.model_version_id, &job.dataset_id);
            let warnings = result.warnings.clone();
            view! {
                <div class="banner ok" role="status"><Icon name="ok"/><div class="errors"><strong>{if result.unchanged { "Nothing changed" } else { "Imported" }}</strong><span>{summary(&result)}</span></div></div>
                {unknowns(result, false)}
                {list("Worth a look".to_owned(), warnings, true)}
                <div class="row wrap"><a class="btn primary" href=evaluate>"Evaluate"</a><a class="btn" href=routes::model(&app, &import.model_id)>"Open the model"</a><button type="button" class="btn" on:click=move |_| again.run(())>"Import another"</button></div>
            }
            .into_any()
        }
        JobState::CANCELLED => view! { <div class="banner" role="status"><Icon name="warn"/><div class="errors"><strong>"Cancelled"</strong><span>"Nothing was written."</span></div></div><div class="row"><button type="button" class="btn" on:click=move |_| again.run(())>"Start again"</button></div> }.into_any(),
        _ => {
            let error = job.error.unwrap_or_default();
            let missing = unknown(&result);
            if missing.is_empty() {
                return view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The file was refused"</strong><span class="mono">{error.place}</span><span>{error.message}</span><span>{error.advice}</span></div></div><div class="row"><button type="button" class="btn" on:click=move |_| again.run(())>"Choose another file"</button></div> }.into_any();
            }
            view! {
                <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>{format!("The file names {missing}")}</strong><span class="mono">{error.place}</span><span>{error.message}</span></div></div>
                {unknowns(result, true)}
                <div class="row wrap"><button type="button" class="btn primary" on:click=move |_| rest.run(())>"Import the rest"</button><button type="button" class="btn" on:click=move |_| again.run(())>"Choose another file"</button></div>
            }
            .into_any()
        }
    }
}
