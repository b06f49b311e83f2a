//! What takes time: imports, exports, counting, mapping, fetching, evaluating, changing many inputs.

use super::start::JobProgress;
use crate::app::title;
use crate::components::{ErrorPanel, Icon, Pill, Tone};
use crate::data::{context, is_own, mutate, query, scope};
use crate::{format, routes};
use labelscope_api::extensions::{CancelJob, Job, JobKind, JobState, ListJobs};
use labelscope_api::messages::ExportFormat;
use leptos::prelude::*;
use leptos::task::spawn_local;

fn state(job: &Job) -> (Tone, &'static str) {
    match job.state {
        JobState::DONE => (Tone::Ok, "Done"),
        JobState::RUNNING => (Tone::Run, "Running"),
        JobState::FAILED => (Tone::Bad, "Failed"),
        JobState::CANCELLED => (Tone::Idle, "Cancelled"),
        JobState::WAITING => (Tone::Idle, "Waiting for files"),
        _ => (Tone::Idle, "Queued"),
    }
}

fn name(job: &Job) -> (&'static str, String) {
    match job.kind {
        JobKind::IMPORT => ("upload", "Import COCO".to_owned()),
        JobKind::EXPORT => {
            let format = match job.export.as_ref().map(|e| e.format) {
                Some(ExportFormat::COCO) => "COCO",
                Some(ExportFormat::CLARIFAI_DATA_JSON) => "Clarifai JSON",
                _ => "Clarifai protobuf",
            };
            ("download", format!("Export {format}"))
        }
        JobKind::VERSION => ("freeze", "Count a version".to_owned()),
        JobKind::MAPPING => ("concepts", "Map concepts".to_owned()),
        JobKind::FETCH => ("globe", "Fetch files".to_owned()),
        JobKind::EVALUATION => ("evals", "Evaluate a model version".to_owned()),
        JobKind::BULK_OPERATION => ("sliders", "Change inputs".to_owned()),
        _ => ("jobs", "Job".to_owned()),
    }
}

/// What came of it, in a line.
fn outcome(job: &Job) -> String {
    if let Some(error) = &job.error {
        let place = if error.place.is_empty() { String::new() } else { format!("{}: ", error.place) };
        return format!("{place}{}. {}", error.message.trim_end_matches('.'), error.advice);
    }
    if let Some(result) = &job.result {
        return super::import::summary(result);
    }
    if let (JobState::DONE, Some(export)) = (job.state, &job.export) {
        return format!("{} bytes", format::count(export.size.0 as i64));
    }
    if job.notes.is_empty() && job.state == JobState::DONE && job.done.0 > 0 {
        return format!("{} {}", format::count(job.done.0), job.unit);
    }
    job.notes.clone()
}

/// Where the job's subject is shown; nothing where it has no page of its own.
fn page(app: &str, job: &Job) -> Option<String> {
    if !job.dataset_version_id.is_empty() {
        Some(routes::version(app, &job.dataset_id, &job.dataset_version_id))
    } else if !job.dataset_id.is_empty() {
        Some(routes::dataset(app, &job.dataset_id))
    } else {
        match job.kind {
            JobKind::FETCH | JobKind::BULK_OPERATION => Some(routes::inputs(app)),
            JobKind::MAPPING => Some(routes::concepts(app)),
            _ => None,
        }
    }
}

#[component]
pub(crate) fn Jobs() -> impl IntoView {
    let context = context();
    title("Jobs");
    let list = query(move || {
        context.jobs.track();
        let _ = context.app.get();
        Some(ListJobs { user_app_id: scope(context), per_page: 200, ..ListJobs::default() })
    });
    let cancel = Callback::new(move |job_id: String| {
        spawn_local(async move {
            match mutate(context, &CancelJob { user_app_id: scope(context), job_id }).await {
                Ok(_) => context.good("Cancelled; what was written is taken back"),
                Err(error) => context.failed("The job was not cancelled", &error),
            }
        });
    });
    view! {
        <div class="page-head flat"><div class="page-title"><h1>"Jobs"</h1></div></div>
        <div class="scroll" tabindex="0" role="region" aria-label="Job list" style="border-top:1px solid var(--border)">
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The jobs could not be listed" error=e/> })}
            {move || {
                if !is_own() {
                    return view! { <div class="empty"><h2>"No list of jobs there"</h2><p>"The API has none. Exports and counts show on their version, evaluations on their page, bulk changes where they were begun."</p>
                        <div class="actions"><a class="btn primary" href=routes::datasets(&context.app.get())>"Open datasets"</a></div></div> }.into_any();
                }
                let Some(reply) = list.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any() };
                if reply.jobs.is_empty() {
                    return view! { <div class="empty"><h2>"No jobs yet"</h2><p>"Imports, exports and all that takes long show here while it runs and after."</p></div> }.into_any();
                }
                let rows = reply.jobs.iter().map(|job| {
                    let (icon, title) = name(job);
                    let (tone, word) = state(job);
                    let about = if job.dataset_version_id.is_empty() { job.dataset_id.clone() } else { format!("{}, {}", job.dataset_id, job.dataset_version_id) };
                    let title = match page(&context.app.get(), job) { Some(to) => view! { <a class="lk" href=to>{title}</a> }.into_any(), None => view! { <span>{title}</span> }.into_any() };
                    let took = match (job.started_at, job.finished_at) { (Some(a), Some(b)) => format::duration((b.0 - a.0) / 1_000_000), _ => String::new() };
                    let id = job.id.clone();
                    let url = job.export.as_ref().map(|e| e.url.clone()).filter(|u| !u.is_empty());
                    view! { <tr>
                        <td style="width:36px" class="faint"><Icon name=icon/></td>
                        <th scope="row"><div class="jobname">{title}<span class="sub">{about}</span></div></th>
                        <td><Pill tone=tone text=word/></td>
                        <td class="wide">{if job.state == JobState::RUNNING { view! { <div style="max-width:440px"><JobProgress job=job.clone()/></div> }.into_any() } else { view! { <span class="small muted" style="white-space:normal">{outcome(job)}</span> }.into_any() }}</td>
                        <td class="num muted">{format::time(job.created_at)}<br/><span class="small">{took}</span></td>
                        <td class="num">
                            {url.map(|url| view! { <a class="btn s" href=url download="" rel="external">"Download"</a> })}
                            {job.cancellable.then(|| view! { <button type="button" class="btn s" on:click=move |_| cancel.run(id.clone())>"Cancel"</button> })}
                        </td>
                    </tr> }
                }).collect_view();
                view! { <table class="table jobs"><caption class="vh">"Long-running work, newest first"</caption><thead><tr><th scope="col"><span class="vh">"Kind"</span></th><th scope="col">"Job"</th><th scope="col">"State"</th><th scope="col" class="wide">"Progress"</th><th scope="col" class="num">"Begun"</th><th scope="col" class="num"><span class="vh">"Actions"</span></th></tr></thead><tbody>{rows}</tbody></table> }.into_any()
            }}
        </div>
        <div class="statusbar hide-phone"><span>"Jobs go on when this page is closed."</span></div>
    }
}
