//! One version: what it holds, and its exports.

use super::filters;
use super::groups::Groups;
use super::versions::{self, DeleteVersion, EditVersion};
use crate::app::{copy, title};
use crate::components::{ErrorPanel, Icon, Pill, Progress, Tone};
use crate::data::{context, look_while, media, mutate, query, scope};
use crate::{format, routes};
use labelscope_api::extensions::{Job, JobKind, JobState, ListJobs};
use labelscope_api::messages::{
    DatasetVersionExport, DatasetVersionMetrics, ExportFormat, MetricsGroupType, RequestOrigin, StatusCode,
};
use labelscope_api::operations::{GetDatasetVersion, ListDatasetVersionMetricsGroups, PutDatasetVersionExports};
use labelscope_api::wire::UInt64;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use serde_json::Value;

const FORMATS: [(ExportFormat, &str, &str); 3] = [
    (ExportFormat::COCO, "COCO", "One JSON of images, boxes, outlines and masks, exact to the digit"),
    (ExportFormat::CLARIFAI_DATA_PROTOBUF, "Clarifai protobuf", "What the vendor's SDK reads"),
    (ExportFormat::CLARIFAI_DATA_JSON, "Clarifai JSON", "Inputs as the API prints them"),
];

fn n(v: Option<UInt64>) -> i64 {
    v.map_or(0, |v| v.0 as i64)
}

