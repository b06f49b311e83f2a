//! All inputs of the app, in order of arrival, by state, or as a search finds them.

use super::add::Add;
use super::bulk::{Actions, Picked, Target};
use super::dataset::{Pager, grid, table};
use super::detail::Detail;
use super::search::{Asked, Builder, Save, Saved, moment, words, words_of_rank};
use super::shapes;
use super::shot::Viewer;
use crate::app::{asked_for_new, title};
use crate::components::{ErrorPanel, Icon};
use crate::data::{context, query, scope};
use crate::{format, routes};
use labelscope_api::messages::{Filter, Input, InputCount, Pagination, Search, Status, StatusCode};
use labelscope_api::operations::{
    GetInputCount, GetSearch, ListAnnotations, ListInputs, PostAnnotationsSearches, PostInputsSearches,
    PostSearchesByID, StreamInputs,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{query_signal, use_navigate, use_query_map};
use std::collections::BTreeSet;

const PAGE: u32 = 48;

/// The states that can be asked for: in the address, the code, the word, and how many there are.
type StateRow = (&'static str, StatusCode, &'static str, fn(&InputCount) -> u32);
const STATES: [StateRow; 4] = [
    ("processed", StatusCode::INPUT_SUCCESS, "Processed", |c| c.processed),
    ("waiting", StatusCode::INPUT_PENDING, "To process", |c| c.to_process),
    ("processing", StatusCode::INPUT_IN_PROGRESS, "In process", |c| c.processing),
    ("failed", StatusCode::INPUT_FAILED, "Failed", |c| c.errors),
];

/// Where the list comes from.
#[derive(Clone, PartialEq)]
enum Mode {
    Stream,
    State(StatusCode),
    /// Conditions, and whether all must hold on one annotation.
    Search(Box<Asked>, bool),
    Saved(String),
}

#[component]
pub(crate) fn Inputs() -> impl IntoView {
    let context = context();
    title("Inputs");
    // The page after this input; the stream is as quick at its end as at its start.
    let (after, set_after) = query_signal::<String>("after");
    let (page, set_page) = query_signal::<u32>("page");
    let (shown, set_shown) = query_signal::<String>("input");
    let (whole, set_whole) = query_signal::<bool>("whole");
    let (view_as, set_view) = query_signal::<String>("view");
    let address = use_query_map();
    let part = move |name: &'static str| Memo::new(move |_| address.read().get(name).unwrap_or_default());
    let (state, asked_text, same, saved) = (part("state"), part("q"), part("same"), part("saved"));
    let same = Memo::new(move |_| same.get() == "1");
    let opened = query(move || {
        let id = saved.get();
        (!id.is_empty()).then(|| GetSearch { user_app_id: scope(context), id })
    });
    // Conditions of the address, else those of the saved search.
    let asked = Memo::new(move |_| {
        let text = asked_text.get();
        if text.is_empty() {
            opened.value.get().and_then(|r| r.search.as_deref().map(Asked::of)).unwrap_or_default()
        } else {
            Asked::read(&text)
        }
    });
    let mode = Memo::new(move |_| {
        let (text, id) = (asked_text.get(), saved.get());
        if !text.is_empty() {
            Mode::Search(Box::new(Asked::read(&text)), same.get())
        } else if !id.is_empty() {
            Mode::Saved(id)
        } else {
            let state = state.get();
            STATES.iter().find(|s| s.0 == state).map_or(Mode::Stream, |s| Mode::State(s.1))
        }
    });
    let number = move || page.get().unwrap_or(1).max(1);
    let pagination = move || Some(Pagination { page: number(), per_page: PAGE });
    let stream = query(move || {
        let _ = context.app.get();
        (mode.get() == Mode::Stream).then(|| StreamInputs {
            user_app_id: scope(context),
            per_page: PAGE,
            last_id: after.get().unwrap_or_default(),
            ..StreamInputs::default()
        })
    });
    let by_state = query(move || match mode.get() {
        Mode::State(code) => Some(ListInputs {
            user_app_id: scope(context),
            page: number(),
            per_page: PAGE,
            status: Some(Status { code, ..Status::default() }),
            ..ListInputs::default()
        }),
        _ => None,
    });
    let found = query(move || match mode.get() {
        Mode::Search(asked, false) => Some(PostInputsSearches {
            user_app_id: scope(context),
            searches: vec![asked.search()],
            pagination: pagination(),
            ..PostInputsSearches::default()
        }),
        _ => None,
    });
    let found_on_one = query(move || match mode.get() {
        Mode::Search(asked, true) => Some(PostAnnotationsSearches {
            user_app_id: scope(context),
            searches: vec![asked.search()],
            pagination: pagination(),
        }),
        _ => None,
    });
    let found_saved = query(move || match mode.get() {
        Mode::Saved(id) => Some(PostSearchesByID { user_app_id: scope(context), id, pagination: pagination() }),
        _ => None,
    });
    let counted = query(move || {
        let asked = asked.get();
        (matches!(mode.get(), Mode::Search(_, false) | Mode::Saved(_)) && asked != Asked::default()).then(|| {
            PostInputsSearches {
                user_app_id: scope(context),
                searches: vec![asked.search()],
                only_count: true,
                ..PostInputsSearches::default()
            }
        })
    });
    let counts = query(move || {
        let _ = context.app.get();
        Some(GetInputCount { user_app_id: scope(context) })
    });
    let list = Memo::new(move |_| {
        let hits = |reply: Option<std::sync::Arc<labelscope_api::messages::MultiSearchResponse>>| {
            let mut seen = BTreeSet::new();
            reply.map(|r| {
                let inputs = r.hits.iter().filter_map(|h| h.input.as_deref());
                inputs.filter(|i| seen.insert(i.id.clone())).cloned().collect::<Vec<Input>>()
            })
        };
        match mode.get() {
            Mode::Stream => stream.value.get().map(|r| r.inputs.clone()),
            Mode::State(_) => by_state.value.get().map(|r| r.inputs.clone()),
            Mode::Search(_, false) => hits(found.value.get()),
            Mode::Search(_, true) => hits(found_on_one.value.get()),
            Mode::Saved(_) => hits(found_saved.value.get()),
        }
    });
    let error = move || match mode.get() {
        Mode::Stream => stream.error.get(),
        Mode::State(_) => by_state.error.get(),
        Mode::Search(_, false) => found.error.get(),
        Mode::Search(_, true) => found_on_one.error.get(),
        Mode::Saved(_) => opened.error.get().or(found_saved.error.get()),
    };
    let ids = Memo::new(move |_| list.get().into_iter().flatten().map(|i| i.id).collect::<Vec<_>>());
    let annotations = query(move || {
        let input_ids = ids.get();
        (!input_ids.is_empty()).then(|| ListAnnotations {
            user_app_id: scope(context),
            input_ids,
            per_page: 1000,
            ..ListAnnotations::default()
        })
    });
    // The most used concepts of this page have a colour of their own.
    let colours =
        Memo::new(move |_| annotations.value.get().map(|r| shapes::colours_of(&r.annotations)).unwrap_or_default());
    let tally =
        move |f: fn(&InputCount) -> u32| counts.value.get().and_then(|r| r.counts.as_ref().map(f)).map(i64::from);
    let all = move || STATES.iter().filter_map(|s| tally(s.3)).sum::<i64>();
    // How many there are; none where the API does not tell.
    let total = Memo::new(move |_| match mode.get() {
        Mode::Stream => Some(all()),
        Mode::State(code) => STATES.iter().find(|s| s.1 == code).and_then(|s| tally(s.3)),
        Mode::Search(_, true) => None,
        _ => counted.value.get().and_then(|r| r.hit_counts.first().map(|h| h.estimated_total.0 as i64)),
    });
    let all_of_them = Signal::derive(move || match mode.get() {
        Mode::Stream => Some(Target::Search(Box::new(Asked::default().search()))),
        Mode::State(_) => None,
        Mode::Search(asked, false) => Some(Target::Search(Box::new(asked.search()))),
        Mode::Search(asked, true) => Some(Target::OnOne(Box::new(asked.search()))),
        Mode::Saved(_) => {
            let asked = asked.get();
            (asked != Asked::default()).then(|| Target::Search(Box::new(asked.search())))
        }
    });
    let picked = Picked::new();
    let adding = asked_for_new();
    let (building, saving, listing) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let open = Callback::new(move |id: String| set_shown.set(Some(id)));

    // One step to another list: the page begins anew.
    let navigate = StoredValue::new_local(use_navigate());
    let go = Callback::new(move |(asked, same, saved): (Option<String>, bool, String)| {
        let mut map = address.get_untracked();
        for name in ["q", "same", "saved", "state", "page", "after", "input", "whole"] {
            map.remove(name);
        }
        if let Some(text) = asked {
            map.insert("q", text);
        }
        if same {
            map.insert("same", "1".to_owned());
        }
        if !saved.is_empty() {
            map.insert("saved", saved);
        }
        picked.clear();
        let to = format!("{}{}", routes::inputs(&context.app.get_untracked()), map.to_query_string());
        navigate.with_value(|go| go(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() }));
    });
    let ask = Callback::new(move |asked: Asked| {
        let text = asked.write();
        let saved = if text.is_some() { saved.get_untracked() } else { String::new() };
        go.run((text, same.get_untracked(), saved));
    });
    let choose_state = move |wanted: String| {
        let mut map = address.get_untracked();
        for name in ["q", "same", "saved", "page", "after", "state"] {
            map.remove(name);
        }
        if !wanted.is_empty() {
            map.insert("state", wanted);
        }
        let to = format!("{}{}", routes::inputs(&context.app.get_untracked()), map.to_query_string());
        navigate.with_value(|go| go(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() }));
    };
    let searching = move || matches!(mode.get(), Mode::Search(..) | Mode::Saved(_));
    let fresh = move || after.get().is_none() && page.get().is_none() && mode.get() == Mode::Stream;

    view! {
        <div class="page-head flat"><div class="page-title"><h1>"Inputs"</h1><div class="actions">
            <a class="btn" href=move || routes::import(&context.app.get(), "")><Icon name="upload"/>"Import"</a>
            <button type="button" class="btn primary grow" on:click=move |_| adding.set(true)><Icon name="plus"/>"Add inputs"</button></div></div></div>
        <div class="split inputs">
            <div class="fill">
                <div class="toolbar" style="border-top:1px solid var(--border)">
                    <button type="button" class="btn s" on:click=move |_| building.set(true)><Icon name="filter"/>"Add condition"</button>
                    <button type="button" class="btn s" on:click=move |_| listing.set(true)>"Saved searches"</button>
                    <label><span class="vh">"State"</span><select class="select s" disabled=searching on:change=move |e| choose_state(event_target_value(&e))>
                        <option value="" selected=move || state.get().is_empty()>{move || format!("All states ({})", format::count(all()))}</option>
                        {STATES.into_iter().map(|(key, _, word, f)| view! { <option value=key selected=move || state.get() == key>{move || format!("{word} ({})", format::count(tally(f).unwrap_or(0)))}</option> }).collect_view()}
                    </select></label>
                    <div class="segmented push" role="group" aria-label="View">
                        <button type="button" class="iconly" aria-label="Grid" title="Grid" aria-pressed=move || (view_as.get().is_none()).to_string() on:click=move |_| set_view.set(None)><Icon name="grid"/></button>
                        <button type="button" class="iconly" aria-label="Table" title="Table" aria-pressed=move || (view_as.get().is_some()).to_string() on:click=move |_| set_view.set(Some("table".into()))><Icon name="list"/></button>
                    </div>
                    {move || searching().then(|| view! { <Conditions asked=asked same=same ask=ask go=go saved=saved saving=saving opened=Signal::derive(move || opened.value.get().and_then(|r| r.search.as_deref().cloned()))/> })}
                </div>
                <div class="scroll" tabindex="0" role="region" aria-label="Inputs">
                    {move || error().map(|e| view! { <ErrorPanel what=if searching() { "The search did not run" } else { "The inputs could not be listed" } error=e/> })}
                    {move || {
                        if error().is_some() {
                            return ().into_any();
                        }
                        let Some(list) = list.get() else { return view! { <div class="page-body"><div class="skel" style="height:320px"></div></div> }.into_any() };
                        if list.is_empty() {
                            return if searching() {
                                view! { <div class="empty"><h2>"Nothing matches"</h2><p>"No input meets all conditions. Take one away, or turn one round."</p><div class="actions"><button type="button" class="btn" on:click=move |_| go.run((None, false, String::new()))>"Show all inputs"</button></div></div> }.into_any()
                            } else if fresh() {
                                view! { <div class="empty"><h2>"No inputs yet"</h2><p>"Inputs are the pictures and texts of an app, in all its datasets."</p><div class="actions"><button type="button" class="btn primary" on:click=move |_| adding.set(true)><Icon name="plus"/>"Add inputs"</button></div></div> }.into_any()
                            } else {
                                view! { <div class="empty"><h2>"That was the last input"</h2><p>"There is nothing more in this list."</p><div class="actions"><button type="button" class="btn" on:click=move |_| { set_after.set(None); set_page.set(None); }>"Back to the first"</button></div></div> }.into_any()
                            };
                        }
                        let said = annotations.value.get().map(|r| r.annotations.clone()).unwrap_or_default();
                        if view_as.get().is_some() { table(&list, &said, open, picked).into_any() } else { grid(list, &said, &colours.get(), open, picked).into_any() }
                    }}
                </div>
                <div class="statusbar">
                    {move || match (mode.get(), total.get()) {
                        (Mode::Stream, _) => view! {
                            <span>{move || format::of(total.get().unwrap_or(0), "input", "inputs")}</span>
                            <button type="button" class="btn s" disabled=move || after.get().is_none() on:click=move |_| set_after.set(None)>"First"</button>
                            <button type="button" class="btn s" disabled=move || { ids.with(Vec::len) < PAGE as usize } on:click=move |_| set_after.set(ids.get_untracked().last().cloned())>"Next"</button>
                        }.into_any(),
                        (_, Some(_)) => view! { <Pager page=Signal::derive(number) total=Signal::derive(move || total.get().unwrap_or(0)) per_page=i64::from(PAGE) go=Callback::new(move |n: u32| set_page.set(Some(n).filter(|n| *n > 1)))/> }.into_any(),
                        _ => view! {
                            <span>{move || format!("page {}", number())}</span>
                            <button type="button" class="btn s" disabled=move || number() == 1 on:click=move |_| set_page.set(Some(number() - 1).filter(|n| *n > 1))>"Previous"</button>
                            <button type="button" class="btn s" disabled=move || ids.with(Vec::is_empty) on:click=move |_| set_page.set(Some(number() + 1))>"Next"</button>
                        }.into_any(),
                    }}
                    <Actions picked=picked page=ids dataset="" all=all_of_them total=total/>
                </div>
            </div>
            <Detail id=Signal::derive(move || shown.get().unwrap_or_default()) close=Callback::new(move |()| set_shown.set(None)) whole=Callback::new(move |()| set_whole.set(Some(true))) colours=colours/>
        </div>
        <Add open=adding/>
        <Builder open=building add=Callback::new(move |filter: Filter| ask.run(asked.get_untracked().with(filter)))/>
        <Save open=saving asked=asked same=same current=saved done=Callback::new(move |id: String| go.run((None, false, id)))/>
        <Saved open=listing choose=Callback::new(move |search: Search| go.run((None, false, search.id)))
            gone=Callback::new(move |id: String| if saved.get_untracked() == id { go.run((asked.get_untracked().write(), same.get_untracked(), String::new())); })/>
        <Viewer id=Signal::derive(move || shown.get().filter(|_| whole.get() == Some(true)).unwrap_or_default()) close=Callback::new(move |()| set_whole.set(None)) colours=colours/>
    }
}

