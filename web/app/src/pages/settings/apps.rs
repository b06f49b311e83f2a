//! The apps of the server that is worked on: making, describing and deleting them.

use crate::components::{Choice, Confirm, Dialog, ErrorPanel, Icon, TextField};
use crate::data::{context, mutate, mutate_and_leave, query, scope};
use crate::pages::copies::{Copies, CopyApp};
use crate::{format, languages, routes};
use labelscope_api::messages::{App, UserAppIdSet};
use labelscope_api::operations::{DeleteApp, GetResourceCounts, ListApps, PatchApps, PostApps};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{query_signal, use_navigate};

#[component]
pub(super) fn Apps(making: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let (search, set_search) = query_signal::<String>("q");
    let list = query(move || {
        Some(ListApps {
            user_app_id: scope(context),
            per_page: 200,
            search: search.get().unwrap_or_default(),
            ..ListApps::default()
        })
    });
    let editing = RwSignal::new(None::<App>);
    let deleting = RwSignal::new(None::<String>);
    let copying = RwSignal::new(None::<String>);
    let (view_as, set_view) = query_signal::<String>("view");
    let copies = Memo::new(move |_| view_as.get().as_deref() == Some("copies"));
    view! {
        <div class="toolbar" style="padding-inline:var(--page-x)"><div class="segmented" role="group" aria-label="Apps or copies">
            <button type="button" aria-pressed=move || (!copies.get()).to_string() on:click=move |_| set_view.set(None)>"Apps"</button>
            <button type="button" aria-pressed=move || copies.get().to_string() on:click=move |_| set_view.set(Some("copies".into()))>"Copies"</button></div></div>
        {move || if copies.get() { view! { <Copies/> }.into_any() } else { view! {
        <div class="toolbar" style="padding-inline:var(--page-x)"><label class="search" style="flex:1"><Icon name="search"/><span class="vh">"Search apps"</span>
            <input type="search" placeholder="Words of id, name, description or notes" prop:value=move || search.get().unwrap_or_default()
                on:change=move |e| set_search.set(Some(event_target_value(&e)).filter(|v| !v.is_empty()))/></label></div>
        <div class="scroll" tabindex="0" role="region" aria-label="App list">
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The apps could not be listed" error=e/> })}
            {move || {
                let Some(reply) = list.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any() };
                if reply.apps.is_empty() {
                    return view! { <div class="empty"><h2>"No app matches"</h2><p>"Every word must stand in the id, name, description or notes."</p>
                        <div class="actions"><button type="button" class="btn primary" on:click=move |_| set_search.set(None)>"Show all apps"</button></div></div> }.into_any();
                }
                let rows = reply.apps.iter().map(|a| {
                    let (edit, copy, id) = (a.clone(), a.id.clone(), a.id.clone());
                    let here = a.id == context.app.get();
                    view! { <tr aria-selected=here.then_some("true")>
                        <th scope="row"><a class="lk strong" href=routes::app(&a.id)>{if a.name.is_empty() { a.id.clone() } else { a.name.clone() }}</a>{here.then(|| view! { " "<span class="tag">"open"</span> })}</th>
                        <td class="mono faint hide-phone">{a.id.clone()}</td>
                        <td class="rest hide-phone">{a.description.clone()}</td>
                        <td class="muted">{languages::name(&a.default_language).to_owned()}</td>
                        <td class="num muted hide-phone">{format::time(a.modified_at)}</td>
                        <td class="num"><button type="button" class="btn iconly quiet s" aria-label=format!("Edit {}", a.id) title="Edit" on:click=move |_| editing.set(Some(edit.clone()))><Icon name="edit"/></button>
                            <button type="button" class="btn iconly quiet s" aria-label=format!("Copy {}", a.id) title="Copy" on:click=move |_| copying.set(Some(copy.clone()))><Icon name="copy"/></button>
                            <button type="button" class="btn iconly quiet s" aria-label=format!("Delete {}", a.id) title="Delete" on:click=move |_| deleting.set(Some(id.clone()))><Icon name="trash"/></button></td>
                    </tr> }
                }).collect_view();
                view! { <table class="table"><caption class="vh">"Apps, the one changed last first"</caption>
                    <thead><tr><th scope="col">"App"</th><th scope="col" class="hide-phone">"Id"</th><th scope="col" class="hide-phone">"Description"</th><th scope="col">"Language"</th><th scope="col" class="num hide-phone">"Changed"</th><th scope="col" class="num"><span class="vh">"Actions"</span></th></tr></thead>
                    <tbody>{rows}</tbody></table> }.into_any()
            }}
        </div>
        <div class="statusbar"><span>{move || list.value.get().map(|r| format::of(r.apps.len() as i64, "app", "apps"))}</span></div>
        }.into_any() }}
        <Make open=making/>
        <Edit app=editing/>
        <CopyApp app=copying/>
        <Delete app=deleting/>
    }
}

