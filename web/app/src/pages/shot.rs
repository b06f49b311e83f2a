//! A picture with what is said about it: as a tile, and at full size.

use super::bulk::Picked;
use super::shapes;
use crate::components::{Dialog, Icon, Overlay, Shape, labels_at, labels_that_fit};
use crate::data::{context, query, scope};
use crate::format;
use labelscope_api::messages::{Annotation, Input};
use labelscope_api::operations::{GetInput, ListAnnotations};
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// A tile of the gallery. It opens the picture at full size.
#[component]
pub(crate) fn Shot(
    input: Input,
    shapes: Vec<Shape>,
    open: Callback<String>,
    picked: Picked,
    /// The ids of all tiles, for ranges.
    all: Arc<Vec<String>>,
) -> impl IntoView {
    let (width, height) = shapes::size(&input);
    let name = shapes::name(&input);
    let boxes = format::of(shapes.len() as i64, "object", "objects");
    // As much of a text as a tile can show.
    let text = input.data.as_ref().and_then(|d| d.text.as_ref()).map(|t| t.raw.chars().take(160).collect::<String>());
    let picture = shapes::picture(&input, "small");
    // Without a picture its place is taken by the note that says so.
    let tags = labels_that_fit(&shapes, width, height, if picture.is_some() { 3 } else { 0 })
        .into_iter()
        .filter_map(|(i, left, top)| shapes.get(i).map(|s| view! { <span class="tagbox" style=format!("--c:var(--box-{});left:{left:.1}%;top:{top:.1}%", s.colour)>{s.label.clone()}</span> }))
        .collect_view();
    let missing = picture.is_none() && text.is_none();
    let (id, own) = (input.id.clone(), input.id.clone());
    let opens = id.clone();
    let label = match &text {
        Some(text) => format!("Open {name}: {boxes}. {text}"),
        None => format!("Open {name}: {boxes}"),
    };
    view! {
        <li class="shot" class:selected=move || picked.ids.with(|p| p.contains(&own))>
            <Pick id=id.clone() name=name.clone() picked=picked all=all/>
            <button type="button" class="pic" aria-label=label on:click=move |_| open.run(opens.clone())>
                {match (picture, text) {
                    (Some(src), _) => view! { <img src=src alt="" loading="lazy" width=width.to_string() height=height.to_string()/> }.into_any(),
                    (None, Some(text)) => view! { <span class="nofile small" style="padding:8px">{text}</span> }.into_any(),
                    (None, None) => ().into_any(),
                }}
                <Overlay shapes=shapes width=width height=height/>
            </button>
            <div class="tags">
                {missing.then(|| view! { <span class="nofile"><span><Icon name="warn"/>"No file"</span></span> })}
                <span aria-hidden="true">{tags}</span>
            </div>
            <div class="cap"><span class="truncate">{name}</span><span class="push faint nowrap">{boxes}</span></div>
        </li>
    }
}

/// The check box that picks an input; with Shift, all from the last one on.
#[component]
pub(crate) fn Pick(id: String, name: String, picked: Picked, all: Arc<Vec<String>>) -> impl IntoView {
    let own = id.clone();
    view! {
        <label class="sel"><span class="vh">{format!("Pick {name}")}</span>
            <input type="checkbox" prop:checked=move || picked.ids.with(|p| p.contains(&own)) on:click=move |e| picked.toggle(&id, &all, e.shift_key())/></label>
    }
}

/// The dialog that shows one input whole, with all annotations. `id` is empty while it is closed.
#[component]
pub(crate) fn Viewer(
    #[prop(into)] id: Signal<String>,
    close: Callback<()>,
    #[prop(into)] colours: Signal<HashMap<String, u8>>,
) -> impl IntoView {
    let context = context();
    let wanted = move || Some(id.get()).filter(|id| !id.is_empty());
    let input = query(move || wanted().map(|input_id| GetInput { user_app_id: scope(context), input_id }));
    let annotations = query(move || {
        wanted().map(|id| ListAnnotations {
            user_app_id: scope(context),
            input_ids: vec![id],
            per_page: 1000,
            ..ListAnnotations::default()
        })
    });
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(!id.get().is_empty()));
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is {
            close.run(());
        }
        is
    });
    let title = Signal::derive(move || {
        input.value.get().and_then(|r| r.input.as_ref().map(shapes::name)).unwrap_or_else(|| id.get())
    });
    view! {
        <Dialog open=open title=title class="viewer">
            <div class="body">
                {move || {
                    let input = input.value.get().and_then(|r| r.input.clone())?;
                    let (width, height) = shapes::size(&input);
                    let list: Vec<Annotation> = annotations.value.get().map(|r| r.annotations.clone()).unwrap_or_default();
                    let drawn: Vec<Shape> = list.iter().filter_map(|a| shapes::shape(a, (width, height), &colours.get())).collect();
                    let tags = labels_at(&drawn, (width, height), 560.0, 60).into_iter().filter_map(|(i, left, top)| drawn.get(i).map(|s| {
                        view! { <span class="tagbox" style=format!("--c:var(--box-{});left:{left:.1}%;top:{top:.1}%", s.colour)>{s.label.clone()}</span> }
                    })).collect_view();
                    Some(view! {
                        <div class="stage" style=format!("aspect-ratio:{width}/{height};max-width:calc(56dvh * {:.4})", width / height)>
                            {shapes::picture(&input, "orig").map(|src| view! { <img src=src alt=shapes::name(&input)/> })}
                            <Overlay shapes=drawn width=width height=height cover=false/>
                            <span aria-hidden="true" class="shot" style="position:absolute;inset:0">{tags}</span>
                        </div>
                        <div class="kv-line"><span class="mono">{input.id.clone()}</span><span>{format!("{width} × {height} px")}</span><span>{format::time(input.created_at)}</span>
                            {shapes::picture(&input, "orig").is_none().then_some("Its file is not here; boxes are kept.")}</div>
                        <div class="list" tabindex="0" role="region" aria-label="Annotations"><table class="table"><caption class="vh">"Annotations of this input"</caption>
                            <thead><tr><th>"Concept"</th><th>"Shape"</th><th class="num">"Left"</th><th class="num">"Top"</th><th class="num">"Width"</th><th class="num">"Height"</th></tr></thead>
                            <tbody>{list.iter().map(|a| row(a, (width, height))).collect_view()}</tbody>
                        </table></div>
                    })
                }}
            </div>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button></footer>
        </Dialog>
    }
}

fn row(annotation: &Annotation, size: (f64, f64)) -> impl IntoView + use<> {
    let shape = shapes::shape(annotation, size, &HashMap::new());
    let info = annotation.data.as_ref().and_then(|d| d.regions.first()).and_then(|r| r.region_info.as_ref());
    let kind = match info {
        Some(i) if i.polygon.is_some() => "polygon",
        Some(i) if i.mask.is_some() => "mask",
        Some(i) if i.bounding_box.is_some() => "box",
        Some(_) => "region",
        None => "whole input",
    };
    let numbers = shape.map(|s| s.bounds());
    let number =
        move |i: usize| numbers.and_then(|b| b.get(i).copied()).map(|v| format::decimal(v, 1)).unwrap_or_default();
    view! { <tr><td>{shapes::label(annotation)}</td><td>{kind}</td><td class="num">{number(0)}</td><td class="num">{number(1)}</td><td class="num">{number(2)}</td><td class="num">{number(3)}</td></tr> }
}
