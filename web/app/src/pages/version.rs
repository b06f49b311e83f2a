//! One version: what it holds, and its exports.

use super::versions;
use crate::app::{copy, title};
use crate::components::{ErrorPanel, Icon, Pill, Progress, Tone};
use crate::data::{context, mutate, query, scope};
use crate::{format, routes};
use labelscope_api::extensions::{Job, JobKind, JobState, ListJobs};
use labelscope_api::messages::{
    DatasetVersionExport, DatasetVersionMetrics, DatasetVersionMetricsGroup, ExportFormat, MetricsGroupType, StatusCode,
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
    let version = query(move || {
        context.jobs.track();
        Some(GetDatasetVersion { user_app_id: scope(context), dataset_id: dataset.get(), dataset_version_id: id.get() })
    });
    let groups = query(move || {
        context.jobs.track();
        Some(ListDatasetVersionMetricsGroups {
            user_app_id: scope(context),
            dataset_id: dataset.get(),
            dataset_version_id: id.get(),
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
            <div class="page-title"><h1>{id}</h1>{move || now.get().map(|v| { let (tone, word) = versions::state(&v); view! { <Pill tone=tone text=word/> } })}</div>
            <div class="page-meta">{move || now.get().map(|v| {
                let kept = v.annotation_filter_config.as_ref().is_some_and(|f| f.ignore_empty_inputs);
                view! { <span class="row"><Icon name="lock"/>{format!("Frozen {}", format::time(v.created_at))}</span><span>{v.description.clone()}</span><span class="hide-phone">{if kept { "Inputs without annotations are left out" } else { "Inputs without annotations are kept" }}</span> }
            })}</div>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Version"><div class="page-body">
            {move || version.error.get().map(|e| view! { <ErrorPanel what="The version could not be opened" error=e/> })}
            {move || totals.get().map(|m| tiles(&m, of_kind(MetricsGroupType::CONCEPT_ID).len()))}
            <div class="cols">
                <div class="c8 stack">
                    <section class="card" aria-labelledby="per-concept"><header><h2 id="per-concept">"Annotations per concept"</h2></header>
                        <div class="body">{move || bars(&of_kind(MetricsGroupType::CONCEPT_ID))}</div></section>
                    <div class="cols" style="--n:8">
                        <Distribution heading="Boxes per input" groups=Signal::derive(move || of_kind(MetricsGroupType::BOUNDING_BOXES_COUNT))/>
                        <Distribution heading="Concepts per input" groups=Signal::derive(move || of_kind(MetricsGroupType::CONCEPTS_COUNT))/>
                        <Distribution heading="Width over height" groups=Signal::derive(move || of_kind(MetricsGroupType::ASPECT_RATIO))/>
                        <Distribution heading="Side of the picture in pixels, from" groups=Signal::derive(move || of_kind(MetricsGroupType::PIXELS_COUNT))/>
                    </div>
                    {move || totals.get().and_then(|m| heat(&m))}
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
    }
}

fn tiles(m: &DatasetVersionMetrics, concepts: usize) -> impl IntoView + use<> {
    let (inputs, regions, unlabeled) = (n(m.inputs_count), n(m.regions_count), n(m.unlabeled_inputs_count));
    let share = if inputs > 0 { format!("{:.2} per input", regions as f64 / inputs as f64) } else { String::new() };
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

fn bars(groups: &[DatasetVersionMetricsGroup]) -> impl IntoView + use<> {
    let mut rows: Vec<(String, i64, i64)> = groups
        .iter()
        .map(|g| {
            let m = g.metrics.clone().unwrap_or_default();
            (
                g.value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
                n(m.positive_region_tags_count) + n(m.positive_input_tags_count),
                n(m.inputs_count),
            )
        })
        .collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let most = rows.first().map_or(1, |r| r.1.max(1));
    if rows.is_empty() {
        return view! { <p class="muted">"No concept is used in this version."</p> }.into_any();
    }
    let body = rows.into_iter().map(|(id, annotations, inputs)| view! { <tr><th scope="row" style="font-weight:400">{id}</th><td style="width:45%"><span class="bar"><i style=format!("--v:{:.1};--c:var(--bar)", annotations as f64 * 100.0 / most as f64)></i></span></td><td class="num">{format::count(annotations)}</td><td class="num">{format::count(inputs)}</td></tr> }).collect_view();
    view! { <div class="xscroll" tabindex="0" role="group" aria-label="Annotations per concept, table" style="max-height:420px;overflow:auto"><table class="table"><caption class="vh">"Annotations and inputs per concept, most used first"</caption><thead><tr><th scope="col">"Concept"</th><th scope="col"><span class="vh">"Share"</span></th><th scope="col" class="num">"Annotations"</th><th scope="col" class="num">"Inputs"</th></tr></thead><tbody>{body}</tbody></table></div> }.into_any()
}

#[component]
fn Distribution(heading: &'static str, #[prop(into)] groups: Signal<Vec<DatasetVersionMetricsGroup>>) -> impl IntoView {
    view! {
        <section class="card c4" aria-label=heading><header><h2>{heading}</h2></header><div class="body">
            {move || {
                let list = groups.get();
                let most = list.iter().map(|g| g.metrics.as_ref().map_or(0, |m| n(m.inputs_count))).max().unwrap_or(1).max(1);
                let rows = list.iter().map(|g| {
                    let inputs = g.metrics.as_ref().map_or(0, |m| n(m.inputs_count));
                    view! { <tr><th scope="row" class="num" style="font-weight:400">{g.value.as_ref().map(ToString::to_string)}</th><td style="width:60%"><span class="bar"><i style=format!("--v:{:.1};--c:var(--bar)", inputs as f64 * 100.0 / most as f64)></i></span></td><td class="num">{format::count(inputs)}</td></tr> }
                }).collect_view();
                view! { <div style="max-height:220px;overflow:auto" tabindex="0" role="group" aria-label=format!("{heading}, table")><table class="table"><thead><tr><th scope="col" class="num">"Value"</th><th scope="col"><span class="vh">"Share"</span></th><th scope="col" class="num">"Inputs"</th></tr></thead><tbody>{rows}</tbody></table></div> }
            }}
        </div></section>
    }
}

/// Where regions lie, as a map of amounts.
fn heat(m: &DatasetVersionMetrics) -> Option<impl IntoView + use<>> {
    let matrix = m.region_location_matrix.as_ref()?;
    let columns = matrix.n_cols.0.max(1);
    let most = matrix.data.iter().map(|v| v.0).max().unwrap_or(0).max(1);
    let cells = matrix
        .data
        .iter()
        .map(|v| {
            let level = if v.0 == 0 { 0 } else { 1 + v.0 * 5 / most };
            view! { <i style=format!("background:var(--seq-{level})")></i> }
        })
        .collect_view();
    let text = format!("Map of where regions lie, {columns} columns; the fullest cell is touched by {most} regions");
    Some(view! {
        <section class="card" aria-labelledby="heat"><header><h2 id="heat">"Where regions lie"</h2><span class="push faint small">{format!("{} × {} cells", columns, matrix.data.len() as u64 / columns)}</span></header>
            <div class="body row wrap" style="gap:24px;align-items:flex-start"><div class="heat" role="img" aria-label=text style=format!("grid-template-columns:repeat({columns},1fr);flex:0 1 320px")>{cells}</div>
            <p class="muted" style="flex:1 1 160px;max-width:36ch">{format!("Each cell counts the regions that touch it, from 0 to {}. Pictures are laid over each other whole, whatever their size.", format::count(most as i64))}</p></div></section>
    })
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
    let ask = Callback::new(move |()| {
        let op = PutDatasetVersionExports {
            user_app_id: scope(context),
            dataset_id: dataset.get_untracked(),
            dataset_version_id: version.get_untracked(),
            exports: vec![DatasetVersionExport { format, ..DatasetVersionExport::default() }],
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
                    return view! { <div class="row"><h3>{name}</h3><span class="push"><button type="button" class="btn s" aria-label=format!("Export {name}") on:click=move |_| ask.run(())>"Export"</button></span></div><p class="small muted">{about}</p> }.into_any();
                };
                let status = e.status.clone().unwrap_or_default();
                match status.code {
                    StatusCode::DATASET_VERSION_EXPORT_SUCCESS => {
                        let sha = job.get().map(|j| j.sha256).unwrap_or_default();
                        let shown = sha.chars().take(16).collect::<String>();
                        let kept = sha.clone();
                        view! {
                            <div class="row"><h3>{name}</h3><span class="push"><Pill tone=Tone::Ok text="Ready"/></span></div>
                            <p class="small muted">{format!("{} · {} bytes", format::bytes(e.size.0 as i64), format::count(e.size.0 as i64))}</p>
                            <div class="row small faint">
                                {(!sha.is_empty()).then(|| view! { <span class="mono truncate" title=format!("SHA-256 {sha}")>{format!("SHA-256 {shown}…")}</span><button type="button" class="btn iconly quiet s" aria-label="Copy SHA-256" title="Copy SHA-256" on:click=move |_| { copy(&kept); context.good("SHA-256 copied"); }><Icon name="copy"/></button> })}
                                <span class="push"><a class="btn s" href=e.url.clone() download="" rel="external" aria-label=format!("Download {name}")><Icon name="download"/>"Download"</a></span>
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
