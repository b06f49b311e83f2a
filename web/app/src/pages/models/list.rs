//! The models of an app.

use super::state;
use crate::app::{asked_for_new, title};
use crate::components::{Choice, Confirm, Dialog, ErrorPanel, Icon, Pill, TextField};
use crate::data::{context, mutate, mutate_and_leave, query, scope};
use crate::pages::evaluations::Tabs;
use crate::{format, routes};
use labelscope_api::messages::{Model, ModelVersion};
use labelscope_api::operations::{DeleteModel, ListModelTypes, ListModelVersions, ListModels, PostModels};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{query_signal, use_navigate};

#[component]
pub(crate) fn Models() -> impl IntoView {
    let context = context();
    title("Models");
    let (search, set_search) = query_signal::<String>("q");
    let (kind, set_kind) = query_signal::<String>("type");
    let list = query(move || {
        let _ = context.app.get();
        Some(ListModels {
            user_app_id: scope(context),
            per_page: 200,
            search: search.get().unwrap_or_default(),
            model_type_id: kind.get().unwrap_or_default(),
            ..ListModels::default()
        })
    });
    let types = query(move || {
        Some(ListModelTypes { user_app_id: scope(context), per_page: 1000, ..ListModelTypes::default() })
    });
    let options = move |first: Option<&str>| -> Vec<(String, String)> {
        let reply = types.value.get();
        let all = reply
            .iter()
            .flat_map(|r| &r.model_types)
            .map(|t| (t.id.clone(), if t.title.is_empty() { t.id.clone() } else { t.title.clone() }));
        first.map(|f| (String::new(), f.to_owned())).into_iter().chain(all).collect()
    };
    let making = asked_for_new();
    let deleting = RwSignal::new(None::<String>);
    let filtered = move || search.get().is_some() || kind.get().is_some();
    let some = |v: String| Some(v).filter(|v| !v.is_empty());
    view! {
        <div class="page-head"><div class="page-title"><h1>"Models"</h1><div class="actions">
            <button type="button" class="btn primary grow" on:click=move |_| making.set(true)><Icon name="plus"/>"Register a model"</button></div></div><Tabs models=true/></div>
        <div class="toolbar" style="padding-inline:var(--page-x)"><label class="search" style="flex:1"><Icon name="search"/><span class="vh">"Search models"</span>
                <input type="search" placeholder="Words of id, name, description or notes" prop:value=move || search.get().unwrap_or_default() on:change=move |e| set_search.set(some(event_target_value(&e)))/></label>
            <Choice label="Type of model" quiet=true value=Signal::derive(move || kind.get().unwrap_or_default()) change=Callback::new(move |v| set_kind.set(some(v))) options=Signal::derive(move || options(Some("All types")))/></div>
        <div class="scroll" tabindex="0" role="region" aria-label="Model list">
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The models could not be listed" error=e/> })}
            {move || {
                let Some(reply) = list.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any() };
                if reply.models.is_empty() {
                    return view! { <div class="empty"><h2>{if filtered() { "No model matches" } else { "No models yet" }}</h2>
                        <p>{if filtered() { "Search for another word or choose another type." } else { "A model is registered, so that predictions can name its versions and be evaluated. Nothing is trained here." }}</p>
                        <div class="actions"><button type="button" class="btn primary" on:click=move |_| making.set(true)><Icon name="plus"/>"Register a model"</button></div></div> }.into_any();
                }
                let rows = reply.models.iter().map(|m| {
                    let id = m.id.clone();
                    let latest = m.model_version.as_ref().map(|v| { let (tone, word) = state(v); view! { <span class="mono small">{v.id.clone()}</span>" "<Pill tone=tone text=word/> } });
                    view! { <tr>
                        <th scope="row"><a class="lk strong" href=routes::model(&context.app.get(), &m.id)>{if m.name.is_empty() { m.id.clone() } else { m.name.clone() }}</a></th>
                        <td class="muted hide-phone">{m.model_type_id.clone()}</td>
                        <td>{latest}</td>
                        <td class="rest hide-phone">{m.description.clone()}</td>
                        <td class="num muted hide-phone">{format::time(m.modified_at.or(m.created_at))}</td>
                        <td class="num"><button type="button" class="btn iconly quiet s" aria-label=format!("Delete {}", m.id) title="Delete" on:click=move |_| deleting.set(Some(id.clone()))><Icon name="trash"/></button></td>
                    </tr> }
                }).collect_view();
                view! { <table class="table"><caption class="vh">"Models, the one changed last first"</caption>
                    <thead><tr><th scope="col">"Model"</th><th scope="col" class="hide-phone">"Type"</th><th scope="col">"Latest version"</th><th scope="col" class="hide-phone">"Description"</th><th scope="col" class="num hide-phone">"Changed"</th><th scope="col" class="num"><span class="vh">"Actions"</span></th></tr></thead>
                    <tbody>{rows}</tbody></table> }.into_any()
            }}
        </div>
        <div class="statusbar"><span>{move || list.value.get().map(|r| format::of(r.models.len() as i64, "model", "models"))}</span></div>
        <Register open=making types=Signal::derive(move || options(None))/>
        <Delete model=deleting gone=Callback::new(|()| ())/>
    }
}

