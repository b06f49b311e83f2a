//! The versions of a dataset as a timeline, and the making of one.

use crate::components::{Dialog, ErrorPanel, Icon, Pill, Tone};
use crate::data::{context, mutate, query, scope};
use crate::{format, routes};
use labelscope_api::messages::{AnnotationFilterConfig, DatasetVersion, StatusCode};
use labelscope_api::operations::{ListDatasetVersions, PostDatasetVersions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// The state of a version as a pill.
pub(crate) fn state(version: &DatasetVersion) -> (Tone, &'static str) {
    match version.status.as_ref().map_or(StatusCode(0), |s| s.code) {
        StatusCode::DATASET_VERSION_READY => (Tone::Ok, "Ready"),
        StatusCode::DATASET_VERSION_IN_PROGRESS => (Tone::Run, "Counting"),
        StatusCode::DATASET_VERSION_PENDING => (Tone::Idle, "Pending"),
        _ => (Tone::Bad, "Failed"),
    }
}

/// The counts of a version in a line.
pub(crate) fn counts(version: &DatasetVersion) -> String {
    let Some(m) = version.metrics.get("/") else { return String::new() };
    let n = |v: Option<labelscope_api::wire::UInt64>| v.map_or(0, |v| v.0 as i64);
    let mut parts = vec![format::of(n(m.inputs_count), "input", "inputs")];
    for (v, one, many) in [
        (m.bounding_boxes_count, "box", "boxes"),
        (m.polygons_count, "polygon", "polygons"),
        (m.masks_count, "mask", "masks"),
    ] {
        if n(v) > 0 {
            parts.push(format::of(n(v), one, many));
        }
    }
    parts.join(" · ")
}

#[component]
pub(crate) fn Timeline(#[prop(into)] dataset: Signal<String>) -> impl IntoView {
    let context = context();
    let list = query(move || {
        context.jobs.track();
        Some(ListDatasetVersions {
            user_app_id: scope(context),
            dataset_id: dataset.get(),
            per_page: 100,
            ..ListDatasetVersions::default()
        })
    });
    view! {
        {move || list.error.get().map(|e| view! { <ErrorPanel what="The versions could not be listed" error=e/> })}
        <ol class="timeline">
            <li class="draft"><div class="row"><span class="strong">"Now"</span><span class="push faint small">"not frozen"</span></div>
                <p class="small muted">{move || match list.value.get().map(|r| r.dataset_versions.len()) { Some(0) => "Freeze it to export it.", _ => "What you see and edit." }}</p></li>
            {move || list.value.get().map(|r| r.dataset_versions.iter().enumerate().map(|(i, v)| {
                let (tone, word) = state(v);
                let exports = v.export_info.clone().unwrap_or_default();
                let made = [("COCO", exports.coco), ("Protobuf", exports.clarifai_data_protobuf), ("JSON", exports.clarifai_data_json)];
                let tags = made.into_iter().filter(|(_, e)| e.is_some()).map(|(name, _)| view! { <span class="tag">{name}</span> }).collect_view();
                view! { <li class:now=i == 0>
                    <div class="row"><a class="strong lk truncate" href=routes::version(&context.app.get(), &v.dataset_id, &v.id)>{v.id.clone()}</a><Pill tone=tone text=word/></div>
                    <p class="small muted">{counts(v)}</p>
                    {(!v.description.is_empty()).then(|| view! { <p class="small">{v.description.clone()}</p> })}
                    <p class="small faint">{format::time(v.created_at)}</p>
                    <p class="row small wrap" style="margin-top:4px">{tags}</p>
                </li> }
            }).collect_view())}
        </ol>
    }
}

#[component]
pub(crate) fn NewVersion(#[prop(into)] dataset: Signal<String>, open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let (id, description, ignore) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let navigate = StoredValue::new_local(use_navigate());
    // The next free number is offered as id.
    let known = query(move || {
        open.get().then(|| ListDatasetVersions {
            user_app_id: scope(context),
            dataset_id: dataset.get(),
            per_page: 1000,
            ..ListDatasetVersions::default()
        })
    });
    Effect::new(move |_| {
        if let (true, Some(reply)) = (open.get(), known.value.get()) {
            let taken = |n: usize| reply.dataset_versions.iter().any(|v| v.id == format!("v{n}"));
            if id.get_untracked().is_empty() {
                id.set(format!(
                    "v{}",
                    (1..=reply.dataset_versions.len() * 2 + 1)
                        .skip(reply.dataset_versions.len())
                        .find(|n| !taken(*n))
                        .unwrap_or(1)
                ));
            }
        }
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let version = DatasetVersion {
            id: id.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            annotation_filter_config: ignore
                .get_untracked()
                .then(|| AnnotationFilterConfig { ignore_empty_inputs: true, ..AnnotationFilterConfig::default() }),
            ..DatasetVersion::default()
        };
        let dataset_id = dataset.get_untracked();
        spawn_local(async move {
            match mutate(
                context,
                &PostDatasetVersions {
                    user_app_id: scope(context),
                    dataset_id: dataset_id.clone(),
                    dataset_versions: vec![version],
                },
            )
            .await
            {
                Ok(reply) => {
                    let made = reply.dataset_versions.into_iter().next().unwrap_or_default();
                    context.good(format!("Version {} frozen", made.id));
                    id.try_set(String::new());
                    description.try_set(String::new());
                    open.try_set(false);
                    navigate.with_value(|go| {
                        go(
                            &routes::version(&context.app.get_untracked(), &dataset_id, &made.id),
                            NavigateOptions::default(),
                        );
                    });
                }
                Err(error) => context.failed("The version was not made", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="New version">
            <form id="new-version" class="body" on:submit=submit>
                <p class="muted">"A version is the dataset as it is now. It cannot change afterwards, whatever is edited."</p>
                <label class="field"><span>"Id"</span><input class="input" maxlength="128" prop:value=id on:input=move |e| id.set(event_target_value(&e))/></label>
                <label class="field"><span>"Description"</span><input class="input" placeholder="What is new in it" prop:value=description on:input=move |e| description.set(event_target_value(&e))/></label>
                <label class="check"><input type="checkbox" prop:checked=ignore on:change=move |e| ignore.set(event_target_checked(&e))/>"Leave out inputs without annotations"</label>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-version" class="btn primary"><Icon name="freeze"/>"Freeze version"</button></footer>
        </Dialog>
    }
}
