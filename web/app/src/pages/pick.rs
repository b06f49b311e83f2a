//! Fields that offer what is there: concepts and datasets.

use crate::components::Icon;
use crate::data::{context, query, scope};
use labelscope_api::messages::{ConceptQuery, Pagination};
use labelscope_api::operations::{ListDatasets, PostConceptsSearches};
use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// Concepts that are offered at once.
const OFFERED: u32 = 20;

/// An id of its own for a list in the page.
fn unique(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A field that takes the name or the id of a concept that exists. It holds id and name of what is picked.
#[component]
pub(crate) fn ConceptField(
    picked: RwSignal<Option<(String, String)>>,
    #[prop(into)] label: String,
    /// Emptied after each pick, for lists of concepts.
    #[prop(optional)]
    take: Option<Callback<(String, String)>>,
) -> impl IntoView {
    let context = context();
    let text = RwSignal::new(picked.get_untracked().map(|p| p.1).unwrap_or_default());
    let wanted = Memo::new(move |_| text.get().trim().to_owned());
    let found = query(move || {
        let name = wanted.get();
        Some(PostConceptsSearches {
            user_app_id: scope(context),
            concept_query: Some(ConceptQuery { name: format!("{name}*"), ..ConceptQuery::default() }),
            pagination: Some(Pagination { page: 1, per_page: OFFERED }),
            ..PostConceptsSearches::default()
        })
        .filter(|_| !name.is_empty())
    });
    // A name picks as soon as it is whole: from the list, or typed.
    Effect::new(move |_| {
        let (text, found) = (wanted.get(), found.value.get());
        let hit = found.iter().flat_map(|r| &r.concepts).find(|c| c.name == text || c.id == text);
        let hit = hit.map(|c| (c.id.clone(), c.name.clone()));
        if picked.get_untracked() != hit {
            picked.set(hit);
        }
    });
    let settle = move || {
        if let (Some(take), Some(hit)) = (take, picked.get_untracked()) {
            text.set(String::new());
            take.run(hit);
        }
    };
    let list = unique("concepts");
    let missing = move || {
        let asked = wanted.get();
        !asked.is_empty() && found.value.get().is_some_and(|r| r.concepts.is_empty())
    };
    view! {
        <label class="field"><span>{label}</span>
            <input class="input" list=list.clone() autocomplete="off" placeholder="Begin to type its name" prop:value=text
                on:input=move |e| text.set(event_target_value(&e))
                on:keydown=move |e| if e.key() == "Enter" && take.is_some() { e.prevent_default(); settle(); }
                on:change=move |_| settle()/>
            <datalist id=list>{move || found.value.get().map(|r| r.concepts.iter().map(|c| view! { <option value=c.name.clone()>{c.id.clone()}</option> }).collect_view())}</datalist>
            {move || missing().then(|| view! { <span class="hint">"No concept begins so."</span> })}
        </label>
    }
}

/// Concepts that are picked one after another.
#[component]
pub(crate) fn ConceptList(list: RwSignal<Vec<(String, String)>>, #[prop(into)] label: String) -> impl IntoView {
    let picked = RwSignal::new(None);
    let take = Callback::new(move |c: (String, String)| {
        list.update(|list| {
            if !list.contains(&c) {
                list.push(c);
            }
        });
    });
    view! {
        <ConceptField picked=picked label=label take=take/>
        <p class="row wrap">{move || list.get().into_iter().map(|(id, name)| view! { <span class="chip">{name.clone()}<button type="button" class="x" aria-label=format!("Remove {name}") on:click=move |_| list.update(|l| l.retain(|c| c.0 != id))><Icon name="x"/></button></span> }).collect_view()}</p>
    }
}

/// A list of the app's datasets.
#[component]
pub(crate) fn DatasetField(
    value: RwSignal<String>,
    #[prop(into)] label: String,
    /// What stands first: no dataset.
    #[prop(into)]
    none: String,
) -> impl IntoView {
    let context = context();
    let list = query(move || {
        Some(ListDatasets {
            user_app_id: scope(context),
            per_page: 200,
            sort_by_id: true,
            sort_ascending: true,
            ..ListDatasets::default()
        })
    });
    view! {
        <label class="field"><span>{label}</span>
            <select class="select" on:change=move |e| value.set(event_target_value(&e)) prop:value=move || { list.value.track(); value.get() }>
                <option value="">{none}</option>
                {move || list.value.get().map(|r| r.datasets.iter().map(|d| { let id = d.id.clone(); view! { <option value=id.clone() selected=value.get_untracked() == id>{id.clone()}</option> } }).collect_view())}
            </select>
        </label>
    }
}