#[component]
fn Register(open: RwSignal<bool>, types: Signal<Vec<(String, String)>>) -> impl IntoView {
    let context = context();
    let [id, name, description, version] = [(); 4].map(|()| RwSignal::new(String::new()));
    let kind = RwSignal::new("visual-classifier".to_owned());
    let navigate = StoredValue::new_local(use_navigate());
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let id = id.get_untracked().trim().to_owned();
        let first = version.get_untracked().trim().to_owned();
        let model = Model {
            id: id.clone(),
            name: name.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            model_type_id: kind.get_untracked(),
            model_version: (!first.is_empty()).then(|| Box::new(ModelVersion { id: first, ..ModelVersion::default() })),
            ..Model::default()
        };
        spawn_local(async move {
            let op = PostModels { user_app_id: scope(context), model: Some(Box::new(model)), ..PostModels::default() };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good(format!("Model {id} registered"));
                    open.try_set(false);
                    navigate.with_value(|go| {
                        go(&routes::model(&context.app.get_untracked(), &id), NavigateOptions::default());
                    });
                }
                Err(error) => context.failed("The model was not registered", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="Register a model">
            <form id="new-model" class="body" on:submit=submit>
                <TextField label="Id" value=id required=true maxlength=128u32 placeholder="rooms-resnet50"/>
                <TextField label="Name" value=name/>
                <Choice label="Type" value=kind options=types change=Callback::new(move |v| kind.set(v))/>
                <TextField label="Description" value=description/>
                <TextField label="First version" value=version maxlength=128u32 placeholder="its id, where there is one" hint="Predictions name a version by its id alone; keep it unlike those of other models."/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-model" class="btn primary">"Register"</button></footer>
        </Dialog>
    }
}

/// Names the versions that go with a model; open while there is one.
#[component]
pub(super) fn Delete(model: RwSignal<Option<String>>, gone: Callback<()>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if model.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            model.set(None);
        }
    });
    let versions = query(move || {
        model.get().map(|model_id| ListModelVersions {
            user_app_id: scope(context),
            model_id,
            per_page: 1000,
            ..ListModelVersions::default()
        })
    });
    let id = Signal::derive(move || model.get().unwrap_or_default());
    let confirm = Callback::new(move |()| {
        let Some(model_id) = model.get_untracked() else { return };
        spawn_local(async move {
            let leave = || {
                open.try_set(false);
                model.try_set(None);
                gone.try_run(());
            };
            let op = DeleteModel { user_app_id: scope(context), model_id: model_id.clone() };
            match mutate_and_leave(context, &op, leave).await {
                Ok(_) => context.good(format!("Model {model_id} deleted")),
                Err(error) => context.failed("The model was not deleted", &error),
            }
        });
    });
    let named = move || {
        versions.value.get().map(|r| {
            let ids: Vec<&str> = r.model_versions.iter().take(5).map(|v| v.id.as_str()).collect();
            let more = r.model_versions.len().saturating_sub(ids.len());
            match (ids.is_empty(), more) {
                (true, _) => "It has no version.".to_owned(),
                (_, 0) => {
                    format!("{}: {}.", format::of(ids.len() as i64, "version goes", "versions go"), ids.join(", "))
                }
                _ => format!(
                    "{} go: {} and {} more.",
                    format::of(r.model_versions.len() as i64, "version", "versions"),
                    ids.join(", "),
                    more
                ),
            }
        })
    };
    view! {
        <Confirm open=open title=Signal::derive(move || format!("Delete {}", id.get())) word=id button="Delete model" confirm=confirm>
            {move || versions.error.get().map(|e| view! { <ErrorPanel what="Its versions could not be listed" error=e/> })}
            <p>"The model goes with its versions and their evaluations. "{named}</p>
            <p class="small muted">"Predictions are annotations and stay."</p>
        </Confirm>
    }
}
