//! One input beside the list: its facts, its own concepts and metadata, and all that is said about it.

use super::bulk;
use super::pick::ConceptField;
use super::search::{json_or_text, state};
use super::shapes;
use crate::components::{Dialog, ErrorPanel, Icon, Overlay, Pill, Shape, Tone};
use crate::data::{context, mutate, query, scope};
use crate::format;
use labelscope_api::messages::{Annotation, Concept, ConceptValue, Data, Input, Status, StatusCode};
use labelscope_api::operations::{DeleteAnnotation, DeleteAnnotations, GetInput, ListAnnotations, PatchInputs};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The state of an input as a pill.
pub(crate) fn pill(status: Option<&Status>) -> impl IntoView + use<> {
    let code = status.map_or(StatusCode::INPUT_SUCCESS, |s| s.code);
    let tone = match code {
        StatusCode::INPUT_SUCCESS => Tone::Ok,
        StatusCode::INPUT_PENDING => Tone::Idle,
        StatusCode::INPUT_IN_PROGRESS => Tone::Run,
        _ => Tone::Bad,
    };
    let mut word = state(code);
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    view! { <Pill tone=tone text=word/> }
}

#[component]
pub(crate) fn Detail(
    #[prop(into)] id: Signal<String>,
    close: Callback<()>,
    /// Opens the picture at full size.
    whole: Callback<()>,
    #[prop(into)] colours: Signal<HashMap<String, u8>>,
) -> impl IntoView {
    let context = context();
    // An input that is being deleted is not asked for any more.
    let gone = RwSignal::new(false);
    Effect::new(move |_| {
        id.track();
        gone.set(false);
    });
    let wanted = move || Some(id.get()).filter(|id| !id.is_empty() && !gone.get());
    let input = query(move || wanted().map(|input_id| GetInput { user_app_id: scope(context), input_id }));
    let annotations = query(move || {
        wanted().map(|id| ListAnnotations {
            user_app_id: scope(context),
            input_ids: vec![id],
            list_all_annotations: true,
            per_page: 1000,
            ..ListAnnotations::default()
        })
    });
    let now = Memo::new(move |_| input.value.get().and_then(|r| r.input.clone()));
    let list = Memo::new(move |_| annotations.value.get().map(|r| r.annotations.clone()).unwrap_or_default());
    let (deleting, clearing) = (RwSignal::new(false), RwSignal::new(false));
    let patch = Callback::new(move |(action, data): (&'static str, Data)| {
        let changed = Input { id: id.get_untracked(), data: Some(Box::new(data)), ..Input::default() };
        let op = PatchInputs { user_app_id: scope(context), inputs: vec![changed], action: action.to_owned() };
        spawn_local(async move {
            if let Err(error) = mutate(context, &op).await {
                context.failed("The input was not changed", &error);
            }
        });
    });
    let drop_one = Callback::new(move |annotation_id: String| {
        let input_id = id.get_untracked();
        spawn_local(async move {
            match mutate(context, &DeleteAnnotation { user_app_id: scope(context), input_id, annotation_id }).await {
                Ok(_) => context.good("Annotation deleted"),
                Err(error) => context.failed("The annotation was not deleted", &error),
            }
        });
    });
    let drop_all = move |_| {
        let input_ids = vec![id.get_untracked()];
        spawn_local(async move {
            let op = DeleteAnnotations { user_app_id: scope(context), input_ids, ..DeleteAnnotations::default() };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good("All annotations of the input deleted");
                    clearing.try_set(false);
                }
                Err(error) => context.failed("The annotations were not deleted", &error),
            }
        });
    };
    view! {
        <aside class="drawer drawer-over detail" aria-label="Input" hidden=move || id.get().is_empty()>
            <header><h2 class="truncate">{move || now.get().as_ref().map_or_else(|| id.get(), shapes::name)}</h2>
                <span class="push row"><button type="button" class="btn iconly quiet s" aria-label="Delete input" title="Delete input" on:click=move |_| deleting.set(true)><Icon name="trash"/></button>
                <button type="button" class="btn iconly quiet s" aria-label="Close input" title="Close" on:click=move |_| close.run(())><Icon name="x"/></button></span></header>
            <div class="scroll" tabindex="0" role="region" aria-label="What is known of the input">
                {move || input.error.get().map(|e| view! { <ErrorPanel what="The input could not be opened" error=e/> })}
                {move || now.get().map(|input| {
                    let size = shapes::size(&input);
                    // Predictions are listed; over the picture they would hide what people say.
                    let drawn: Vec<Shape> = list.get().iter().filter(|a| a.trusted).filter_map(|a| shapes::shape(a, size, &colours.get())).collect();
                    view! { <Media input=input.clone() shapes=drawn whole=whole/> <Facts input=input/> }
                })}
                <section class="item" aria-label="Concepts of the whole input"><h3>"Concepts of the whole input"</h3><Concepts input=now patch=patch/></section>
                <section class="item" aria-label="Metadata"><h3>"Metadata"</h3><Metadata input=now patch=patch/></section>
                <section class="item" aria-label="Annotations"><div class="row"><h3>"Annotations"</h3><span class="faint small">{move || format::count(list.with(Vec::len) as i64)}</span>
                    <span class="push">{move || (!list.with(Vec::is_empty)).then(|| view! { <button type="button" class="btn quiet s" on:click=move |_| clearing.set(true)>"Delete all"</button> })}</span></div>
                    {move || annotations.error.get().map(|e| view! { <ErrorPanel what="The annotations could not be listed" error=e/> })}
                    {move || if list.with(Vec::is_empty) { view! { <p class="small muted">"Nothing is said about this input yet."</p> }.into_any() } else { view! { <ul class="said">{list.get().iter().map(|a| row(a, drop_one)).collect_view()}</ul> }.into_any() }}
                </section>
            </div>
        </aside>
        <bulk::Delete open=deleting ids=Signal::derive(move || vec![id.get()]) done=close gone=gone/>
        <Dialog open=clearing title="Delete all annotations">
            <div class="body"><p>{move || format!("{} of {} go: all that is said about it, by people and models. The input stays. This cannot be undone.", format::of(list.with(Vec::len) as i64, "annotation", "annotations"), id.get())}</p></div>
            <footer><button type="button" class="btn" on:click=move |_| clearing.set(false)>"Cancel"</button><button type="button" class="btn danger" on:click=drop_all>"Delete annotations"</button></footer>
        </Dialog>
    }
}

