//! One dataset: its inputs as grid and table, and its versions.

use super::bulk::{Actions, Picked, Target, join_by};
use super::pick::DatasetField;
use super::search::Asked;
use super::shapes;
use super::shot::{Pick, Shot, Viewer};
use super::versions::{NewVersion, Timeline};
use crate::app::title;
use crate::components::{Dialog, ErrorPanel, Icon, Shape};
use crate::data::{context, query, scope};
use crate::{format, routes};
use labelscope_api::extensions::GetDatasetSummary;
use labelscope_api::messages::{Annotation, Filter, Input};
use labelscope_api::operations::{GetDataset, ListAnnotations, ListDatasetInputs, ListSearches};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{query_signal, use_params_map};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Inputs on a page of the gallery.
const PAGE: u32 = 48;

/// In the address: all classes that have no colour of their own.
const REST: &str = "*";

#[component]
pub(crate) fn Dataset() -> impl IntoView {
    let context = context();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("dataset").unwrap_or_default());
    Effect::new(move |_| title(&id.get()));
    let dataset = query(move || {
        Some(GetDataset {
            user_app_id: scope(context),
            dataset_id: id.get(),
            additional_fields: vec!["stars".to_owned()],
        })
    });
    let summary = query(move || Some(GetDatasetSummary { user_app_id: scope(context), dataset_id: id.get() }));
    let (page, set_page) = query_signal::<u32>("page");
    let (view_as, set_view) = query_signal::<String>("view");
    let (shown, set_shown) = query_signal::<String>("input");
    let (tab, set_tab) = query_signal::<String>("tab");
    let number = move || page.get().unwrap_or(1).max(1);
    let inputs = query(move || {
        Some(ListDatasetInputs { user_app_id: scope(context), dataset_id: id.get(), page: number(), per_page: PAGE })
    });
    let ids = Memo::new(move |_| {
        inputs
            .value
            .get()
            .map(|r| r.dataset_inputs.iter().filter_map(|d| d.input.as_ref().map(|i| i.id.clone())).collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let annotations = query(move || {
        let input_ids = ids.get();
        (!input_ids.is_empty()).then(|| ListAnnotations {
            user_app_id: scope(context),
            input_ids,
            per_page: 1000,
            ..ListAnnotations::default()
        })
    });
    let colours = Memo::new(move |_| {
        let of_all = summary.value.get().and_then(|r| r.summary.as_ref().map(|s| shapes::colours(&s.concepts)));
        of_all.or_else(|| annotations.value.get().map(|r| shapes::colours_of(&r.annotations))).unwrap_or_default()
    });
    let picked = Picked::new();
    let (making, filling) = (RwSignal::new(false), RwSignal::new(false));
    let editing = RwSignal::new(None);
    let open = Callback::new(move |id: String| set_shown.set(Some(id)));
    // Without the summary of the page's own server, a full page has another after it, as far as is known.
    let counted = move || summary.value.get().and_then(|r| r.summary.as_ref().map(|s| s.inputs.0));
    let seen = move || {
        let here = inputs.value.get().map_or(0, |r| r.dataset_inputs.len() as i64);
        (i64::from(number() - 1) * i64::from(PAGE) + here, here == i64::from(PAGE))
    };
    let total = move || counted().unwrap_or_else(|| seen().0);
    let more = move || counted().is_none() && seen().1;
    let facts = move || {
        summary.value.get().and_then(|r| r.summary.clone()).map(|s| {
            let mut facts = vec![format::of(s.inputs.0, "input", "inputs")];
            for (n, one, many) in [
                (s.bounding_boxes.0, "box", "boxes"),
                (s.polygons.0, "polygon", "polygons"),
                (s.masks.0, "mask", "masks"),
            ] {
                if n > 0 {
                    facts.push(format::of(n, one, many));
                }
            }
            facts.push(format::of(s.concepts_count.0, "concept", "concepts"));
            facts.into_iter().map(|f| view! { <span>{f}</span> }).collect_view()
        })
    };
    // Classes that are not drawn, in the address as `hide=chair,lamp`; `*` stands for all without a colour of their own.
    let (hide, set_hide) = query_signal::<String>("hide");
    let hidden = Memo::new(move |_| {
        hide.get().unwrap_or_default().split(',').filter(|h| !h.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>()
    });
    let toggle = move |id: &str| {
        let mut now = hidden.get_untracked();
        if !now.remove(id) {
            now.insert(id.to_owned());
        }
        set_hide.set(Some(now.into_iter().collect::<Vec<_>>().join(",")).filter(|h| !h.is_empty()));
    };
    let thumb = RwSignal::new("172".to_owned());
    let versions_tab = move || tab.get().as_deref() == Some("versions");
    view! {
        <div class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || routes::datasets(&context.app.get())>"Datasets"</a></li><li><span aria-current="page">{id}</span></li></ol></nav>
            <div class="page-title"><h1>{id}</h1>{move || dataset.value.get().and_then(|r| r.dataset.clone()).map(|d| view! { <span class="row"><super::datasets::Star dataset=d/></span> })}
                <div class="actions">
                    <button type="button" class="btn hide-phone" on:click=move |_| editing.set(dataset.value.get().and_then(|r| r.dataset.clone()))><Icon name="edit"/>"Edit"</button>
                    <button type="button" class="btn hide-phone" on:click=move |_| filling.set(true)><Icon name="plus"/>"Add inputs"</button>
                    <a class="btn" href=move || routes::import(&context.app.get(), &id.get())><Icon name="upload"/>"Import"</a>
                    <button type="button" class="btn primary grow" on:click=move |_| making.set(true)><Icon name="freeze"/>"New version"</button>
                </div></div>
            <div class="page-meta">{move || dataset.value.get().and_then(|r| r.dataset.as_ref().map(|d| d.description.clone())).filter(|d| !d.is_empty()).map(|d| view! { <span class="truncate">{d}</span> })}{facts}</div>
            <nav class="tabs" aria-label="Sections">
                <button type="button" aria-current=move || (!versions_tab()).then_some("page") on:click=move |_| set_tab.set(None)>"Inputs "<span class="count">{move || (!more()).then(|| format::count(total()))}</span></button>
                <button type="button" aria-current=move || versions_tab().then_some("page") on:click=move |_| set_tab.set(Some("versions".into()))>"Versions"</button>
            </nav>
        </div>
        {move || dataset.error.get().map(|e| view! { <ErrorPanel what="The dataset could not be opened" error=e/> })}
        <div class="split" class:alone=versions_tab>
            <div class="fill" hidden=versions_tab>
                <div class="toolbar">
                    <div class="row chips" role="group" aria-label="Classes shown">
                        {move || summary.value.get().and_then(|r| r.summary.clone()).map(|s| {
                            let more = s.concepts_count.0 - 7;
                            let chips = s.concepts.iter().take(7).zip(1..).map(|(c, n)| {
                                let (id, asked) = (c.id.clone(), c.id.clone());
                                view! { <button type="button" class="chip" aria-pressed=move || (!hidden.with(|h| h.contains(&asked))).to_string() title="Show or hide this class" on:click=move |_| toggle(&id)>
                                    <span class="swatch" style=format!("--c:var(--box-{n})")></span>{c.name.clone()}<span class="count">{format::count(c.annotations.0)}</span></button> }
                            }).collect_view();
                            view! { {chips} {(more > 0).then(|| view! { <button type="button" class="chip" aria-pressed=move || (!hidden.with(|h| h.contains(REST))).to_string() title="Show or hide all other classes" on:click=move |_| toggle(REST)><span class="swatch" style="--c:var(--box-8)"></span>{format!("{} more", format::count(more))}</button> })} }
                        })}
                    </div>
                    <label class="hide-narrow"><span class="vh">"Size of the pictures"</span><input type="range" min="120" max="320" step="4" style=move || format!("width:88px;--fill:{}%", thumb.get().parse::<u32>().map_or(26, |t| t.saturating_sub(120) / 2)) prop:value=thumb on:input=move |e| thumb.set(event_target_value(&e))/></label>
                    <div class="segmented" role="group" aria-label="View">
                        <button type="button" class="iconly" aria-label="Grid" title="Grid" aria-pressed=move || (view_as.get().is_none()).to_string() on:click=move |_| set_view.set(None)><Icon name="grid"/></button>
                        <button type="button" class="iconly" aria-label="Table" title="Table" aria-pressed=move || (view_as.get().is_some()).to_string() on:click=move |_| set_view.set(Some("table".into()))><Icon name="list"/></button>
                    </div>
                </div>
                <div class="scroll" tabindex="0" role="region" aria-label="Inputs" style=("--thumb", move || format!("{}px", thumb.get()))>
                    {move || inputs.error.get().map(|e| view! { <ErrorPanel what="The inputs could not be listed" error=e/> })}
                    {move || {
                        let Some(reply) = inputs.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:320px"></div></div> }.into_any() };
                        if reply.dataset_inputs.is_empty() {
                            return view! { <div class="empty"><h2>"No inputs yet"</h2><p>"Import a COCO file into this dataset, with its pictures if they are at hand."</p>
                                <div class="actions"><a class="btn primary" href=routes::import(&context.app.get(), &id.get())><Icon name="upload"/>"Import into this dataset"</a></div></div> }.into_any();
                        }
                        let list: Vec<Input> = reply.dataset_inputs.iter().filter_map(|d| d.input.as_deref().cloned()).collect();
                        let mut said = annotations.value.get().map(|r| r.annotations.clone()).unwrap_or_default();
                        let (off, own) = (hidden.get(), colours.get());
                        if !off.is_empty() {
                            said.retain(|a| shapes::concept(a).is_none_or(|c| !off.contains(c) && (own.contains_key(c) || !off.contains(REST))));
                        }
                        if view_as.get().is_some() { table(&list, &said, open, picked).into_any() } else { grid(list, &said, &colours.get(), open, picked).into_any() }
                    }}
                </div>
                <div class="statusbar"><Pager page=Signal::derive(number) total=Signal::derive(total) more=Signal::derive(more) per_page=i64::from(PAGE) go=Callback::new(move |n: u32| set_page.set(Some(n).filter(|n| *n > 1)))/>
                    <Actions picked=picked page=ids dataset=id all=Signal::derive(move || Some(Target::Dataset(id.get()))) total=Signal::derive(move || Some(total()).filter(|_| !more()))/>
                    <span class="push faint hide-narrow">{move || summary.value.get().and_then(|r| r.summary.as_ref().map(|s| s.inputs_without_media.0)).filter(|n| *n > 0).map(|n| format!("{} {} no file", format::of(n, "input", "inputs"), if n == 1 { "has" } else { "have" }))}</span></div>
            </div>
            <aside class="drawer versions" aria-label="Versions">
                <header><h2>"Versions"</h2></header>
                <div class="scroll" tabindex="0" role="region" aria-label="Version timeline" style="padding:16px"><Timeline dataset=id/></div>
            </aside>
        </div>
        <NewVersion dataset=id open=making/>
        <Fill dataset=id open=filling/>
        <super::datasets::Edit dataset=editing/>
        <Viewer id=Signal::derive(move || shown.get().unwrap_or_default()) close=Callback::new(move |()| set_shown.set(None)) colours=colours/>
    }
}

/// "49–85 of 85" with the ways back and on.
#[component]
pub(crate) fn Pager(
    #[prop(into)] page: Signal<u32>,
    #[prop(into)] total: Signal<i64>,
    /// Nobody has counted them, and there may be more.
    #[prop(optional, into)]
    more: Signal<bool>,
    per_page: i64,
    go: Callback<u32>,
) -> impl IntoView {
    let first = move || (i64::from(page.get()) - 1) * per_page + 1;
    let last = move || (i64::from(page.get()) * per_page).min(total.get());
    view! {
        <span>{move || if total.get() == 0 { "No inputs".to_owned() } else if more.get() { format!("{}–{} of more than {}", format::count(first()), format::count(last()), format::count(last())) } else { format!("{}–{} of {}", format::count(first()), format::count(last()), format::count(total.get())) }}</span>
        <button type="button" class="btn s" disabled=move || { page.get() <= 1 } on:click=move |_| go.run(page.get_untracked() - 1)>"Previous"</button>
        <button type="button" class="btn s" disabled=move || { !more.get() && last() >= total.get() } on:click=move |_| go.run(page.get_untracked() + 1)>"Next"</button>
    }
}

/// Fills the dataset from another one or from a saved search.
#[component]
fn Fill(#[prop(into)] dataset: Signal<String>, open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let (other, search) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let searches = query(move || {
        open.get().then(|| ListSearches { user_app_id: scope(context), per_page: 200, ..ListSearches::default() })
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let (from, saved) = (other.get_untracked(), search.get_untracked());
        let wanted = if from.is_empty() {
            let all = searches.value.get_untracked();
            all.and_then(|r| r.searches.iter().find(|s| s.id == saved).map(|s| Asked::of(s).search()))
        } else {
            let filter = Filter {
                input: Some(Box::new(Input { dataset_ids: vec![from], ..Input::default() })),
                ..Filter::default()
            };
            Some(Asked::default().with(filter).search())
        };
        let Some(wanted) = wanted else { return };
        let to = dataset.get_untracked();
        spawn_local(async move {
            match join_by(context, to, wanted).await {
                Ok(job) => {
                    context.good(if job { "The inputs join; see the job" } else { "The inputs have joined" });
                    open.try_set(false);
                }
                Err(error) => context.failed("The inputs did not join", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="Add inputs">
            <form id="fill-dataset" class="body" on:submit=submit>
                <p class="muted">"Inputs of the app join this dataset. They are not copied."</p>
                <DatasetField value=other label="All of another dataset" none="None"/>
                <label class="field"><span>"Or what a saved search finds now"</span>
                    <select class="select" disabled=move || !other.get().is_empty() on:change=move |e| search.set(event_target_value(&e))>
                        <option value="">"None"</option>
                        {move || searches.value.get().map(|r| r.searches.iter().map(|s| view! { <option value=s.id.clone()>{if s.name.is_empty() { s.id.clone() } else { s.name.clone() }}</option> }).collect_view())}
                    </select></label>
                <p class="small muted">"Single inputs: pick them on the "<a href=move || routes::inputs(&context.app.get())>"Inputs page"</a>"."</p>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="fill-dataset" class="btn primary" disabled=move || other.get().is_empty() && search.get().is_empty()>"Add inputs"</button></footer>
        </Dialog>
    }
}

fn by_input(said: &[Annotation]) -> HashMap<&str, Vec<&Annotation>> {
    let mut out: HashMap<&str, Vec<&Annotation>> = HashMap::new();
    for a in said {
        out.entry(a.input_id.as_str()).or_default().push(a);
    }
    out
}

pub(crate) fn grid(
    list: Vec<Input>,
    said: &[Annotation],
    colours: &HashMap<String, u8>,
    open: Callback<String>,
    picked: Picked,
) -> impl IntoView + use<> {
    let all = Arc::new(list.iter().map(|i| i.id.clone()).collect::<Vec<_>>());
    let of = by_input(said);
    let tiles = list
        .into_iter()
        .map(|input| {
            let size = shapes::size(&input);
            let drawn: Vec<Shape> = of
                .get(input.id.as_str())
                .into_iter()
                .flatten()
                .filter_map(|a| shapes::shape(a, size, colours))
                .collect();
            view! { <Shot input=input shapes=drawn open=open picked=picked all=all.clone()/> }
        })
        .collect_view();
    view! { <ul class="gallery">{tiles}</ul> }
}

pub(crate) fn table(
    list: &[Input],
    said: &[Annotation],
    open: Callback<String>,
    picked: Picked,
) -> impl IntoView + use<> {
    let all = Arc::new(list.iter().map(|i| i.id.clone()).collect::<Vec<_>>());
    let of = by_input(said);
    let rows = list
        .iter()
        .map(|input| {
            let here = of.get(input.id.as_str()).cloned().unwrap_or_default();
            let mut labels: Vec<String> = here.iter().map(|a| shapes::label(a)).filter(|l| !l.is_empty()).collect();
            labels.sort();
            labels.dedup();
            let (w, h) = shapes::size(input);
            let id = input.id.clone();
            let (own, sized) = (input.id.clone(), input.data.as_ref().is_some_and(|d| d.image.is_some()));
            view! { <tr aria-selected=move || picked.ids.with(|p| p.contains(&own)).to_string()>
                <td class="pick"><Pick id=input.id.clone() name=shapes::name(input) picked=picked all=all.clone()/></td>
                <th scope="row"><button type="button" class="link lk" on:click=move |_| open.run(id.clone())>{shapes::name(input)}</button></th>
                <td class="num">{sized.then(|| format!("{w} × {h}"))}</td><td class="num">{format::count(here.len() as i64)}</td>
                <td class="hide-phone rest">{labels.join(", ")}</td>
                <td>{if shapes::picture(input, "small").is_some() { "yes" } else { "no file" }}</td>
            </tr> }
        })
        .collect_view();
    view! { <table class="table"><caption class="vh">"Inputs of this page"</caption><thead><tr><th scope="col" class="pick"><span class="vh">"Pick"</span></th><th scope="col">"Input"</th><th scope="col" class="num">"Pixels"</th><th scope="col" class="num">"Annotations"</th><th scope="col" class="hide-phone rest">"Concepts"</th><th scope="col">"Picture"</th></tr></thead><tbody>{rows}</tbody></table> }
}
