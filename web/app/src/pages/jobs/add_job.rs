//! Jobs that add inputs: each with its counters, its extractions and its uploads.

use super::followed::{Kind, followed};
use super::standing::{added, ended_early, found, goes_on, note, standing, standing_of, tally, why};
use super::{Line, single};
use crate::components::{ErrorPanel, Icon, Pill, Progress};
use crate::data::{Context, context, mutate, query, scope, tick_to_end};
use crate::pages::add::{Add, Preset};
use crate::{format, routes};
use labelscope_api::messages::{InputsAddJob, InputsExtractionJob, Upload};
use labelscope_api::operations::{
    CancelInputsAddJob, CancelInputsExtractionJobs, DeleteUploads, GetInputsAddJob, ListInputsAddJobs,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

pub(super) fn cancel_add_job(context: Context, id: String) {
    spawn_local(async move {
        match mutate(context, &CancelInputsAddJob { user_app_id: scope(context), id }).await {
            Ok(_) => context.good("Cancelled; what was added stays"),
            Err(error) => context.failed("The job was not cancelled", &error),
        }
    });
}

pub(super) fn cancel_extraction(context: Context, id: String) {
    spawn_local(async move {
        match mutate(context, &CancelInputsExtractionJobs { user_app_id: scope(context), ids: vec![id] }).await {
            Ok(_) => context.good("Cancelled; what was added stays"),
            Err(error) => context.failed("The extraction was not cancelled", &error),
        }
    });
}

pub(super) fn delete_upload(context: Context, id: String) {
    spawn_local(async move {
        match mutate(context, &DeleteUploads { user_app_id: scope(context), ids: vec![id] }).await {
            Ok(_) => context.good("Upload deleted"),
            Err(error) => context.failed("The upload was not deleted", &error),
        }
    });
}

/// Where its inputs come from, in a line.
fn sources(job: &InputsAddJob) -> String {
    let names = job.extraction_jobs.iter().map(|e| e.url.clone()).filter(|u| !u.is_empty());
    let mut names: Vec<String> = names.chain(job.uploads.iter().map(|u| u.content_name.clone())).collect();
    names.retain(|n| !n.is_empty());
    let more = names.len().saturating_sub(1);
    let first = names.into_iter().next().unwrap_or_else(|| job.id.clone());
    if more > 0 { format!("{first} and {more} more") } else { first }
}

fn line(app: &str, job: &InputsAddJob) -> Line {
    let progress = job.progress.clone().unwrap_or_default();
    let (done, total) = added(&progress);
    let runs = goes_on(job.status.as_ref());
    let own = why(job.status.as_ref());
    // An extraction's reason says more than that the job failed.
    let reason = job.extraction_jobs.iter().map(|e| why(e.status.as_ref())).find(|w| !w.is_empty() && !own.is_empty());
    let why = reason.unwrap_or(own);
    Line {
        id: job.id.clone(),
        icon: "inputs",
        title: "Add inputs".to_owned(),
        to: Some(routes::job(app, "adding", &job.id)),
        about: sources(job),
        standing: standing_of(job),
        far: runs.then(|| ("adding inputs".to_owned(), tally(&progress), done, total)),
        outcome: if why.is_empty() { tally(&progress) } else { why },
        at: job.created_at,
        took: String::new(),
        download: String::new(),
        verbs: if runs { vec!["Cancel"] } else { Vec::new() },
    }
}

#[component]
pub(super) fn List() -> impl IntoView {
    followed::<ListInputsAddJobs>(Kind {
        failed: "The jobs could not be listed",
        none: (
            "Nothing was added in bulk yet",
            "Archives, buckets and folders become inputs by a job; add one on the Inputs page.",
        ),
        caption: "Jobs that add inputs, newest first",
        goes_on: |job| goes_on(job.status.as_ref()),
        line,
        act: |context, _, job| cancel_add_job(context, job.id),
    })
}

#[component]
pub(super) fn One(id: Memo<String>) -> impl IntoView {
    let (adding, preset) = (RwSignal::new(false), RwSignal::new(None));
    let body = view! { <AddJob id=id again=again(adding, preset)/><Add open=adding preset=preset/> };
    single("adding", "Adding inputs", id, body.into_any())
}

/// Opens the dialog with what an extraction was told.
pub(super) fn again(adding: RwSignal<bool>, preset: RwSignal<Option<Preset>>) -> Callback<Preset> {
    Callback::new(move |told| {
        preset.set(Some(told));
        adding.set(true);
    })
}

/// One job that adds inputs, followed to its end. Also in the dialog that began it.
#[component]
pub(crate) fn AddJob(
    #[prop(into)] id: Signal<String>,
    /// Where an extraction is tried once more.
    again: Callback<Preset>,
) -> impl IntoView {
    let context = context();
    let tick = RwSignal::new(0);
    let reply = query(move || {
        tick.track();
        context.jobs.track();
        Some(GetInputsAddJob { user_app_id: scope(context), id: id.get() }).filter(|op| !op.id.is_empty())
    });
    let job = Memo::new(move |_| reply.value.get().and_then(|r| r.inputs_add_job.clone()));
    let runs = Memo::new(move |_| job.with(|j| j.as_ref().is_some_and(|j| goes_on(j.status.as_ref()))));
    tick_to_end(context, tick, runs);
    let progress =
        Signal::derive(move || job.with(|j| j.as_ref().and_then(|j| j.progress.clone())).unwrap_or_default());
    let pill = Memo::new(move |_| job.with(|j| j.as_ref().map(standing_of)));
    // Where extractions failed, those tell why.
    let bad = Memo::new(move |_| {
        let own = |j: &&InputsAddJob| j.extraction_jobs.iter().all(|e| why(e.status.as_ref()).is_empty());
        job.with(|j| j.as_ref().filter(own).map(|j| why(j.status.as_ref())).unwrap_or_default())
    });
    let extractions =
        Memo::new(move |_| job.with(|j| j.as_ref().map(|j| j.extraction_jobs.clone()).unwrap_or_default()));
    let uploads = Memo::new(move |_| job.with(|j| j.as_ref().map(|j| j.uploads.clone()).unwrap_or_default()));
    // What an extraction without an address is called.
    let archive = Memo::new(move |_| match uploads.get().as_slice() {
        [one] if !one.content_name.is_empty() => one.content_name.clone(),
        _ => "Archive".to_owned(),
    });
    let aside = Memo::new(move |_| job.with(|j| j.as_ref().map(|j| note(j.status.as_ref())).unwrap_or_default()));
    let idle = move || progress.with(|p| added(p).1 == 0.0);
    view! {
        {move || reply.error.get().map(|e| view! { <ErrorPanel what="The job could not be looked at" error=e/> })}
        {move || job.with(Option::is_none).then(|| view! { <div class="skel" style="height:96px"></div> })}
        <div class="row wrap" role="status">{move || pill.get().map(|(tone, word)| view! { <Pill tone=tone text=word/> })}
            <span>{move || if idle() && runs.get() { "Looking for inputs".to_owned() } else if idle() && job.with(Option::is_some) { "No inputs".to_owned() } else { progress.with(tally) }}</span>
            {move || runs.get().then(|| view! { <button type="button" class="btn s push" on:click=move |_| cancel_add_job(context, id.get_untracked())>"Cancel job"</button> })}</div>
        {move || runs.get().then(|| view! { <Progress label="adding inputs" detail=Signal::derive(move || { let (done, total) = progress.with(added); if total > 0.0 { format!("{} of {}", format::count(done as i64), format::count(total as i64)) } else { String::new() } }) done=Signal::derive(move || progress.with(added).0) total=Signal::derive(move || progress.with(added).1)/> })}
        {move || runs.get().then(|| view! { <p class="small muted">"The job goes on when this is closed."</p> })}
        {move || Some(bad.get()).filter(|w| !w.is_empty()).map(|w| view! { <p class="why" role="alert">{w}</p> })}
        {move || Some(aside.get()).filter(|w| !w.is_empty()).map(|w| view! { <p class="small muted wrap-anywhere">{w}</p> })}
        {move || extractions.with(|l| !l.is_empty()).then(|| view! { <section class="errors" aria-label="Extractions"><h3>"Extractions"</h3>
            <ul class="list"><For each=move || extractions.get() key=|e| e.id.clone() children=move |e| { let id = e.id.clone(); view! { <Extraction one=Signal::derive(move || extractions.with(|l| l.iter().find(|o| o.id == id).cloned())) archive=archive again=again/> } }/></ul></section> })}
        {move || uploads.with(|l| !l.is_empty()).then(|| view! { <section class="errors" aria-label="Uploads"><h3>"Uploads"</h3>
            <ul class="list">{move || uploads.get().into_iter().map(|u| upload(context, u)).collect_view()}</ul></section> })}
    }
}

/// One extraction, in a list or by itself: what it found, why it failed, and what can be done.
#[component]
pub(super) fn Extraction(
    one: Signal<Option<InputsExtractionJob>>,
    /// What it is called where it has no address.
    #[prop(into)]
    archive: Signal<String>,
    again: Callback<Preset>,
) -> impl IntoView {
    let context = context();
    let text = move |f: fn(&InputsExtractionJob) -> String| {
        Memo::new(move |_| one.with(|o| o.as_ref().map(f).unwrap_or_default()))
    };
    let (id, url) = (text(|o| o.id.clone()), text(|o| o.url.clone()));
    let (what, bad) = (text(|o| found(o.progress.as_ref())), text(|o| why(o.status.as_ref())));
    let aside = text(|o| note(o.status.as_ref()));
    let pill = Memo::new(move |_| one.with(|o| o.as_ref().map(|o| standing(o.status.as_ref()))));
    let runs = Memo::new(move |_| one.with(|o| o.as_ref().is_some_and(|o| goes_on(o.status.as_ref()))));
    let early = Memo::new(move |_| one.with(|o| o.as_ref().is_some_and(|o| ended_early(o.status.as_ref()))));
    let repeat = move |_| {
        if let Some(job) = one.get_untracked() {
            again.run(Preset::of(job));
        }
    };
    view! {
        <li class="entry">
            <div class="row wrap"><Icon name="folder"/><a class="lk wrap-anywhere" href=move || routes::job(&context.app.get(), "extractions", &id.get())>{move || { let u = url.get(); if u.is_empty() { archive.get() } else { u } }}</a>
                {move || pill.get().map(|(tone, word)| view! { <Pill tone=tone text=word/> })}
                <span class="push row">{move || runs.get().then(|| view! { <button type="button" class="btn s" on:click=move |_| cancel_extraction(context, id.get_untracked())>"Cancel"</button> })}
                    {move || early.get().then(|| view! { <button type="button" class="btn s" on:click=repeat>"Try again"</button> })}</span></div>
            {move || [what.get(), aside.get()].into_iter().filter(|w| !w.is_empty()).map(|w| view! { <p class="small muted wrap-anywhere">{w}</p> }).collect_view()}
            {move || Some(bad.get()).filter(|w| !w.is_empty()).map(|w| view! { <p class="why">{w}</p> })}
        </li>
    }
}

fn upload(context: Context, upload: Upload) -> impl IntoView {
    let (tone, word) = standing(upload.status.as_ref());
    let id = upload.id.clone();
    let name = if upload.content_name.is_empty() { upload.id } else { upload.content_name };
    let label = format!("Delete upload {name}");
    view! {
        <li class="entry"><div class="row wrap"><Icon name="upload"/><span class="wrap-anywhere">{name}</span><span class="small muted">{format::bytes(upload.content_length.0.cast_signed())}</span>
            <Pill tone=tone text=word/><button type="button" class="btn iconly quiet s push" aria-label=label title="Delete" on:click=move |_| delete_upload(context, id.clone())><Icon name="trash"/></button></div></li>
    }
}
