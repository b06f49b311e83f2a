//! Jobs that take inputs out of archives and data sources.

use super::add_job::{Extraction, again, cancel_extraction};
use super::followed::{Kind, followed};
use super::standing::{found, goes_on, standing, why};
use super::{Line, single};
use crate::components::ErrorPanel;
use crate::data::{context, query, scope, tick_while};
use crate::pages::add::Add;
use crate::{format, routes};
use labelscope_api::messages::{InputIdConflictResolution, InputsExtractionJob};
use labelscope_api::operations::{GetInputsExtractionJob, ListInputsExtractionJobs};
use leptos::prelude::*;

fn line(app: &str, job: &InputsExtractionJob) -> Line {
    let runs = goes_on(job.status.as_ref());
    let found = found(job.progress.as_ref());
    let why = why(job.status.as_ref());
    Line {
        id: job.id.clone(),
        icon: "folder",
        title: "Extract inputs".to_owned(),
        to: Some(routes::job(app, "extractions", &job.id)),
        about: if job.url.is_empty() { format!("archive, {}", job.id) } else { job.url.clone() },
        standing: standing(job.status.as_ref()),
        far: runs.then(|| ("extracting inputs".to_owned(), found.clone(), 0.0, 0.0)),
        outcome: if why.is_empty() { found } else { why },
        at: job.created_at,
        took: String::new(),
        download: String::new(),
        verbs: if runs { vec!["Cancel"] } else { Vec::new() },
    }
}

#[component]
pub(super) fn List() -> impl IntoView {
    followed::<ListInputsExtractionJobs>(Kind {
        failed: "The extractions could not be listed",
        none: ("No extractions yet", "Each archive, bucket and folder that is added is taken apart by one."),
        caption: "Extractions, newest first",
        goes_on: |job| goes_on(job.status.as_ref()),
        line,
        act: |context, _, job| cancel_extraction(context, job.id),
    })
}

#[component]
pub(super) fn One(id: Memo<String>) -> impl IntoView {
    let context = context();
    let tick = RwSignal::new(0);
    let reply = query(move || {
        tick.track();
        context.jobs.track();
        Some(GetInputsExtractionJob { user_app_id: scope(context), inputs_extraction_job_id: id.get() })
    });
    let job = Memo::new(move |_| reply.value.get().and_then(|r| r.inputs_extraction_job.clone()));
    tick_while(tick, move || job.with(|j| j.as_ref().is_some_and(|j| goes_on(j.status.as_ref()))));
    let facts = move || {
        job.get().map(|j| {
            let taken = if j.input_id_conflict_resolution == InputIdConflictResolution::SUFFIX {
                "get a number"
            } else {
                "are skipped"
            };
            let template = j.input_template.as_ref().map(|t| serde_json::to_string_pretty(t).unwrap_or_default());
            view! {
                <dl class="kv"><dt>"Begun"</dt><dd>{format::time(j.created_at)}</dd><dt>"Changed"</dt><dd>{format::time(j.modified_at)}</dd><dt>"Ids that are taken"</dt><dd>{taken}</dd></dl>
                {template.map(|t| view! { <details class="more"><summary>"What its inputs get"</summary><pre class="mono small" tabindex="0" aria-label="The template as JSON">{t}</pre></details> })}
            }
        })
    };
    let (adding, preset) = (RwSignal::new(false), RwSignal::new(None));
    let again = again(adding, preset);
    let body = view! {
        {move || reply.error.get().map(|e| view! { <ErrorPanel what="The extraction could not be looked at" error=e/> })}
        {move || job.with(Option::is_some).then(|| view! { <ul class="list"><Extraction one=job.into() archive="Archive" again=again/></ul> })}
        {facts}
        <Add open=adding preset=preset/>
    };
    single("extractions", "Extractions", id, body.into_any())
}