/// The picture with its shapes, the text, or a player.
#[component]
fn Media(input: Input, shapes: Vec<Shape>, whole: Callback<()>) -> impl IntoView {
    let (width, height) = shapes::size(&input);
    let data = input.data.clone().unwrap_or_default();
    if let Some(text) = &data.text {
        return view! { <p class="item text">{text.raw.clone()}</p> }.into_any();
    }
    let name = shapes::name(&input);
    if let Some(src) = shapes::picture(&input, "medium") {
        return view! {
            <button type="button" class="stage" aria-label=format!("Show {name} whole") style=format!("aspect-ratio:{width}/{height}") on:click=move |_| whole.run(())>
                <img src=src alt="" width=width.to_string() height=height.to_string()/><Overlay shapes=shapes width=width height=height cover=false/>
            </button>
        }
        .into_any();
    }
    let url = data
        .video
        .as_ref()
        .map(|v| &v.url)
        .or(data.audio.as_ref().map(|a| &a.url))
        .or(data.image.as_ref().map(|i| &i.url));
    let url = url.cloned().filter(|u| !u.is_empty());
    view! { <p class="item small muted">"Its file is not here. "{url.map(|u| view! { <span class="mono wrap-anywhere">{u}</span> })}</p> }.into_any()
}

#[component]
fn Facts(input: Input) -> impl IntoView {
    let (width, height) = shapes::size(&input);
    let data = input.data.clone().unwrap_or_default();
    let sized = data.image.as_ref().is_some_and(|i| i.image_info.is_some());
    let place =
        data.geo.as_ref().and_then(|g| g.geo_point.as_ref()).map(|p| format!("{}, {}", p.latitude, p.longitude));
    let why = input
        .status
        .as_ref()
        .filter(|s| s.code == StatusCode::INPUT_FAILED && !s.details.is_empty())
        .map(|s| s.details.clone());
    view! {
        <dl class="kv item small">
            <dt>"Id"</dt><dd class="mono wrap-anywhere">{input.id.clone()}</dd>
            <dt>"State"</dt><dd>{pill(input.status.as_ref())}{why.map(|w| view! { <p>{w}</p> })}</dd>
            {sized.then(|| view! { <dt>"Size"</dt><dd>{format!("{width} × {height} px")}</dd> })}
            {place.map(|p| view! { <dt>"Place"</dt><dd>{p}</dd> })}
            {(!input.dataset_ids.is_empty()).then(|| view! { <dt>"Datasets"</dt><dd>{input.dataset_ids.join(", ")}</dd> })}
            <dt>"Added"</dt><dd>{format::time(input.created_at)}</dd>
            <dt>"Changed"</dt><dd>{format::time(input.modified_at)}</dd>
        </dl>
    }
}