#[component]
pub(crate) fn Version() -> impl IntoView {
    let context = context();
    let params = use_params_map();
    let dataset = Memo::new(move |_| params.read().get("dataset").unwrap_or_default());
    let id = Memo::new(move |_| params.read().get("version").unwrap_or_default());
    Effect::new(move |_| title(&format!("{} {}", dataset.get(), id.get())));
    let gone = RwSignal::new(false);
    let version = query(move || {
        context.jobs.track();
        (!gone.get()).then(|| GetDatasetVersion {
            user_app_id: scope(context),
            dataset_id: dataset.get(),
            dataset_version_id: id.get(),
        })
    });
    let groups = query(move || {
        context.jobs.track();
        (!gone.get()).then(|| ListDatasetVersionMetricsGroups {
            user_app_id: scope(context),
            dataset_id: dataset.get(),
            dataset_version_id: id.get(),
            // Groups within groups are not shown.
            parent_paths: vec!["/".to_owned()],
            per_page: 1000,
            ..ListDatasetVersionMetricsGroups::default()
        })
    });
    let jobs = query(move || {
        context.jobs.track();
        Some(ListJobs { user_app_id: scope(context), dataset_id: dataset.get(), per_page: 50, ..ListJobs::default() })
    });
    let now = Memo::new(move |_| version.value.get().and_then(|r| r.dataset_version.clone()));
    let totals = Memo::new(move |_| now.get().and_then(|v| v.metrics.get("/").cloned()));
    look_while(context, move || {
        now.get().is_some_and(|v| {
            let exports = v.export_info.clone().unwrap_or_default();
            let mut exports =
                [exports.coco, exports.clarifai_data_json, exports.clarifai_data_protobuf].into_iter().flatten();
            let writing = [StatusCode::DATASET_VERSION_EXPORT_PENDING, StatusCode::DATASET_VERSION_EXPORT_IN_PROGRESS];
            versions::in_work(&v) || exports.any(|e| e.status.is_some_and(|s| writing.contains(&s.code)))
        })
    });
    // What is being deleted is still named in the dialog.
    let deleted = Memo::new(move |before: Option<&Option<_>>| now.get().or_else(|| before.cloned().flatten()));
    let (editing, deleting) = (RwSignal::new(None), RwSignal::new(false));
    let of_kind = move |kind: MetricsGroupType| {
        groups
            .value
            .get()
            .map(|r| {
                r.dataset_version_metrics_groups
                    .iter()
                    .filter(|g| g.r#type == kind && g.value != Some(Value::from("total")))
                    .cloned()
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default()
    };
    view! {
        <div class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || routes::datasets(&context.app.get())>"Datasets"</a></li><li><a href=move || routes::dataset(&context.app.get(), &dataset.get())>{dataset}</a></li><li><span aria-current="page">{id}</span></li></ol></nav>
            <div class="page-title"><h1>{id}</h1>{move || now.get().map(|v| { let (tone, word) = versions::state(&v); view! { <Pill tone=tone text=word/> } })}
                <div class="actions">
                    <button type="button" class="btn" on:click=move |_| editing.set(now.get())><Icon name="edit"/>"Edit"</button>
                    <button type="button" class="btn danger" on:click=move |_| deleting.set(true)><Icon name="trash"/>"Delete"</button>
                </div></div>
            <div class="page-meta">{move || now.get().map(|v| {
                let config = v.annotation_filter_config.clone().unwrap_or_default();
                let kept = config.ignore_empty_inputs;
                let filter = config.annotation_filter.map_or_else(|| "No filter".to_owned(), |f| if f.id.is_empty() { filters::said(&f) } else { format!("Filter {}", f.id) });
                view! { <span class="row"><Icon name="lock"/>{format!("Frozen {}", format::time(v.created_at))}</span>{(!v.description.is_empty()).then(|| view! { <span>{v.description.clone()}</span> })}<span>{origin(v.request_origin)}</span><span>{filter}</span><span class="hide-phone">{if kept { "Inputs without annotations are left out" } else { "Inputs without annotations are kept" }}</span> }
            })}</div>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Version"><div class="page-body">
            {move || version.error.get().map(|e| view! { <ErrorPanel what="The version could not be opened" error=e/> })}
            {move || totals.get().map(|m| tiles(&m, of_kind(MetricsGroupType::CONCEPT_ID).len()))}
            <div class="cols">
                <div class="c8 stack">
                    <Groups groups=Signal::derive(move || groups.value.get()) whole=totals/>
                </div>
                <div class="c4 stack first">
                    <section class="card" aria-labelledby="exports"><header><h2 id="exports">"Exports"</h2></header>
                        {FORMATS.into_iter().map(|(format, name, about)| {
                            let export = Memo::new(move |_| now.get().and_then(|v| v.export_info).and_then(|i| match format {
                                ExportFormat::COCO => i.coco,
                                ExportFormat::CLARIFAI_DATA_JSON => i.clarifai_data_json,
                                _ => i.clarifai_data_protobuf,
                            }));
                            let job = Memo::new(move |_| jobs.value.get().and_then(|r| r.jobs.iter().find(|j| j.kind == JobKind::EXPORT && j.dataset_version_id == id.get() && j.export.as_ref().is_some_and(|e| e.format == format)).cloned()));
                            view! { <Export name=name about=about format=format export=export job=job dataset=dataset version=id/> }
                        }).collect_view()}
                    </section>
                </div>
            </div>
        </div></div>
        <EditVersion version=editing/>
        <DeleteVersion open=deleting version=deleted gone=gone/>
    }
}

/// Who asked for the version.
fn origin(origin: RequestOrigin) -> &'static str {
    match origin {
        RequestOrigin::TRAINING => "Made for training",
        RequestOrigin::EVAL_GROUND_TRUTH => "Made as the labels of an evaluation",
        RequestOrigin::EVAL_PREDICTIONS => "Made of the predictions of an evaluation",
        _ => "Made by hand",
    }
}

fn tiles(m: &DatasetVersionMetrics, concepts: usize) -> impl IntoView + use<> {
    let (inputs, regions, unlabeled) = (n(m.inputs_count), n(m.regions_count), n(m.unlabeled_inputs_count));
    let share = if inputs > 0 {
        format!("{} per input", format::decimal(regions as f64 / inputs as f64, 2))
    } else {
        String::new()
    };
    let kinds = [
        (n(m.bounding_boxes_count), "box", "boxes"),
        (n(m.polygons_count), "polygon", "polygons"),
        (n(m.masks_count), "mask", "masks"),
    ];
    let words: Vec<String> =
        kinds.into_iter().filter(|(v, ..)| *v > 0).map(|(v, one, many)| format::of(v, one, many)).collect();
    view! {
        <dl class="tiles">
            <div class="tile"><dt>"Inputs"</dt><dd class="fig">{format::count(inputs)}</dd><dd class="sub">{format!("{} with a region", format::count(n(m.region_inputs_count)))}</dd></div>
            <div class="tile"><dt>"Regions"</dt><dd class="fig">{format::count(regions)}</dd><dd class="sub">{share}</dd></div>
            <div class="tile"><dt>"Concepts"</dt><dd class="fig">{format::count(concepts as i64)}</dd><dd class="sub">"in use"</dd></div>
            <div class="tile"><dt>"Unlabelled inputs"</dt><dd class="fig">{format::count(unlabeled)}</dd><dd class="sub">"without a positive label"</dd></div>
            <div class="tile"><dt>"Shapes"</dt><dd class="fig">{words.len().to_string()}</dd><dd class="sub">{words.join(", ")}</dd></div>
        </dl>
    }
}

#[component]
fn Export(
    name: &'static str,
    about: &'static str,
    format: ExportFormat,
    #[prop(into)] export: Signal<Option<DatasetVersionExport>>,
    #[prop(into)] job: Signal<Option<Job>>,
    #[prop(into)] dataset: Signal<String>,
    #[prop(into)] version: Signal<String>,
) -> impl IntoView {
    let context = context();
    let embeddings = RwSignal::new(false);
    let ask = Callback::new(move |()| {
        let op = PutDatasetVersionExports {
            user_app_id: scope(context),
            dataset_id: dataset.get_untracked(),
            dataset_version_id: version.get_untracked(),
            exports: vec![DatasetVersionExport {
                format,
                include_embeddings: embeddings.get_untracked(),
                ..DatasetVersionExport::default()
            }],
        };
        spawn_local(async move {
            if let Err(error) = mutate(context, &op).await {
                context.failed("The export was not begun", &error);
            }
        });
    });
    view! {
        <div class="item" style="border-top:1px solid var(--border)">
            {move || {
                let Some(e) = export.get() else {
                    return view! { <div class="row"><h3>{name}</h3><span class="push"><button type="button" class="btn s" aria-label=format!("Export {name}") on:click=move |_| ask.run(())>"Export"</button></span></div><p class="small muted">{about}</p>
                        {(format != ExportFormat::COCO).then(|| view! { <label class="check small switch"><input type="checkbox" role="switch" prop:checked=embeddings on:change=move |e| embeddings.set(event_target_checked(&e))/>"With embeddings"</label> })} }.into_any();
                };
                let status = e.status.clone().unwrap_or_default();
                match status.code {
                    StatusCode::DATASET_VERSION_EXPORT_SUCCESS => {
                        let sha = job.get().map(|j| j.sha256).unwrap_or_default();
                        let shown = sha.chars().take(16).collect::<String>();
                        let kept = sha.clone();
                        view! {
                            <div class="row"><h3>{name}</h3><span class="push"><Pill tone=Tone::Ok text="Ready"/></span></div>
                            <p class="small muted">{format!("{} · {} bytes{}", format::bytes(e.size.0 as i64), format::count(e.size.0 as i64), if e.include_embeddings { " · with embeddings" } else { "" })}</p>
                            <div class="row small faint">
                                {(!sha.is_empty()).then(|| view! { <span class="mono truncate" title=format!("SHA-256 {sha}")>{format!("SHA-256 {shown}…")}</span><button type="button" class="btn iconly quiet s" aria-label="Copy SHA-256" title="Copy SHA-256" on:click=move |_| { copy(&kept); context.good("SHA-256 copied"); }><Icon name="copy"/></button> })}
                                <span class="push"><a class="btn s" href=media(&e.url).unwrap_or_else(|| e.url.clone()) download="" rel="external" aria-label=format!("Download {name}")><Icon name="download"/>"Download"</a></span>
                            </div>
                        }.into_any()
                    }
                    StatusCode::DATASET_VERSION_EXPORT_PENDING | StatusCode::DATASET_VERSION_EXPORT_IN_PROGRESS => {
                        let (label, detail, done, total) = match job.get().filter(|j| j.state == JobState::RUNNING) {
                            Some(j) => (format!("{} of {} · {}", j.phase_number.max(1), j.phase_count, j.phase), format!("{} of {}", format::count(j.done.0), format::count(j.total.0)), j.done.0 as f64, j.total.0 as f64),
                            None => ("waiting for its turn".to_owned(), String::new(), 0.0, 0.0),
                        };
                        view! { <div class="row"><h3>{name}</h3><span class="push"><Pill tone=Tone::Run text="Writing"/></span></div><Progress label=label detail=detail done=done total=total/> }.into_any()
                    }
                    _ => view! { <div class="row"><h3>{name}</h3><span class="push"><Pill tone=Tone::Bad text="Failed"/></span></div><p class="why">{status.details.clone()}<br/><span>{format!("code {}", status.code.0)}</span></p><div class="row"><button type="button" class="btn s" on:click=move |_| ask.run(())>"Retry"</button></div> }.into_any(),
                }
            }}
        </div>
    }
}
