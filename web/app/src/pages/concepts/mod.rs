//! The concepts of an app: a table of any length, search in any language, one in detail, and the relations of all.

mod detail;
mod graphs;
mod languages;
mod list;
mod make;
mod mapping;
mod picker;
mod relations;
mod relations_list;

use crate::app::{asked_for_new, title};
use crate::components::Icon;
use crate::data::context;
use crate::routes;
use leptos::prelude::*;
use leptos_router::hooks::query_signal;
use std::collections::HashMap;

/// How often concepts are used, by their ids: positive and negative.
type Counts = RwSignal<HashMap<String, (u32, u32)>>;

#[component]
pub(crate) fn Concepts() -> impl IntoView {
    let context = context();
    title("Concepts");
    let (view, _) = query_signal::<String>("view");
    let (picked, set_picked) = query_signal::<String>("concept");
    let making = asked_for_new();
    let graph = RwSignal::new(false);
    let counts: Counts = RwSignal::new(HashMap::new());
    let related = Memo::new(move |_| view.get().as_deref() == Some("relations"));
    view! {
        <div class="page-head"><div class="page-title"><h1>"Concepts"</h1><div class="actions">
            <button type="button" class="btn" on:click=move |_| graph.set(true)><Icon name="plus"/>"New graph"</button>
            <button type="button" class="btn primary grow" on:click=move |_| making.set(true)><Icon name="plus"/>"New concept"</button></div></div>
            <nav class="tabs" aria-label="Views of concepts">
                <a href=move || routes::concepts(&context.app.get()) aria-current=move || (!related.get()).then_some("page")>"Browse"</a>
                <a href=move || routes::relations(&context.app.get()) aria-current=move || related.get().then_some("page")>"All relations"</a>
            </nav></div>
        <div class="split">
            {move || if related.get() { view! { <relations_list::All counts=counts/> }.into_any() } else { view! { <list::Browse counts=counts making=making/> }.into_any() }}
            {move || picked.get().map(|id| view! { <detail::Detail id=id close=Callback::new(move |()| set_picked.set(None)) counts=counts/> })}
        </div>
        <make::Make open=making/>
        <graphs::NewGraph open=graph/>
    }
}
