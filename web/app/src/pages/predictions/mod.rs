//! Predictions of a model version come in from a file: whose they are, of which dataset, the file, and what came of it.

mod fields;
mod over;

use super::import::{Step, begin, cancel};
use super::start::JobProgress;
use crate::app::title;
use crate::components::{Choice, Icon, Progress};
use crate::data::{context, is_own, query, scope};
use crate::{format, routes};
use fields::{FileField, ModelField, VersionField};
use labelscope_api::extensions::{Import, Job};
use labelscope_api::operations::ListDatasets;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use web_sys::File;

/// The formats, as an import and as people call them.
const FORMATS: [(&str, &str); 4] = [
    ("", "As the file tells"),
    ("coco_results", "COCO results (JSON)"),
    ("csv", "Table of scores (CSV)"),
    ("clarifai", "Clarifai (JSON)"),
];

#[component]
pub(crate) fn Predictions() -> impl IntoView {
    let context = context();
    title("Import predictions");
    let asked = use_query_map().get_untracked();
    let given = |key: &str| RwSignal::new(asked.get(key).unwrap_or_default());
    let (model, version, dataset) = (given("model"), given("version"), given("dataset"));
    let [kind, format] = [(); 2].map(|()| RwSignal::new(String::new()));
    let file = RwSignal::new_local(None::<File>);
    let step = RwSignal::new(Step::Choosing);
    let job = RwSignal::new(None::<Job>);
    let failed = RwSignal::new(None::<String>);
    let own = is_own();
    let datasets = query(move || {
        let op = ListDatasets {
            user_app_id: scope(context),
            per_page: 1000,
            sort_by_id: true,
            sort_ascending: true,
            ..ListDatasets::default()
        };
        own.then_some(op)
    });
    let options = Signal::derive(move || {
        let reply = datasets.value.get();
        let ids = reply.iter().flat_map(|r| &r.datasets).map(|d| (d.id.clone(), d.id.clone()));
        std::iter::once((String::new(), "Choose a dataset".to_owned())).chain(ids).collect()
    });
    let start = move |skip_unknown: bool| {
        let Some(chosen) = file.get_untracked() else { return };
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let import = Import {
            dataset_id: dataset.get_untracked(),
            format: format.get_untracked(),
            annotations_file: chosen.name(),
            model_id: text(model),
            model_version_id: text(version),
            model_type_id: text(kind),
            skip_unknown,
            ..Import::default()
        };
        job.set(None);
        begin(context, import, vec![chosen], (step, job, failed));
    };
    let again = move |()| {
        file.set(None);
        job.set(None);
        step.set(Step::Choosing);
    };
    let ready = move || {
        file.with(Option::is_some)
            && [model, version, dataset].into_iter().all(|field| field.with(|t| !t.trim().is_empty()))
    };
    // The fields stay as they are while the list is asked for anew.
    let none = Memo::new(move |_| datasets.value.get().is_some_and(|r| r.datasets.is_empty()));
    view! {
        <div class="page-head flat"><nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || routes::evaluations(&context.app.get())>"Evaluations"</a></li><li><span aria-current="page">"Import predictions"</span></li></ol></nav>
            <div class="page-title"><h1>"Import predictions"</h1></div></div>
        <div class="scroll" tabindex="0" role="region" aria-label="Import predictions" style="border-top:1px solid var(--border)"><div class="page-body stack-m" style="max-width:760px">
            {move || failed.get().map(|why| view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The import was not begun"</strong><span>{why}</span></div></div> })}
            {move || match step.get() {
                _ if !own => view! { <div class="empty"><h2>"Imports end at this server"</h2><p>"Files of predictions are read by the local engine. To another server, send predictions as annotations that name a model version."</p>
                    <div class="actions"><a class="btn primary" href="/">"This server"</a></div></div> }.into_any(),
                Step::Choosing if none.get() => view! { <div class="empty"><h2>"No datasets yet"</h2><p>"Predictions are about the inputs of a dataset. Import one first."</p>
                    <div class="actions"><a class="btn primary" href=routes::import(&context.app.get(), "")>"Import a dataset"</a></div></div> }.into_any(),
                Step::Choosing => view! {
                    <form class="stack-m" on:submit=move |e| { e.prevent_default(); if ready() { start(false); } }>
                        <FileField file=file/>
                        <ModelField model=model kind=kind/>
                        <VersionField model=model version=version/>
                        <Choice label="Dataset" value=dataset required=true options=options change=Callback::new(move |v| dataset.set(v))/>
                        <Choice label="Format" value=format options=Signal::derive(|| FORMATS.map(|(id, name)| (id.to_owned(), name.to_owned())).to_vec()) change=Callback::new(move |v| format.set(v))/>
                        <div class="row"><button type="submit" class="btn primary" disabled=move || !ready()><Icon name="play"/>"Import"</button>
                            <span class="small muted">"Labels stay as they are. What this version said of the dataset before is replaced."</span></div>
                    </form>
                }.into_any(),
                Step::Sending { name, done, total } => view! { <h2>"Sending the file"</h2><Progress label=name detail=format!("{} of {}", format::bytes(done as i64), format::bytes(total as i64)) done=done total=total/> }.into_any(),
                Step::Running => view! {
                    <h2>"Importing"</h2>
                    {move || job.get().map(|j| view! { <JobProgress job=j/> })}
                    <div class="row"><button type="button" class="btn" on:click=move |_| cancel(context, job)>"Cancel import"</button><span class="small muted">"The import goes on when this page is closed."</span></div>
                }.into_any(),
                Step::Over(job) => view! { <over::Over job=*job rest=Callback::new(move |()| start(true)) again=Callback::new(again)/> }.into_any(),
            }}
        </div></div>
    }
}
