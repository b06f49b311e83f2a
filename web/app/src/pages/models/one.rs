//! One model: what was said of it, and its versions.

use super::{list::Delete as DeleteModelDialog, state};
use crate::app::title;
use crate::components::{Confirm, Dialog, ErrorPanel, Icon, Pill, TextField};
use crate::data::{context, is_own, mutate, query, scope};
use crate::{format, routes};
use labelscope_api::messages::{self, ModelVersion};
use labelscope_api::operations::{
    DeleteModelVersion, GetModel, ListModelVersions, PatchModelVersions, PatchModels, PostModelVersions,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

#[component]
pub(crate) fn Model() -> impl IntoView {
    let context = context();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("model").unwrap_or_default());
    let model =
        query(move || Some(GetModel { user_app_id: scope(context), model_id: id.get(), ..GetModel::default() }));
    let versions = query(move || {
        Some(ListModelVersions {
            user_app_id: scope(context),
            model_id: id.get(),
            per_page: 1000,
            ..ListModelVersions::default()
        })
    });
    let here = move || model.value.get().and_then(|r| r.model.clone());
    let name = Memo::new(move |_| here().map(|m| m.name.clone()).filter(|n| !n.is_empty()).unwrap_or_else(|| id.get()));
    Effect::new(move |_| title(&name.get()));
    let (making, editing) = (RwSignal::new(false), RwSignal::new(false));
    let describing = RwSignal::new(None::<ModelVersion>);
    let (deleting, gone) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let navigate = StoredValue::new_local(use_navigate());
    let away = Callback::new(move |()| {
        navigate.with_value(|go| go(&routes::models(&context.app.get_untracked()), NavigateOptions::default()));
    });
    view! {
        <div class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || routes::models(&context.app.get())>"Models"</a></li><li><span class="truncate" aria-current="page">{id}</span></li></ol></nav>
            <div class="page-title"><h1>{name}</h1><div class="actions">
                <button type="button" class="btn" on:click=move |_| editing.set(true)><Icon name="edit"/>"Edit"</button>
                {is_own().then(|| view! { <a class="btn" href=move || routes::predictions(&context.app.get(), &id.get(), "")><Icon name="upload"/>"Import predictions"</a> })}
                <button type="button" class="btn danger" on:click=move |_| gone.set(Some(id.get_untracked()))><Icon name="trash"/>"Delete"</button>
                <button type="button" class="btn primary grow" on:click=move |_| making.set(true)><Icon name="plus"/>"Register a version"</button></div></div>
            {move || here().map(|m| view! { <p class="page-meta"><span><Icon name="tag"/>{m.model_type_id.clone()}</span><span>{format!("registered {}", format::time(m.created_at))}</span></p> })}
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Model">
            {move || model.error.get().map(|e| view! { <ErrorPanel what="The model could not be opened" error=e/> })}
            {move || here().filter(|m| !m.description.is_empty() || !m.notes.is_empty()).map(|m| view! { <div class="told"><p>{m.description.clone()}</p><p class="muted pre">{m.notes.clone()}</p></div> })}
            {move || {
                let Some(reply) = versions.value.get() else { return ().into_any() };
                if reply.model_versions.is_empty() {
                    return view! { <div class="empty"><h2>"No versions yet"</h2><p>"Predictions name a version. Register one to import and evaluate them."</p>
                        <div class="actions"><button type="button" class="btn primary" on:click=move |_| making.set(true)><Icon name="plus"/>"Register a version"</button></div></div> }.into_any();
                }
                let rows = reply.model_versions.iter().map(|v| {
                    let (tone, word) = state(v);
                    let (edit, remove) = (v.clone(), v.id.clone());
                    view! { <tr><th scope="row" class="mono">{v.id.clone()}</th><td class="rest">{v.description.clone()}</td><td><Pill tone=tone text=word/></td>
                        <td class="num hide-phone">{format::count(i64::from(v.active_concept_count))}</td><td class="num muted hide-phone">{format::time(v.created_at)}</td>
                        <td class="num"><button type="button" class="btn iconly quiet s" aria-label=format!("Describe {}", v.id) title="Describe" on:click=move |_| describing.set(Some(edit.clone()))><Icon name="edit"/></button>
                            <button type="button" class="btn iconly quiet s" aria-label=format!("Delete version {}", v.id) title="Delete" on:click=move |_| deleting.set(Some(remove.clone()))><Icon name="trash"/></button></td></tr> }
                }).collect_view();
                view! { <table class="table"><caption class="vh">"Versions, newest first"</caption><thead><tr><th scope="col">"Version"</th><th scope="col">"Description"</th><th scope="col">"State"</th><th scope="col" class="num hide-phone">"Concepts"</th><th scope="col" class="num hide-phone">"Registered"</th><th scope="col" class="num"><span class="vh">"Actions"</span></th></tr></thead><tbody>{rows}</tbody></table> }.into_any()
            }}
        </div>
        <div class="statusbar"><span>{move || versions.value.get().map(|r| format::of(r.model_versions.len() as i64, "version", "versions"))}</span></div>
        <Register open=making model=id/>
        <Edit open=editing model=Signal::derive(here)/>
        <Describe version=describing model=id/>
        <DeleteVersion version=deleting model=id/>
        <DeleteModelDialog model=gone gone=away/>
    }
}