/// The conditions as chips, what else the search says, and what is sent.
#[component]
fn Conditions(
    #[prop(into)] asked: Signal<Asked>,
    #[prop(into)] same: Signal<bool>,
    ask: Callback<Asked>,
    go: Callback<(Option<String>, bool, String)>,
    #[prop(into)] saved: Signal<String>,
    saving: RwSignal<bool>,
    #[prop(into)] opened: Signal<Option<Search>>,
) -> impl IntoView {
    let as_of = move |e: web_sys::Event| {
        ask.run(Asked { as_of: moment(&event_target_value(&e)), ..asked.get_untracked() });
    };
    let json = move || {
        serde_json::to_string_pretty(&serde_json::json!({"searches": [asked.get().search()]})).unwrap_or_default()
    };
    view! {
        <div class="conditions">
            {move || opened.get().map(|s| view! { <p class="row"><Icon name="search"/><strong>{if s.name.is_empty() { s.id } else { s.name }}</strong></p> })}
            <ul class="row wrap" aria-label="Conditions">
                {move || asked.get().query.filters.iter().enumerate().map(|(at, f)| {
                    let text = words(f);
                    let label = format!("Remove condition: {text}");
                    view! { <li class="chip on"><button type="button" class="flip" aria-pressed=f.negate.to_string() title="Turn round" on:click=move |_| ask.run(asked.get_untracked().flipped(at))>{if f.negate { "not" } else { "is" }}</button><span class="truncate">{text}</span>
                        <button type="button" class="x" aria-label=label title="Remove" on:click=move |_| ask.run(asked.get_untracked().without(at))><Icon name="x"/></button></li> }
                }).collect_view()}
                {move || asked.get().query.ranks.iter().map(|r| view! { <li class="chip">{words_of_rank(r)}</li> }).collect_view()}
                {move || asked.get().as_of.map(|at| view! { <li class="chip on">{format!("as of {}", format::time(Some(at)))}<button type="button" class="x" aria-label="Remove the time" title="Remove" on:click=move |_| ask.run(Asked { as_of: None, ..asked.get_untracked() })><Icon name="x"/></button></li> })}
            </ul>
            <div class="row wrap">
                <label class="check small"><input type="checkbox" prop:checked=same on:change=move |e| go.run((asked.get_untracked().write(), event_target_checked(&e), saved.get_untracked()))/>"All on one and the same annotation"</label>
                <label class="row small"><span class="muted">"As of"</span><input class="input s" type="datetime-local" aria-label="As of" on:change=as_of/></label>
                <span class="push row"><button type="button" class="btn s" on:click=move |_| saving.set(true)>"Save search"</button>
                <button type="button" class="btn quiet s" on:click=move |_| go.run((None, false, String::new()))>"Clear"</button></span>
            </div>
            <details class="more"><summary>"What is sent"</summary><pre class="mono small" tabindex="0" aria-label="The search as JSON">{json}</pre></details>
        </div>
    }
}
