//! Bringing a dataset in: choose the files, see what will be made, follow the job.

use super::start::{JobProgress, follow};
use crate::app::title;
use crate::components::{Icon, Progress};
use crate::data::{context, is_own, mutate, put_file, scope};
use crate::worker::{WorkerError, preview_coco};
use crate::{format, routes};
use labelscope_api::extensions::{
    CancelJob, IMPORT_FILE_PATH, Import as ImportSpec, ImportResult, Job, JobState, PostImports, StartImport,
};
use labelscope_api::wire::encode_segment;
use labelscope_messages::{CocoPreview, Problem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use web_sys::File;

/// What an import did, in a sentence.
pub(crate) fn summary(r: &ImportResult) -> String {
    // Of a dataset's file at least one input would be told.
    if r.unchanged && r.inputs_unchanged.0 == 0 {
        return "Nothing changed: the file says what is there already.".to_owned();
    }
    if r.unchanged {
        return format!(
            "Nothing changed: {} and {} are there already.",
            format::of(r.inputs_unchanged.0, "input", "inputs"),
            format::of(r.annotations_unchanged.0, "annotation", "annotations")
        );
    }
    if r.predictions_added.0 > 0 {
        return predicted(r);
    }
    let mut parts = Vec::new();
    for (n, one, many, what) in [
        (r.inputs_added.0, "input", "inputs", "added"),
        (r.inputs_changed.0, "input", "inputs", "changed"),
        (r.inputs_joined.0, "input", "inputs", "joined"),
        (r.annotations_added.0, "annotation", "annotations", "added"),
        (r.annotations_changed.0, "annotation", "annotations", "changed"),
        (r.concepts_added.0, "concept", "concepts", "added"),
        (r.media_added.0, "picture", "pictures", "stored"),
    ] {
        if n > 0 {
            parts.push(format!("{} {what}", format::of(n, one, many)));
        }
    }
    parts.join(", ") + "."
}

/// What an import of predictions did.
fn predicted(r: &ImportResult) -> String {
    let mut parts = vec![format!("{} added", format::of(r.predictions_added.0, "prediction", "predictions"))];
    if r.predictions_replaced.0 > 0 {
        parts.push(format!("{} replaced", format::of(r.predictions_replaced.0, "earlier one", "earlier ones")));
    }
    if r.predictions_skipped.0 > 0 {
        parts.push(format!("{} left out: {}", format::count(r.predictions_skipped.0), unknown(r)));
    }
    parts.join(", ") + "."
}

/// How many inputs and concepts nobody knows.
pub(crate) fn unknown(r: &ImportResult) -> String {
    let parts = [
        (r.unknown_inputs_count.0, "unknown input", "unknown inputs"),
        (r.unknown_concepts_count.0, "unknown concept", "unknown concepts"),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| format::of(n, one, many)).collect();
    parts.join(" and ")
}

/// An id made of a file's name.
fn slug(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let id: String = stem
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' })
        .collect();
    id.trim_matches('-').chars().take(64).collect()
}

/// How far an import is, as its page sees it.
#[derive(Clone, PartialEq)]
pub(crate) enum Step {
    Choosing,
    Sending { name: String, done: f64, total: f64 },
    Running,
    Over(Box<Job>),
}

#[component]
pub(crate) fn Import() -> impl IntoView {
    let context = context();
    title("Import");
    let files = RwSignal::new_local(Vec::<File>::new());
    let preview = RwSignal::new(None::<Result<CocoPreview, Problem>>);
    let reading = RwSignal::new(None::<f64>);
    let wanted = use_query_map().with_untracked(|q| q.get("dataset").unwrap_or_default());
    let fixed = !wanted.is_empty();
    let dataset = RwSignal::new(wanted);
    let step = RwSignal::new(Step::Choosing);
    let job = RwSignal::new(None::<Job>);
    let failed = RwSignal::new(None::<String>);
    let over = RwSignal::new(false);
    let is_json = |f: &File| f.name().to_lowercase().ends_with(".json");

    let take = move |list: Option<web_sys::FileList>| {
        let Some(list) = list else { return };
        let chosen: Vec<File> = (0..list.length()).filter_map(|i| list.get(i)).collect();
        // Pictures may be chosen after the file, and the other way round.
        files.update(|have| {
            for file in chosen {
                have.retain(|f| f.name() != file.name());
                have.push(file);
            }
        });
        failed.set(None);
        step.set(Step::Choosing);
        let Some(json) = files.with_untracked(|f| f.iter().find(|f| is_json(f)).cloned()) else { return };
        if !fixed && dataset.get_untracked().is_empty() {
            dataset.set(slug(&json.name()));
        }
        preview.set(None);
        reading.set(Some(0.0));
        spawn_local(async move {
            let found = preview_coco(&json, move |p| {
                reading.try_set(Some(if p.total > 0.0 { p.done / p.total } else { 0.0 }));
            })
            .await;
            reading.try_set(None);
            preview.try_set(Some(found.map_err(|e| match e {
                WorkerError::Failed(f) => Problem { place: f.place.unwrap_or_default(), reason: f.reason },
                other => Problem { place: String::new(), reason: other.to_string() },
            })));
        });
    };

    let start = move |_| {
        let list = files.get_untracked();
        let Some(json) = list.iter().find(|f| is_json(f)).map(File::name) else { return };
        let dataset_id = dataset.get_untracked().trim().to_owned();
        let import = ImportSpec { dataset_id, annotations_file: json, ..ImportSpec::default() };
        begin(context, import, list, (step, job, failed));
    };
    let cancel = move |_| cancel(context, job);
    let reset = move |_| {
        files.set(Vec::new());
        preview.set(None);
        job.set(None);
        step.set(Step::Choosing);
    };
    let ready = move || {
        preview.with(|p| matches!(p, Some(Ok(found)) if found.problems.is_empty())) && !dataset.get().trim().is_empty()
    };

    view! {
        <div class="page-head flat"><nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || routes::datasets(&context.app.get())>"Datasets"</a></li><li><span aria-current="page">"Import"</span></li></ol></nav>
            <div class="page-title"><h1>"Import a dataset"</h1></div></div>
        <div class="scroll" tabindex="0" role="region" aria-label="Import" style="border-top:1px solid var(--border)"><div class="page-body stack-m" style="max-width:760px">
            {move || failed.get().map(|why| view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The import did not succeed"</strong><span>{why}</span></div></div> })}
            {move || match step.get() {
                _ if !is_own() => view! { <div class="empty"><h2>"Imports end at this server"</h2><p>"A COCO file is read by the local engine. To another server, add pictures, addresses and texts on its Inputs page."</p>
                    <div class="actions"><a class="btn primary" href=routes::inputs(&context.app.get())>"Open inputs"</a><a class="btn" href="/">"This server"</a></div></div> }.into_any(),
                Step::Choosing => view! {
                    <div class="drop" class:over=over
                        on:dragover=move |e| { e.prevent_default(); over.set(true); }
                        on:dragleave=move |_| over.set(false)
                        on:drop=move |e| { e.prevent_default(); over.set(false); take(e.data_transfer().and_then(|d| d.files())); }>
                        <Icon name="upload"/>
                        <p><strong>"Drop a COCO file here"</strong>", and its pictures or a ZIP of them if they are at hand"</p>
                        <label class="field"><span class="vh">"Choose files"</span><input type="file" multiple accept=".json,.zip,image/*" on:change=move |e| take(event_target::<web_sys::HtmlInputElement>(&e).files())/></label>
                    </div>
                    {move || reading.get().map(|share| view! { <Progress label="reading the file" detail=format!("{} %", (share * 100.0) as i64) done=share total=1.0/> })}
                    {move || files.with(|f| (!f.is_empty()).then(|| {
                        let pictures = f.iter().filter(|f| !is_json(f)).count() as i64;
                        let bytes: f64 = f.iter().map(|f| f.size()).sum();
                        let json = f.iter().find(|f| is_json(f)).map(File::name);
                        view! { <p class="muted">{match json { Some(name) if pictures == 0 => format!("{name}, {}", format::bytes(bytes as i64)), Some(name) => format!("{name} and {}, {} in all", format::of(pictures, "other file", "other files"), format::bytes(bytes as i64)), None => "Choose the COCO file (.json) too.".to_owned() }}</p> }
                    }))}
                    {move || preview.get().map(|found| match found {
                        Err(why) => view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"This file cannot be imported"</strong><span class="mono">{why.place}</span><span>{why.reason}</span><span>"Mend the file at that place and choose it again. Nothing was written."</span></div></div> }.into_any(),
                        Ok(found) => show(&found, files.with(|f| f.iter().filter(|f| !is_json(f)).count())).into_any(),
                    })}
                    {move || preview.with(Option::is_some).then(|| view! {
                        <label class="field"><span>"Dataset"</span><input class="input" maxlength="128" prop:value=dataset disabled=fixed on:input=move |e| dataset.set(event_target_value(&e))/>
                            <span class="hint">"The inputs join this dataset; it is made if it is not there. The same file again changes nothing."</span></label>
                        <div class="row"><button type="button" class="btn primary" disabled=move || !ready() on:click=start><Icon name="play"/>"Start import"</button><button type="button" class="btn" on:click=reset>"Choose other files"</button></div>
                    })}
                }.into_any(),
                Step::Sending { name, done, total } => view! { <h2>"Sending files"</h2><Progress label=name detail=format!("{} of {}", format::bytes(done as i64), format::bytes(total as i64)) done=done total=total/> }.into_any(),
                Step::Running => view! {
                    <h2>"Importing"</h2>
                    {move || job.get().map(|j| view! { <JobProgress job=j/> })}
                    <div class="row"><button type="button" class="btn" on:click=cancel>"Cancel import"</button><span class="small muted">"The import goes on when this page is closed."</span></div>
                }.into_any(),
                Step::Over(job) => finished(context, *job, reset).into_any(),
            }}
        </div></div>
    }
}

/// What the file holds, before anything is made.
fn show(found: &CocoPreview, others: usize) -> impl IntoView + use<> {
    let problems = found
        .problems
        .iter()
        .map(|p| view! { <li><span class="mono">{p.place.clone()}</span>" "{p.reason.clone()}</li> })
        .collect_view();
    let broken = !found.problems.is_empty();
    let count = |n: u32, one: &str, many: &str| (n > 0).then(|| format::of(i64::from(n), one, many));
    let kinds: Vec<String> = [
        count(found.boxes, "box", "boxes"),
        count(found.polygons, "outline", "outlines"),
        count(found.masks, "mask", "masks"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut notes = Vec::new();
    if found.crowds > 0 {
        notes.push(format!(
            "{} marked as crowd.",
            format::of(i64::from(found.crowds), "annotation is", "annotations are")
        ));
    }
    if found.empty_images > 0 {
        notes.push(format!(
            "{} without annotations; kept.",
            format::of(i64::from(found.empty_images), "input is", "inputs are")
        ));
    }
    if others == 0 {
        notes.push("No pictures are chosen: inputs are made without a file, and their boxes are kept.".to_owned());
    }
    let more = i64::from(found.categories) - 12;
    let chips = found
        .category_names
        .iter()
        .take(12)
        .map(|name| view! { <span class="tag">{name.clone()}</span> })
        .collect_view();
    view! {
        <section class="preview" aria-label="What will be made">
            <h2>{if broken { "This file cannot be imported" } else { "What will be made" }}</h2>
            <p>{format!("{}, {}, {}", format::of(i64::from(found.images), "input", "inputs"), format::of(i64::from(found.annotations), "annotation", "annotations"), format::of(i64::from(found.categories), "concept", "concepts"))}</p>
            <p class="small muted">{kinds.join(" · ")}</p>
            <p class="row wrap">{chips}{(more > 0).then(|| view! { <span class="small faint">{format!("{} more", format::count(more))}</span> })}</p>
            {notes.into_iter().map(|n| view! { <p class="small muted">{n}</p> }).collect_view()}
            {broken.then(|| view! { <ul class="why" role="alert">{problems}</ul> })}
        </section>
    }
}

fn finished(context: crate::data::Context, job: Job, reset: impl Fn(web_sys::MouseEvent) + 'static) -> impl IntoView {
    let to = routes::dataset(&context.app.get_untracked(), &job.dataset_id);
    match job.state {
        JobState::DONE => {
            let result = job.result.unwrap_or_default();
            let missing = result.missing_media_count.0;
            let list = |title: &'static str, items: Vec<String>| (!items.is_empty()).then(|| view! { <details><summary>{title}</summary><ul class="small muted">{items.into_iter().map(|i| view! { <li>{i}</li> }).collect_view()}</ul></details> });
            view! {
                <div class="banner ok" role="status"><Icon name="ok"/><div class="errors"><strong>{if result.unchanged { "Nothing changed" } else { "Imported" }}</strong><span>{summary(&result)}</span></div></div>
                {(missing > 0).then(|| view! { <p class="muted">{format!("{} no picture among the files; boxes are kept.", if missing == 1 { "1 input has".to_owned() } else { format!("{} inputs have", format::count(missing)) })}</p> })}
                {list("Pictures that were not among the files", result.missing_media)}
                {list("Pictures that no image of the file names", result.unused_media)}
                {list("Worth a look", result.warnings)}
                <div class="row"><a class="btn primary" href=to>"Open the dataset"</a><button type="button" class="btn" on:click=reset>"Import another"</button></div>
            }
            .into_any()
        }
        JobState::CANCELLED => view! { <div class="banner" role="status"><Icon name="warn"/><div class="errors"><strong>"Cancelled"</strong><span>"What was written is taken back; nothing stays behind."</span></div></div><div class="row"><button type="button" class="btn" on:click=reset>"Start again"</button></div> }.into_any(),
        _ => {
            let error = job.error.unwrap_or_default();
            view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The file was refused"</strong><span class="mono">{error.place}</span><span>{error.message}</span><span>{error.advice}</span></div></div><div class="row"><button type="button" class="btn" on:click=reset>"Choose other files"</button></div> }.into_any()
        }
    }
}

/// What the page of an import shows: how far it is, the job, and why it could not be begun.
pub(crate) type Shown = (RwSignal<Step>, RwSignal<Option<Job>>, RwSignal<Option<String>>);

/// Sends everything, begins, and follows the job to its end.
pub(crate) fn begin(context: crate::data::Context, import: ImportSpec, list: Vec<File>, shown: Shown) {
    let (step, _, failed) = shown;
    failed.set(None);
    let total = list.iter().map(|f| f.size()).sum();
    step.set(Step::Sending { name: import.annotations_file.clone(), done: 0.0, total });
    spawn_local(async move {
        match run(context, import, list, total, shown).await {
            Ok(done) => {
                step.try_set(Step::Over(Box::new(done)));
            }
            Err(why) => {
                step.try_set(Step::Choosing);
                failed.try_set(Some(why));
            }
        }
    });
}

async fn run(
    context: crate::data::Context,
    import: ImportSpec,
    list: Vec<File>,
    total: f64,
    (step, job, _): Shown,
) -> Result<Job, String> {
    let words = |e: labelscope_client::Error| format!("{e} {}", e.advice());
    let made = mutate(context, &PostImports { user_app_id: scope(context), import: Some(import) })
        .await
        .map_err(words)?
        .job
        .unwrap_or_default();
    let mut sent = 0.0;
    for file in list {
        let (name, before) = (file.name(), sent);
        let shown = name.clone();
        let path = format!("{IMPORT_FILE_PATH}/{}/files/{}", made.id, encode_segment(&name));
        put_file(&path, &file, move |done| {
            step.try_set(Step::Sending { name: shown.clone(), done: before + done, total });
        })
        .await
        .map_err(|why| format!("{name} was not sent: {why}. Nothing was written; start again."))?;
        sent += file.size();
    }
    job.try_set(Some(made.clone()));
    step.try_set(Step::Running);
    mutate(context, &StartImport { user_app_id: scope(context), import_id: made.id.clone() }).await.map_err(words)?;
    follow(context, &made.id, job).await
}

pub(crate) fn cancel(context: crate::data::Context, job: RwSignal<Option<Job>>) {
    let Some(id) = job.get_untracked().map(|j| j.id) else { return };
    spawn_local(async move {
        if let Err(error) = mutate(context, &CancelJob { user_app_id: scope(context), job_id: id }).await {
            context.failed("The import was not cancelled", &error);
        }
    });
}