#[component]
fn Register(open: RwSignal<bool>, #[prop(into)] model: Signal<String>) -> impl IntoView {
    let context = context();
    let [id, description] = [(); 2].map(|()| RwSignal::new(String::new()));
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let version = ModelVersion {
            id: id.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            ..ModelVersion::default()
        };
        spawn_local(async move {
            let op = PostModelVersions {
                user_app_id: scope(context),
                model_id: model.get_untracked(),
                model_versions: vec![version],
                ..PostModelVersions::default()
            };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good("Version registered");
                    open.try_set(false);
                    for field in [id, description] {
                        field.try_set(String::new());
                    }
                }
                Err(error) => context.failed("The version was not registered", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="Register a version">
            <form id="new-model-version" class="body" on:submit=submit>
                <TextField label="Id" value=id required=true maxlength=128u32 hint="Predictions name it; keep it unlike those of other models."/>
                <TextField label="Description" value=description placeholder="How it was trained"/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-model-version" class="btn primary">"Register version"</button></footer>
        </Dialog>
    }
}

#[component]
fn Edit(open: RwSignal<bool>, #[prop(into)] model: Signal<Option<Box<messages::Model>>>) -> impl IntoView {
    let context = context();
    let [name, description, notes] = [(); 3].map(|()| RwSignal::new(String::new()));
    Effect::new(move |_| {
        if let (true, Some(m)) = (open.get(), model.get_untracked()) {
            name.set(m.name);
            description.set(m.description);
            notes.set(m.notes);
        }
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let Some(old) = model.get_untracked() else { return };
        let changed = messages::Model {
            id: old.id,
            name: name.get_untracked(),
            description: description.get_untracked(),
            notes: notes.get_untracked(),
            ..messages::Model::default()
        };
        spawn_local(async move {
            match mutate(
                context,
                &PatchModels { user_app_id: scope(context), models: vec![changed], action: "merge".to_owned() },
            )
            .await
            {
                Ok(_) => {
                    context.good("Model changed");
                    open.try_set(false);
                }
                Err(error) => context.failed("The model was not changed", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="Edit the model">
            <form id="edit-model" class="body" on:submit=submit>
                <TextField label="Name" value=name/>
                <TextField label="Description" value=description/>
                <TextField label="Notes" value=notes rows=5/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="edit-model" class="btn primary">"Save"</button></footer>
        </Dialog>
    }
}

#[component]
fn Describe(version: RwSignal<Option<ModelVersion>>, #[prop(into)] model: Signal<String>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let description = RwSignal::new(String::new());
    Effect::new(move |_| {
        if let Some(v) = version.get() {
            description.set(v.description);
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
        let changed = ModelVersion { id: old.id, description: description.get_untracked(), ..ModelVersion::default() };
        spawn_local(async move {
            let op = PatchModelVersions {
                user_app_id: scope(context),
                model_id: model.get_untracked(),
                model_versions: vec![changed],
                action: "merge".to_owned(),
            };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good("Version changed");
                    open.try_set(false);
                }
                Err(error) => context.failed("The version was not changed", &error),
            }
        });
    };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Describe {}", version.get().map(|v| v.id).unwrap_or_default()))>
            <form id="describe-version" class="body" on:submit=submit><TextField label="Description" value=description rows=3/></form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="describe-version" class="btn primary">"Save"</button></footer>
        </Dialog>
    }
}

#[component]
fn DeleteVersion(version: RwSignal<Option<String>>, #[prop(into)] model: Signal<String>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if version.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            version.set(None);
        }
    });
    let id = Signal::derive(move || version.get().unwrap_or_default());
    let confirm = Callback::new(move |()| {
        let Some(version_id) = version.get_untracked() else { return };
        spawn_local(async move {
            let op = DeleteModelVersion { user_app_id: scope(context), model_id: model.get_untracked(), version_id };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good("Version deleted");
                    open.try_set(false);
                }
                Err(error) => context.failed("The version was not deleted", &error),
            }
        });
    });
    view! {
        <Confirm open=open title=Signal::derive(move || format!("Delete version {}", id.get())) word=id button="Delete version" confirm=confirm>
            <p>"Its evaluations go with it. Predictions that name it are annotations and stay."</p>
        </Confirm>
    }
}
