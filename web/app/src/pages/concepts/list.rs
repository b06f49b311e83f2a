//! The table of all concepts, and what can be done with several.

use super::{Counts, mapping};
use crate::components::{Choice, Column, ErrorPanel, Icon, Marks, VirtualTable};
use crate::data::{Context, Pages, client, context, is_own, query, scope};
use crate::{format, languages};
use labelscope_api::extensions::GetAppCounts;
use labelscope_api::messages::{Concept, ConceptQuery, Pagination};
use labelscope_api::operations::{GetConceptCounts, ListConcepts, PostConceptsSearches};
use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::query_signal;
use std::collections::HashSet;

#[component]
pub(super) fn Browse(counts: Counts, making: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let (search, set_search) = query_signal::<String>("q");
    let (language, set_language) = query_signal::<String>("language");
    let (picked, set_picked) = query_signal::<String>("concept");
    let marked = RwSignal::new(HashSet::<String>::new());
    let mapping = RwSignal::new(false);
    let rows = Pages::<Concept>::new();
    let app_counts = query(move || {
        let _ = context.app.get();
        Some(GetAppCounts { user_app_id: scope(context) })
    });
    let asked = move || (search.get().unwrap_or_default(), language.get().unwrap_or_default());
    let fetch = move |page: u32, size: u32| fetch(context, counts, untrack(asked), page, size);
    Effect::new(move |before: Option<(String, String, String)>| {
        let now = (asked().0, asked().1, context.app.get());
        context.revision.track();
        rows.refresh(before.as_ref() != Some(&now), fetch);
        now
    });
    let searching = move || asked() != (String::new(), String::new());
    let total = Memo::new(move |_| {
        let known = app_counts.value.get().and_then(|r| r.counts.as_ref().map(|c| c.concepts.0 as usize));
        if searching() { rows.found.get() } else { known.unwrap_or_else(|| rows.found.get()) }
    });
    let cells = Callback::new(move |i: usize| {
        let c = rows.at(i)?;
        let n = counts.with(|counts| counts.get(&c.id).copied());
        let of = |n: Option<u32>| n.map(|n| format::count(i64::from(n))).unwrap_or_default();
        Some(vec![c.name, c.id, of(n.map(|n| n.0)), of(n.map(|n| n.1)), c.definition])
    });
    let selected = Signal::derive(move || {
        let id = picked.get()?;
        rows.position(|c| c.id == id)
    });
    let marks = Marks {
        marked: Callback::new(move |i| rows.at(i).is_some_and(|c| marked.with(|m| m.contains(&c.id)))),
        toggle: Callback::new(move |i| {
            if let Some(c) = rows.at(i) {
                marked.update(|m| {
                    if !m.remove(&c.id) {
                        m.insert(c.id);
                    }
                });
            }
        }),
    };
    let columns = vec![
        Column { title: "Concept", number: false, width: "minmax(120px,2fr)", wide_only: false },
        Column { title: "Id", number: false, width: "minmax(80px,1fr)", wide_only: false },
        Column { title: "Positive", number: true, width: "88px", wide_only: false },
        Column { title: "Negative", number: true, width: "88px", wide_only: true },
        Column { title: "Definition", number: false, width: "minmax(0,3fr)", wide_only: true },
    ];
    let empty = move || {
        total.get() == 0 && if searching() || !is_own() { rows.begun() } else { app_counts.value.get().is_some() }
    };
    view! {
        <div class="fill">
            <div class="toolbar" style="padding-inline:var(--page-x)"><label class="search" style="flex:1"><Icon name="search"/><span class="vh">"Search concepts by name"</span>
                <input type="search" placeholder="Name, or its beginning; * is any text" prop:value=move || search.get().unwrap_or_default() on:input=move |e| set_search.set(Some(event_target_value(&e)).filter(|v| !v.trim().is_empty()))/></label>
                <Choice label="Language of names" quiet=true value=Signal::derive(move || language.get().unwrap_or_default()) options=Signal::derive(|| languages::options("App’s language"))
                    change=Callback::new(move |v: String| set_language.set(Some(v).filter(|v| !v.is_empty())))/></div>
            <div style="min-height:0" lang=move || language.get()>
                {move || rows.error.get().map(|e| view! { <ErrorPanel what="The concepts could not be listed" error=e/> })}
                {move || empty().then(|| {
                    let (name, code) = asked();
                    let (head, why) = match (name.is_empty(), code.is_empty()) {
                        (true, true) => ("No concepts yet".to_owned(), "A concept is a label. Importing a dataset makes those that it uses."),
                        (_, true) => ("No concept of that name".to_owned(), "Names are looked for from their beginning; put * before a word to find it anywhere."),
                        _ => (format!("Nothing found in {}", languages::name(&code)), "Only concepts that are named in this language are found. Open a concept to add its name."),
                    };
                    view! { <div class="empty"><h2>{head}</h2><p>{why}</p>
                        <div class="actions"><button type="button" class="btn primary" on:click=move |_| making.set(true)><Icon name="plus"/>"New concept"</button></div></div> }
                })}
                <VirtualTable label="Concepts" columns=columns total=total cells=cells seen=Callback::new(move |w| rows.see(w, fetch)) selected=selected marks=marks
                    pick=Callback::new(move |i| if let Some(c) = rows.at(i) { set_picked.set(Some(c.id)); })/>
            </div>
            <div class="statusbar"><span>{move || format::of(total.get() as i64, "concept", "concepts")}</span>
                {move || match marked.with(HashSet::len) {
                    0 => view! { <span class="push faint hide-phone">"↑ ↓ move · Space selects · Enter opens"</span> }.into_any(),
                    n => view! { <span class="push">{format!("{} selected", format::count(n as i64))}</span>
                        <button type="button" class="btn s" on:click=move |_| mapping.set(true)>"Map to a graph…"</button>
                        <button type="button" class="btn iconly quiet s" aria-label="Clear the selection" title="Clear the selection" on:click=move |_| marked.set(HashSet::new())><Icon name="x"/></button> }.into_any(),
                }}</div>
        </div>
        <mapping::Map open=mapping marked=marked/>
    }
}