/// Languages for an app's names.
fn offered() -> Vec<(String, String)> {
    languages::options("English")
        .into_iter()
        .filter(|l| l.0 != "en")
        .map(|(code, name)| (if code.is_empty() { "en".to_owned() } else { code }, name))
        .collect()
}

#[component]
fn Make(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let [id, name, description] = [(); 3].map(|()| RwSignal::new(String::new()));
    let language = RwSignal::new("en".to_owned());
    let wrong = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let id = id.get_untracked().trim().to_owned();
        wrong.set(routes::RESERVED.contains(&id.as_str()));
        if wrong.get_untracked() {
            return;
        }
        let app = App {
            id: id.clone(),
            name: name.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            default_language: language.get_untracked(),
            ..App::default()
        };
        spawn_local(async move {
            match mutate(context, &PostApps { user_app_id: scope(context), apps: vec![app] }).await {
                Ok(_) => {
                    context.good(format!("App {id} made"));
                    open.try_set(false);
                    navigate.with_value(|go| go(&routes::app(&id), NavigateOptions::default()));
                }
                Err(error) => context.failed("The app was not made", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="New app">
            <form id="new-app" class="body" on:submit=submit>
                <TextField label="Id" value=id required=true maxlength=48u32 placeholder="kitchens" hint="It stands in addresses and cannot be changed."/>
                {move || wrong.get().then(|| view! { <p class="why" role="alert">"The workbench has a page of that name. Choose another id."</p> })}
                <TextField label="Name" value=name/>
                <TextField label="Description" value=description/>
                <Choice label="Language of concept names" value=language options=Signal::derive(offered) change=Callback::new(move |v| language.set(v))/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-app" class="btn primary">"Make app"</button></footer>
        </Dialog>
    }
}

#[component]
fn Edit(app: RwSignal<Option<App>>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let [name, description, notes, language] = [(); 4].map(|()| RwSignal::new(String::new()));
    Effect::new(move |_| {
        if let Some(a) = app.get() {
            name.set(a.name);
            description.set(a.description);
            notes.set(a.notes);
            language.set(a.default_language);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            app.set(None);
        }
    });
    let id = move || app.get().map(|a| a.id).unwrap_or_default();
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let changed = App {
            id: untrack(id),
            name: name.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            notes: notes.get_untracked(),
            default_language: language.get_untracked(),
            ..App::default()
        };
        spawn_local(async move {
            let told = format!("App {} changed", changed.id);
            let op = PatchApps {
                user_app_id: scope(context),
                apps: vec![changed],
                action: "overwrite".to_owned(),
                ..PatchApps::default()
            };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good(told);
                    open.try_set(false);
                }
                Err(error) => context.failed("The app was not changed", &error),
            }
        });
    };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Edit {}", id()))>
            <form id="edit-app" class="body" on:submit=submit>
                <TextField label="Name" value=name required=true/>
                <TextField label="Description" value=description/>
                <TextField label="Notes" value=notes rows=4/>
                <Choice label="Language of concept names" value=language options=Signal::derive(offered) change=Callback::new(move |v| language.set(v))/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="edit-app" class="btn primary">"Save"</button></footer>
        </Dialog>
    }
}

/// Says what the app holds before it goes.
#[component]
fn Delete(app: RwSignal<Option<String>>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    Effect::new(move |_| {
        if app.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            app.set(None);
        }
    });
    let of = move |app_id: String| UserAppIdSet { app_id, ..scope(context) };
    let counts = query(move || app.get().map(|id| GetResourceCounts { user_app_id: of(id) }));
    let id = Signal::derive(move || app.get().unwrap_or_default());
    let confirm = Callback::new(move |()| {
        let Some(gone) = app.get_untracked() else { return };
        spawn_local(async move {
            let leave = || {
                open.try_set(false);
                app.try_set(None);
                if gone == context.app.get_untracked() {
                    // The first page leads to an app that is there.
                    navigate.with_value(|go| go(&routes::home(), NavigateOptions::default()));
                }
            };
            match mutate_and_leave(context, &DeleteApp { user_app_id: of(gone.clone()) }, leave).await {
                Ok(_) => context.good(format!("App {gone} deleted")),
                Err(error) => context.failed("The app was not deleted", &error),
            }
        });
    });
    view! {
        <Confirm open=open title=Signal::derive(move || format!("Delete {}", id.get())) word=id button="Delete app" confirm=confirm>
            {move || counts.error.get().map(|e| view! { <ErrorPanel what="What it holds could not be counted" error=e/> })}
            <p>"Everything in "<strong>{id}</strong>" goes at once, with its history:"</p>
            {move || counts.value.get().map(|r| view! { <dl class="facts">
                <div><dt>"Inputs"</dt><dd>{format::count(r.inputs.0)}</dd></div>
                <div><dt>"Datasets"</dt><dd>{format::count(r.datasets.0)}</dd></div>
                <div><dt>"Models"</dt><dd>{format::count(r.models.0)}</dd></div></dl> })}
            <p class="small muted">"Concepts, annotations, versions, exports and evaluations go too. This cannot be undone."</p>
        </Confirm>
    }
}