type Patch = Callback<(&'static str, Data)>;

#[component]
fn Concepts(#[prop(into)] input: Signal<Option<Input>>, patch: Patch) -> impl IntoView {
    let picked = RwSignal::new(None::<(String, String)>);
    let absent = RwSignal::new(false);
    let one = |id: String, name: String, value: f32| Data {
        concepts: vec![Concept { id, name, value: ConceptValue(value), ..Concept::default() }],
        ..Data::default()
    };
    let add = Callback::new(move |(id, name): (String, String)| {
        patch.run(("merge", one(id, name, if absent.get_untracked() { 0.0 } else { 1.0 })));
    });
    view! {
        <p class="row wrap">
            {move || input.get().and_then(|i| i.data).map(|d| d.concepts.into_iter().map(|c| {
                let name = if c.name.is_empty() { c.id.clone() } else { c.name.clone() };
                let (gone, value) = (c.id.clone(), c.value.0);
                view! { <span class="chip">{(!c.value.is_positive()).then_some("not ")}{name.clone()}<button type="button" class="x" aria-label=format!("Remove {name}") title="Remove" on:click=move |_| patch.run(("remove", one(gone.clone(), String::new(), value)))><Icon name="x"/></button></span> }
            }).collect_view())}
        </p>
        <ConceptField picked=picked label="Add a concept" take=add/>
        <label class="check small"><input type="checkbox" prop:checked=absent on:change=move |e| absent.set(event_target_checked(&e))/>"As absent: it is not in this input"</label>
    }
}

#[component]
fn Metadata(#[prop(into)] input: Signal<Option<Input>>, patch: Patch) -> impl IntoView {
    let (key, value) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let one = |k: String, v: Value| Data { metadata: Some(Map::from_iter([(k, v)])), ..Data::default() };
    let add = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let k = key.get_untracked().trim().to_owned();
        if !k.is_empty() {
            patch.run(("merge", one(k, json_or_text(&value.get_untracked()))));
            key.set(String::new());
            value.set(String::new());
        }
    };
    view! {
        {move || input.get().and_then(|i| i.data).and_then(|d| d.metadata).filter(|m| !m.is_empty()).map(|m| view! {
            <dl class="kv small meta">{m.into_iter().map(|(k, v)| {
                let text = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
                let (gone, old) = (k.clone(), v.clone());
                let (edit, shown) = (k.clone(), text.clone());
                view! { <dt class="wrap-anywhere">{k.clone()}</dt><dd class="row"><button type="button" class="link lk wrap-anywhere" title="Change" on:click=move |_| { key.set(edit.clone()); value.set(shown.clone()); }>{text}</button>
                    <button type="button" class="btn iconly quiet s push" aria-label=format!("Remove {k}") title="Remove" on:click=move |_| patch.run(("remove", one(gone.clone(), old.clone())))><Icon name="x"/></button></dd> }
            }).collect_view()}</dl>
        })}
        <form class="pair" on:submit=add>
            <label class="field"><span class="vh">"Key"</span><input class="input" placeholder="key" autocomplete="off" prop:value=key on:input=move |e| key.set(event_target_value(&e))/></label>
            <label class="field"><span class="vh">"Value"</span><input class="input" placeholder="value or JSON" autocomplete="off" prop:value=value on:input=move |e| value.set(event_target_value(&e))/></label>
            <button type="submit" class="btn" disabled=move || key.with(|k| k.trim().is_empty())>"Set"</button>
        </form>
    }
}

fn row(annotation: &Annotation, delete: Callback<String>) -> impl IntoView + use<> {
    let info = annotation.data.as_ref().and_then(|d| d.regions.first()).and_then(|r| r.region_info.as_ref());
    let what = match info {
        Some(i) if i.polygon.is_some() => "polygon",
        Some(i) if i.mask.is_some() => "mask",
        Some(i) if i.bounding_box.is_some() => "box",
        Some(i) if i.point.is_some() => "point",
        Some(_) => "region",
        None => "whole input",
    };
    let by = if annotation.model_version_id.is_empty() { &annotation.user_id } else { &annotation.model_version_id };
    let mut facts = vec![what.to_owned()];
    if !by.is_empty() {
        facts.push(format!("by {by}"));
    }
    if let Some(s) = annotation.status.as_ref().filter(|s| s.code != StatusCode::ANNOTATION_SUCCESS) {
        facts.push(state(s.code));
    }
    let label = shapes::label(annotation);
    let label = if label.is_empty() { "no concept".to_owned() } else { label };
    let id = annotation.id.clone();
    // What stands for the input's own labels goes with the input.
    let own = annotation.input_level;
    view! { <li class="row"><span class="truncate strong">{label.clone()}</span><span class="small faint truncate">{facts.join(" · ")}</span>
    {(!own).then(|| view! { <button type="button" class="btn iconly quiet s push" aria-label=format!("Delete annotation {label}") title="Delete annotation" on:click=move |_| delete.run(id.clone())><Icon name="trash"/></button> })}</li> }
}
