//! Copies of apps: where to, what of it, and how far they are.

use super::jobs::{Line, goes_on, standing, table, why};
use crate::components::{Choice, Dialog, ErrorPanel, Pill, Progress, TextField};
use crate::data::{context, mutate, query, scope, tick_while};
use crate::{format, routes};
use labelscope_api::messages::{App, AppDuplication, AppDuplicationFilters, UserAppIdSet};
use labelscope_api::operations::{GetAppDuplication, ListAppDuplications, ListApps, PostAppDuplications};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What has been copied, kind by kind.
fn copied(copy: &AppDuplication) -> String {
    let parts = copy.progress.iter().filter(|p| p.value > 0);
    let parts: Vec<String> =
        parts.map(|p| format!("{} {}", format::count(i64::from(p.value)), p.field.replace('_', " "))).collect();
    parts.join(", ")
}

/// The app it goes into, by whichever field says so.
fn destination(copy: &AppDuplication) -> String {
    let named = copy.destination_app.as_ref().map(|a| a.id.clone()).unwrap_or_default();
    [named, copy.existing_app_id.clone(), copy.new_app_id.clone()]
        .into_iter()
        .find(|id| !id.is_empty())
        .unwrap_or_default()
}

fn line(copy: &AppDuplication) -> Line {
    let to = destination(copy);
    let (runs, said, why) = (goes_on(copy.status.as_ref()), copied(copy), why(copy.status.as_ref()));
    let percent = copy.status.as_ref().map_or(0, |s| s.percent_completed);
    Line {
        id: copy.id.clone(),
        icon: "copy",
        title: if to.is_empty() { "Copy".to_owned() } else { format!("Copy to {to}") },
        to: (!to.is_empty() && !runs).then(|| routes::app(&to)),
        about: copy.id.clone(),
        standing: standing(copy.status.as_ref()),
        far: runs.then(|| {
            let total = if percent > 0 { 100.0 } else { 0.0 };
            ("copying".to_owned(), said.clone(), f64::from(percent), total)
        }),
        outcome: if why.is_empty() { said } else { why },
        at: copy.created_at,
        took: match (copy.created_at, copy.last_modified_at) {
            (Some(a), Some(b)) if !runs => format::duration((b.0 - a.0) / 1_000_000),
            _ => String::new(),
        },
        download: String::new(),
        verbs: Vec::new(),
    }
}

/// The copies that the user has begun.
#[component]
pub(super) fn Copies() -> impl IntoView {
    let context = context();
    let tick = RwSignal::new(0);
    let list = query(move || {
        tick.track();
        context.jobs.track();
        Some(ListAppDuplications { user_app_id: scope(context), page: 1, per_page: 100 })
    });
    tick_while(tick, move || {
        list.value.with(|r| r.as_ref().is_some_and(|r| r.app_duplications.iter().any(|c| goes_on(c.status.as_ref()))))
    });
    let lines = Memo::new(move |_| list.value.get().map(|r| r.app_duplications.iter().map(line).collect::<Vec<_>>()));
    table(
        lines,
        move || {
            let error = list.error.get();
            error.map(|e| view! { <ErrorPanel what="The copies could not be listed" error=e/> }.into_any())
        },
        ("No copies yet", "Copy an app from the list of apps: all of it, or its concepts alone."),
        "Copies of apps, newest first",
        Callback::new(|_| ()),
    )
}

