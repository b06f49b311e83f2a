//! The versions of a dataset as a timeline, and the making of one.

use super::datasets::{MetadataField, metadata_of, metadata_text};
use super::filters::{self, Draft, Filters};
use super::search::Asked;
use crate::components::{Dialog, ErrorPanel, Icon, Pill, Tone};
use crate::data::{context, look_while, mutate, query, scope};
use crate::{format, routes};
use labelscope_api::messages::{AnnotationFilter, AnnotationFilterConfig, DatasetVersion, Filter, Input, StatusCode};
use labelscope_api::operations::{
    DeleteDatasetVersions, ListDatasetVersions, PatchDatasetVersions, PostDatasetVersions, PostInputsSearches,
};
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

/// Is it still being counted?
pub(crate) fn in_work(version: &DatasetVersion) -> bool {
    matches!(state(version).0, Tone::Run | Tone::Idle)
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
    look_while(context, move || list.value.get().is_some_and(|r| r.dataset_versions.iter().any(in_work)));
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

/// In the form: the filter is chosen in the dialog.
const HERE: &str = "*";

#[component]
pub(crate) fn NewVersion(#[prop(into)] dataset: Signal<String>, open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let (id, description, ignore) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let (metadata, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let (filter, managing, draft) = (RwSignal::new(String::new()), RwSignal::new(false), Draft::new());
    let saved = filters::list(move || open.get());
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
    // What passes, as a search of inputs can say it: one condition on one annotation, not turned round.
    let conditions = Memo::new(move |_| match filter.get().as_str() {
        "" => Vec::new(),
        HERE => draft.filters(),
        wanted => {
            let list = saved.value.get();
            let found = list.iter().flat_map(|r| &r.annotation_filters).find(|f| f.id == wanted);
            found.and_then(|f| f.search.as_ref()).and_then(|s| s.query.clone()).map(|q| q.filters).unwrap_or_default()
        }
    });
    let counted = query(move || {
        let conditions = conditions.get();
        let [one] = conditions.as_slice() else { return None };
        (open.get() && !one.negate).then(|| {
            let members = Filter {
                input: Some(Box::new(Input { dataset_ids: vec![dataset.get()], ..Input::default() })),
                ..Filter::default()
            };
            PostInputsSearches {
                user_app_id: scope(context),
                searches: vec![Asked::default().with(members).with(one.clone()).search()],
                only_count: true,
                ..PostInputsSearches::default()
            }
        })
    });
    let passes = move || {
        let n = counted.value.get()?.hit_counts.first()?.estimated_total.0 as i64;
        let rest = if ignore.get() { "the others are left out" } else { "the others are kept without annotations" };
        Some(format!(
            "{} {} an annotation that passes; {rest}.",
            format::of(n, "input", "inputs"),
            if n == 1 { "has" } else { "have" }
        ))
    };
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let field = metadata;
        let metadata = match metadata_of(&metadata.get_untracked()) {
            Ok(m) => Some(m).filter(|m| !m.is_empty()),
            Err(why) => return wrong.set(Some(why)),
        };
        let (chosen, ignore_empty_inputs) = (filter.get_untracked(), ignore.get_untracked());
        let version = DatasetVersion {
            id: id.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            metadata,
            ..DatasetVersion::default()
        };
        let dataset_id = dataset.get_untracked();
        spawn_local(async move {
            let annotation_filter = match chosen.as_str() {
                "" => None,
                HERE => match draft.save(context).await {
                    Ok(made) => {
                        // Should the version fail, the filter that is kept now is taken at the next try.
                        filter.try_set(made.id.clone());
                        Some(made.id)
                    }
                    Err(error) => return context.failed("The filter was not saved", &error),
                },
                id => Some(id.to_owned()),
            };
            let annotation_filter =
                annotation_filter.map(|id| Box::new(AnnotationFilter { id, ..AnnotationFilter::default() }));
            let config = AnnotationFilterConfig { annotation_filter, ignore_empty_inputs };
            let annotation_filter_config = (config != AnnotationFilterConfig::default()).then_some(config);
            match mutate(
                context,
                &PostDatasetVersions {
                    user_app_id: scope(context),
                    dataset_id: dataset_id.clone(),
                    dataset_versions: vec![DatasetVersion { annotation_filter_config, ..version }],
                },
            )
            .await
            {
                Ok(reply) => {
                    let made = reply.dataset_versions.into_iter().next().unwrap_or_default();
                    context.good(format!("Version {} frozen", made.id));
                    id.try_set(String::new());
                    description.try_set(String::new());
                    field.try_set(String::new());
                    filter.try_set(String::new());
                    draft.clear();
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
                <div class="row" style="align-items:end">
                    <label class="field" style="flex:1"><span>"Annotations"</span>
                        <select class="select" on:change=move |e| filter.set(event_target_value(&e))>
                            <option value="" selected=move || filter.get().is_empty()>"All"</option>
                            {move || saved.value.get().map(|r| r.annotation_filters.iter().map(|f| { let id = f.id.clone(); view! { <option value=f.id.clone() selected=move || filter.get() == id>{f.id.clone()}</option> } }).collect_view())}
                            <option value=HERE selected=move || filter.get() == HERE>"Choose concepts or a user…"</option>
                        </select></label>
                    <button type="button" class="btn" on:click=move |_| managing.set(true)>"Filters"</button>
                </div>
                {move || (filter.get() == HERE).then(|| view! { <fieldset class="preview"><legend class="vh">"Filter"</legend><filters::Fields draft=draft/></fieldset> })}
                {move || saved.value.get().and_then(|r| r.annotation_filters.iter().find(|f| f.id == filter.get()).map(filters::said)).map(|text| view! { <p class="small muted">{format!("This filter {text}.")}</p> })}
                {move || passes().map(|text| view! { <p class="small" role="status">{text}</p> })}
                <label class="check"><input type="checkbox" prop:checked=ignore on:change=move |e| ignore.set(event_target_checked(&e))/>"Leave out inputs without annotations"</label>
                <details class="more"><summary>"Metadata"</summary><MetadataField value=metadata wrong=wrong/></details>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-version" class="btn primary" disabled=move || filter.get() == HERE && (draft.id.with(|i| i.trim().is_empty()) || conditions.with(Vec::is_empty))><Icon name="freeze"/>"Freeze version"</button></footer>
        </Dialog>
        <Filters open=managing/>
    }
}

/// Description and metadata of a version; open while there is one.
#[component]
pub(crate) fn EditVersion(version: RwSignal<Option<DatasetVersion>>) -> impl IntoView {
    let context = context();
    let (open, description) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (metadata, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    Effect::new(move |_| {
        if let Some(v) = version.get() {
            description.set(v.description);
            metadata.set(metadata_text(v.metadata.as_ref()));
            wrong.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            version.set(None);
        }
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let Some(old) = version.get_untracked() else { return };
        let metadata = match metadata_of(&metadata.get_untracked()) {
            Ok(m) => Some(m).filter(|m| !(m.is_empty() && old.metadata.is_none())),
            Err(why) => return wrong.set(Some(why)),
        };
        let changed = DatasetVersion {
            id: old.id.clone(),
            description: description.get_untracked(),
            metadata,
            ..DatasetVersion::default()
        };
        spawn_local(async move {
            let op = PatchDatasetVersions {
                user_app_id: scope(context),
                dataset_id: old.dataset_id.clone(),
                dataset_versions: vec![changed],
                action: "overwrite".to_owned(),
            };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good(format!("Version {} changed", old.id));
                    open.try_set(false);
                }
                Err(error) => context.failed("The version was not changed", &error),
            }
        });
    };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Edit {}", version.get().map(|v| v.id).unwrap_or_default()))>
            <form id="edit-version" class="body" on:submit=submit>
                <p class="muted">"What the version holds does not change."</p>
                <label class="field"><span>"Description"</span><input class="input" prop:value=description on:input=move |e| description.set(event_target_value(&e))/></label>
                <MetadataField value=metadata wrong=wrong/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="edit-version" class="btn primary">"Save"</button></footer>
        </Dialog>
    }
}

/// Deletes a version with its exports, after it has said what goes.
#[component]
pub(crate) fn DeleteVersion(
    open: RwSignal<bool>,
    #[prop(into)] version: Signal<Option<DatasetVersion>>,
    /// Set from the beginning on, so that the page asks no more for what goes; taken back when it stays.
    gone: RwSignal<bool>,
) -> impl IntoView {
    let context = context();
    let navigate = StoredValue::new_local(use_navigate());
    let typed = RwSignal::new(String::new());
    let id = move || version.get().map(|v| v.id).unwrap_or_default();
    Effect::new(move |_| {
        if open.get() {
            typed.set(String::new());
        }
    });
    let made = move || {
        let info = version.get().and_then(|v| v.export_info).unwrap_or_default();
        [info.coco, info.clarifai_data_json, info.clarifai_data_protobuf].into_iter().flatten().count() as i64
    };
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let Some(old) = version.get_untracked().filter(|v| v.id == typed.get_untracked()) else { return };
        gone.set(true);
        spawn_local(async move {
            let op = DeleteDatasetVersions {
                user_app_id: scope(context),
                dataset_id: old.dataset_id.clone(),
                dataset_version_ids: vec![old.id.clone()],
            };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good(format!("Version {} deleted", old.id));
                    open.try_set(false);
                    let to = routes::dataset(&context.app.get_untracked(), &old.dataset_id);
                    navigate.with_value(|go| go(&to, NavigateOptions { replace: true, ..NavigateOptions::default() }));
                }
                Err(error) => {
                    gone.try_set(false);
                    context.failed("The version was not deleted", &error);
                }
            }
        });
    };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Delete {}", id()))>
            <form id="delete-version" class="body" on:submit=submit>
                <p>{move || format!("{} with {} and its metrics go. The dataset and its inputs stay as they are now; what was frozen cannot be got back.", id(), format::of(made(), "export", "exports"))}</p>
                <label class="field"><span>"Type the id to delete it"</span><input class="input" autocomplete="off" prop:value=typed on:input=move |e| typed.set(event_target_value(&e))/></label>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <button type="submit" form="delete-version" class="btn danger" disabled=move || typed.get() != id()>"Delete version"</button></footer>
        </Dialog>
    }
}
