//! All jobs of this server's own list.

use super::Line;
use crate::components::{ErrorPanel, Tone};
use crate::data::{context, is_own, mutate, query, scope};
use crate::pages::start::job_progress;
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

/// Is it an import of predictions?
fn predicts(job: &Job) -> bool {
    job.import.as_ref().is_some_and(|i| !i.model_version_id.is_empty() && i.format != "coco")
}

fn name(job: &Job) -> (&'static str, String) {
    match job.kind {
        JobKind::IMPORT if predicts(job) => ("upload", "Import predictions".to_owned()),
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
        JobKind::EXTRACTION => ("folder", "Extract inputs".to_owned()),
        JobKind::DUPLICATION => ("copy", "Copy the app".to_owned()),
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
        return crate::pages::import::summary(result);
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
            JobKind::FETCH => Some(routes::inputs(app)),
            JobKind::BULK_OPERATION => Some(format!("{}?view=changes", routes::jobs(app))),
            JobKind::EXTRACTION => Some(format!("{}?view=extractions", routes::jobs(app))),
            JobKind::DUPLICATION => Some(format!("{}?view=copies", routes::apps(app))),
            JobKind::MAPPING => Some(routes::concepts(app)),
            _ => None,
        }
    }
}

fn line(app: &str, job: &Job) -> Line {
    let (icon, title) = name(job);
    let about = if let Some(import) = job.import.as_ref().filter(|_| predicts(job)) {
        format!("{}, {}", job.dataset_id, import.model_version_id)
    } else if job.dataset_version_id.is_empty() {
        job.dataset_id.clone()
    } else {
        format!("{}, {}", job.dataset_id, job.dataset_version_id)
    };
    Line {
        id: job.id.clone(),
        icon,
        title,
        to: page(app, job),
        about,
        standing: state(job),
        far: (job.state == JobState::RUNNING).then(|| job_progress(job)),
        outcome: outcome(job),
        at: job.created_at,
        took: match (job.started_at, job.finished_at) {
            (Some(a), Some(b)) => format::duration((b.0 - a.0) / 1_000_000),
            _ => String::new(),
        },
        download: job.export.as_ref().map(|e| e.url.clone()).unwrap_or_default(),
        verbs: if job.cancellable { vec!["Cancel"] } else { Vec::new() },
    }
}

#[component]
pub(super) fn All() -> impl IntoView {
    let context = context();
    if !is_own() {
        return view! { <div class="scroll"><div class="empty"><h2>"No list of all jobs there"</h2><p>"The API has none. What adds inputs and changes many has its own tabs; exports and counts show on their version, evaluations on their page."</p>
            <div class="actions"><a class="btn primary" href=move || routes::datasets(&context.app.get())>"Open datasets"</a></div></div></div> }.into_any();
    }
    let list = query(move || {
        context.jobs.track();
        let _ = context.app.get();
        Some(ListJobs { user_app_id: scope(context), per_page: 200, ..ListJobs::default() })
    });
    let cancel = Callback::new(move |(_, job_id): (&'static str, String)| {
        spawn_local(async move {
            match mutate(context, &CancelJob { user_app_id: scope(context), job_id }).await {
                Ok(_) => context.good("Cancelled; what was written is taken back"),
                Err(error) => context.failed("The job was not cancelled", &error),
            }
        });
    });
    let lines = Memo::new(move |_| {
        let app = context.app.get();
        list.value.get().map(|r| r.jobs.iter().map(|job| line(&app, job)).collect::<Vec<_>>())
    });
    super::table(
        lines,
        move || {
            list.error.get().map(|e| view! { <ErrorPanel what="The jobs could not be listed" error=e/> }.into_any())
        },
        ("No jobs yet", "Imports, exports and all that takes long show here while it runs and after."),
        "Long-running work, newest first",
        cancel,
    )
}