/// Asks where to and what, then follows the copy.
#[component]
pub(super) fn CopyApp(app: RwSignal<Option<String>>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let (fresh, busy) = (RwSignal::new(true), RwSignal::new(false));
    let [id, name, existing] = [(); 3].map(|()| RwSignal::new(String::new()));
    let [concepts, inputs, annotations, models] = [(); 4].map(|()| RwSignal::new(true));
    let wrong = RwSignal::new(None::<String>);
    let following = RwSignal::new(String::new());
    Effect::new(move |_| {
        if let Some(source) = app.get() {
            fresh.set(true);
            id.set(format!("{source}-copy"));
            name.set(String::new());
            existing.set(String::new());
            for what in [concepts, inputs, annotations, models] {
                what.set(true);
            }
            wrong.set(None);
            following.set(String::new());
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            app.set(None);
        }
    });
    let apps = query(move || {
        open.get().then(|| ListApps { user_app_id: scope(context), per_page: 200, ..ListApps::default() })
    });
    let others = Signal::derive(move || {
        let source = app.get();
        let mut list = vec![(String::new(), "Choose one".to_owned())];
        let all = apps.value.get();
        let rest = all.iter().flat_map(|r| &r.apps).filter(|a| Some(&a.id) != source.as_ref());
        list.extend(rest.map(|a| (a.id.clone(), if a.name.is_empty() { a.id.clone() } else { a.name.clone() })));
        list
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let Some(source) = app.get_untracked() else { return };
        let to = if fresh.get_untracked() { id.get_untracked() } else { existing.get_untracked() };
        let to = to.trim().to_owned();
        if to.is_empty() {
            return wrong.set(Some("Choose the app that it is copied into.".to_owned()));
        }
        let filter = AppDuplicationFilters {
            copy_inputs: inputs.get_untracked(),
            copy_concepts: concepts.get_untracked(),
            copy_annotations: annotations.get_untracked() && inputs.get_untracked() && concepts.get_untracked(),
            copy_models: models.get_untracked(),
            copy_workflows: false,
        };
        if filter == AppDuplicationFilters::default() {
            return wrong.set(Some("Tick what is to be copied.".to_owned()));
        }
        let name = if fresh.get_untracked() { name.get_untracked().trim().to_owned() } else { String::new() };
        let copy = AppDuplication {
            destination_app: Some(Box::new(App { id: to, name, ..App::default() })),
            filter: Some(filter),
            ..AppDuplication::default()
        };
        let op = PostAppDuplications {
            user_app_id: UserAppIdSet { app_id: source, ..scope(context) },
            app_duplications: vec![copy],
        };
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            let outcome = mutate(context, &op).await;
            busy.try_set(false);
            match outcome {
                Ok(reply) => {
                    let begun = reply.app_duplications.into_iter().next().unwrap_or_default();
                    following.try_set(begun.id);
                }
                Err(error) => {
                    wrong.try_set(Some(format!("{error} {}", error.advice())));
                }
            }
        });
    };
    let tick = |label: &'static str, what: RwSignal<bool>, off: Signal<bool>| {
        view! { <label class="check"><input type="checkbox" prop:checked=what disabled=off on:change=move |e| what.set(event_target_checked(&e))/>{label}</label> }
    };
    let never = Signal::derive(|| false);
    let way = move |word: &'static str, value: bool| {
        view! { <button type="button" aria-pressed=move || (fresh.get() == value).to_string() on:click=move |_| fresh.set(value)>{word}</button> }
    };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Copy {}", app.get().unwrap_or_default()))>
            {move || if following.with(String::is_empty) {
                view! {
                    <form id="copy-app" class="body" on:submit=submit>
                        <div class="segmented" role="group" aria-label="Into" style="justify-self:start">{way("A new app", true)}{way("An app that is there", false)}</div>
                        {move || if fresh.get() {
                            view! { <TextField label="Id" value=id required=true maxlength=48u32 hint="It stands in addresses and cannot be changed."/><TextField label="Name" value=name/> }.into_any()
                        } else {
                            view! { <Choice label="App" value=existing options=others change=Callback::new(move |v| existing.set(v)) required=true/><p class="small muted">"What is there already stays; ids that it has too are left as they are."</p> }.into_any()
                        }}
                        <fieldset class="errors"><legend class="label">"What is copied"</legend>
                            {tick("Concepts", concepts, never)}{tick("Inputs and datasets", inputs, never)}{tick("Annotations", annotations, Signal::derive(move || !inputs.get() || !concepts.get()))}{tick("Models", models, never)}</fieldset>
                        {move || wrong.get().map(|why| view! { <p class="why" role="alert">{why}</p> })}
                    </form>
                    <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="copy-app" class="btn primary" disabled=busy>"Copy app"</button></footer>
                }.into_any()
            } else {
                view! {
                    <div class="body"><Copy id=following/></div>
                    <footer><button type="button" class="btn primary" on:click=move |_| open.set(false)>"Close"</button></footer>
                }.into_any()
            }}
        </Dialog>
    }
}

/// One copy, followed to its end.
#[component]
fn Copy(id: RwSignal<String>) -> impl IntoView {
    let context = context();
    let tick = RwSignal::new(0);
    let reply = query(move || {
        tick.track();
        context.jobs.track();
        let app_duplication_id = id.get();
        (!app_duplication_id.is_empty()).then(|| GetAppDuplication { user_app_id: scope(context), app_duplication_id })
    });
    let copy = Memo::new(move |_| reply.value.get().and_then(|r| r.app_duplication.clone()));
    let runs = Memo::new(move |_| copy.with(|c| c.as_ref().is_some_and(|c| goes_on(c.status.as_ref()))));
    tick_while(tick, move || runs.get());
    let text = move |f: fn(&AppDuplication) -> String| {
        Memo::new(move |_| copy.with(|c| c.as_ref().map(f).unwrap_or_default()))
    };
    let (to, said, bad) = (text(destination), text(copied), text(|c| why(c.status.as_ref())));
    let pill = Memo::new(move |_| copy.with(|c| c.as_ref().map(|c| standing(c.status.as_ref()))));
    view! {
        {move || reply.error.get().map(|e| view! { <ErrorPanel what="The copy could not be looked at" error=e/> })}
        {move || copy.with(Option::is_none).then(|| view! { <div class="skel" style="height:64px"></div> })}
        <div class="row wrap" role="status">{move || pill.get().map(|(tone, word)| view! { <Pill tone=tone text=word/> })}<span>{said}</span></div>
        {move || runs.get().then(|| view! { <Progress label="copying" detail="" done=0.0 total=0.0/> })}
        {move || runs.get().then(|| view! { <p class="small muted">"It goes on when this is closed."</p> })}
        {move || Some(bad.get()).filter(|w| !w.is_empty()).map(|w| view! { <p class="why" role="alert">{w}</p> })}
        {move || (!runs.get() && bad.with(String::is_empty) && copy.with(Option::is_some)).then(|| view! { <p><a href=routes::app(&to.get())>{format!("Open {}", to.get())}</a></p> })}
    }
}