/// A page of concepts; how often they are used comes after them.
async fn fetch(
    context: Context,
    counts: Counts,
    (search, language): (String, String),
    page: u32,
    per_page: u32,
) -> Result<Vec<Concept>, Error> {
    let all = search.trim().is_empty() && language.is_empty();
    let concepts = if all {
        let list = ListConcepts { user_app_id: scope(context), page, per_page, ..ListConcepts::default() };
        client().send(&list).await?.concepts
    } else {
        client().send(&by_name(context, &search, language, page, per_page)).await?.concepts
    };
    if !concepts.is_empty() {
        // The counts come in the order of the list; a search takes those of the first thousand concepts.
        let (page, per_page) = if all { (page, per_page) } else { (1, 1000) };
        spawn_local(count(context, counts, page, per_page));
    }
    Ok(concepts)
}

/// Counts how often a page of concepts is used.
pub(super) async fn count(context: Context, counts: Counts, page: u32, per_page: u32) {
    if let Ok(reply) = client().send(&GetConceptCounts { user_app_id: scope(context), page, per_page }).await {
        counts.try_update(|counts| {
            for c in reply.concept_counts {
                let n = c.concept_type_count.unwrap_or_default();
                counts.insert(c.id, (n.positive, n.negative));
            }
        });
    }
}

/// As one types, a name is looked for from its beginning.
pub(super) fn by_name(
    context: Context,
    name: &str,
    language: String,
    page: u32,
    per_page: u32,
) -> PostConceptsSearches {
    let name = if name.ends_with('*') { name.to_owned() } else { format!("{name}*") };
    PostConceptsSearches {
        user_app_id: scope(context),
        concept_query: Some(ConceptQuery { name, language, ..ConceptQuery::default() }),
        pagination: Some(Pagination { page, per_page }),
        ..PostConceptsSearches::default()
    }
}
