//! The concepts of an app: a table of any length, search, and the words of one.

use crate::app::title;
use crate::components::{Column, Dialog, ErrorPanel, Icon, VirtualTable};
use crate::data::{Context, client, context, mutate, query, scope};
use crate::{data, format};
use labelscope_api::extensions::GetAppCounts;
use labelscope_api::messages::{Concept, ConceptQuery, Pagination};
use labelscope_api::operations::{
    GetConcept, GetConceptCounts, ListConcepts, PatchConcepts, PostConcepts, PostConceptsSearches,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::query_signal;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Rows that are fetched at a time.
const PAGE: usize = 100;

type Page = Arc<Vec<Concept>>;

/// The rows that have been fetched, of one question.
#[derive(Clone, Copy)]
struct Rows {
    pages: RwSignal<HashMap<usize, Page>>,
    counts: RwSignal<HashMap<String, (u32, u32)>>,
    error: RwSignal<Option<Arc<labelscope_client::Error>>>,
    /// How many rows a search has at least; a list knows its number from the app's counts.
    found: RwSignal<usize>,
}

#[component]
pub(crate) fn Concepts() -> impl IntoView {
    let context = context();
    title("Concepts");
    let (search, set_search) = query_signal::<String>("q");
    let (picked, set_picked) = query_signal::<String>("concept");
    let making = RwSignal::new(false);
    let rows = Rows {
        pages: RwSignal::new(HashMap::new()),
        counts: RwSignal::new(HashMap::new()),
        error: RwSignal::new(None),
        found: RwSignal::new(0),
    };
    let app_counts = query(move || {
        let _ = context.app.get();
        Some(GetAppCounts { user_app_id: scope(context) })
    });
    let asked = StoredValue::new(HashSet::<usize>::new());
    let question = StoredValue::new(0u32);
    let window = RwSignal::new((0usize, 0usize));
    // Another question, or a change on the server: what is shown stays until its successor is there.
    Effect::new(move |before: Option<(String, String)>| {
        let now = (search.get().unwrap_or_default(), context.app.get());
        context.revision.track();
        question.update_value(|q| *q += 1);
        asked.update_value(HashSet::clear);
        if before.as_ref() != Some(&now) {
            rows.pages.set(HashMap::new());
            rows.found.set(0);
        }
        let (first, count) = window.get_untracked();
        load(context, rows, asked, question, now.0.clone(), first, count.max(1));
        now
    });
    let seen = Callback::new(move |(first, count): (usize, usize)| {
        window.set((first, count));
        load(context, rows, asked, question, search.get_untracked().unwrap_or_default(), first, count);
    });
    let total = Memo::new(move |_| {
        if search.get().is_some_and(|s| !s.is_empty()) {
            rows.found.get()
        } else {
            app_counts
                .value
                .get()
                .and_then(|r| r.counts.as_ref().map(|c| c.concepts.0 as usize))
                .unwrap_or_else(|| rows.found.get())
        }
    });
    let concept_at =
        move |i: usize| rows.pages.with(|p| p.get(&(i / PAGE)).and_then(|page| page.get(i % PAGE).cloned()));
    let cells = Callback::new(move |i: usize| {
        let c = concept_at(i)?;
        let (positive, negative) =
            rows.counts.with(|counts| counts.get(&c.id).copied()).map_or((String::new(), String::new()), |(p, n)| {
                (format::count(i64::from(p)), format::count(i64::from(n)))
            });
        Some(vec![c.name, c.id, positive, negative, c.definition])
    });
    let selected = Signal::derive(move || {
        let id = picked.get()?;
        rows.pages
            .with(|pages| pages.iter().find_map(|(n, page)| page.iter().position(|c| c.id == id).map(|i| n * PAGE + i)))
    });
    let columns = vec![
        Column { title: "Concept", number: false, width: "minmax(140px,2fr)", wide_only: false },
        Column { title: "Id", number: false, width: "minmax(90px,1fr)", wide_only: false },
        Column { title: "Positive", number: true, width: "88px", wide_only: false },
        Column { title: "Negative", number: true, width: "88px", wide_only: true },
        Column { title: "Definition", number: false, width: "minmax(0,3fr)", wide_only: true },
    ];
    view! {
        <div class="page-head flat"><div class="page-title"><h1>"Concepts"</h1><div class="actions"><button type="button" class="btn primary grow" on:click=move |_| making.set(true)><Icon name="plus"/>"New concept"</button></div></div></div>
        <div class="split">
            <div class="fill">
                <div class="toolbar" style="padding-inline:var(--page-x)"><label class="search" style="flex:1"><Icon name="search"/><span class="vh">"Search concepts by name"</span>
                    <input type="search" placeholder="Name, or the beginning of one" prop:value=move || search.get().unwrap_or_default() on:input=move |e| set_search.set(Some(event_target_value(&e)).filter(|v| !v.trim().is_empty()))/></label></div>
                <div style="min-height:0">
                    {move || rows.error.get().map(|e| view! { <ErrorPanel what="The concepts could not be listed" error=e/> })}
                    {move || (total.get() == 0 && app_counts.value.get().is_some() && (search.get().is_none() || asked.with_value(|a| !a.is_empty()) && rows.pages.with(|p| p.contains_key(&0)))).then(|| {
                        let searching = search.get().is_some();
                        view! { <div class="empty"><h2>{if searching { "No concept of that name" } else { "No concepts yet" }}</h2><p>{if searching { "The search looks at names from their beginning." } else { "A concept is a label. Importing a dataset makes those that it uses." }}</p>
                            <div class="actions"><button type="button" class="btn primary" on:click=move |_| making.set(true)><Icon name="plus"/>"New concept"</button></div></div> }
                    })}
                    <VirtualTable label="Concepts" columns=columns total=total cells=cells seen=seen selected=selected pick=Callback::new(move |i| if let Some(c) = concept_at(i) { set_picked.set(Some(c.id)); })/>
                </div>
                <div class="statusbar"><span>{move || format::of(total.get() as i64, "concept", "concepts")}</span><span class="push faint hide-phone">"↑ ↓ move · Enter opens"</span></div>
            </div>
            {move || picked.get().map(|id| view! { <Detail id=id close=Callback::new(move |()| set_picked.set(None)) counts=rows.counts/> })}
        </div>
        <Make open=making/>
    }
}

/// Fetches the pages of these rows that nobody has asked for yet.
fn load(
    context: Context,
    rows: Rows,
    asked: StoredValue<HashSet<usize>>,
    question: StoredValue<u32>,
    search: String,
    first: usize,
    count: usize,
) {
    let Some(number) = question.try_get_value() else { return };
    for page in first / PAGE..=(first + count.max(1) - 1) / PAGE {
        let new = asked.try_update_value(|a| a.insert(page)).unwrap_or(false);
        if !new {
            continue;
        }
        let search = search.clone();
        spawn_local(async move {
            let outcome = fetch(context, &search, page as u32 + 1).await;
            if question.try_get_value() != Some(number) {
                return;
            }
            match outcome {
                Ok(list) => {
                    let got = list.len();
                    rows.pages.try_update(|p| p.insert(page, Arc::new(list)));
                    rows.error.try_set(None);
                    // A full page has another after it, as far as is known.
                    rows.found.try_update(|f| *f = (*f).max(page * PAGE + got + usize::from(got == PAGE)));
                    if got < PAGE {
                        rows.found.try_update(|f| *f = (*f).min(page * PAGE + got));
                    }
                    if got > 0 {
                        count_uses(context, rows, &search, page as u32 + 1).await;
                    }
                }
                Err(error) => {
                    asked.try_update_value(|a| a.remove(&page));
                    rows.error.try_set(Some(Arc::new(error)));
                }
            }
        });
    }
}

async fn fetch(context: Context, search: &str, page: u32) -> Result<Vec<Concept>, labelscope_client::Error> {
    let per_page = PAGE as u32;
    if search.trim().is_empty() {
        return Ok(client()
            .send(&ListConcepts { user_app_id: scope(context), page, per_page, ..ListConcepts::default() })
            .await?
            .concepts);
    }
    // As one types, a name is looked for from its beginning.
    let name = if search.contains('*') { search.to_owned() } else { format!("{search}*") };
    let concept_query = Some(ConceptQuery { name, ..ConceptQuery::default() });
    let op = PostConceptsSearches {
        user_app_id: scope(context),
        concept_query,
        pagination: Some(Pagination { page, per_page }),
        ..PostConceptsSearches::default()
    };
    Ok(client().send(&op).await?.concepts)
}

/// The counts come in the order of the list; a search takes those of the first thousand concepts.
async fn count_uses(context: Context, rows: Rows, search: &str, page: u32) {
    let (page, per_page) = if search.trim().is_empty() { (page, PAGE as u32) } else { (1, 1000) };
    if let Ok(reply) = client().send(&GetConceptCounts { user_app_id: scope(context), page, per_page }).await {
        rows.counts.try_update(|counts| {
            for c in reply.concept_counts {
                let n = c.concept_type_count.unwrap_or_default();
                counts.insert(c.id, (n.positive, n.negative));
            }
        });
    }
}

#[component]
fn Detail(id: String, close: Callback<()>, #[prop(into)] counts: Signal<HashMap<String, (u32, u32)>>) -> impl IntoView {
    let context = context();
    let (wanted, shown) = (id.clone(), id.clone());
    let concept = query(move || Some(GetConcept { user_app_id: scope(context), concept_id: wanted.clone() }));
    let (name, definition) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        if let Some(c) = concept.value.get().and_then(|r| r.concept.clone()) {
            name.set(c.name);
            definition.set(c.definition);
        }
    });
    let kept = StoredValue::new(id.clone());
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let changed = Concept {
            id: kept.get_value(),
            name: name.get_untracked(),
            definition: definition.get_untracked(),
            ..Concept::default()
        };
        spawn_local(async move {
            match mutate(
                context,
                &PatchConcepts { user_app_id: scope(context), action: "overwrite".into(), concepts: vec![changed] },
            )
            .await
            {
                Ok(_) => context.good("Concept changed"),
                Err(error) => context.failed("The concept was not changed", &error),
            }
        });
    };
    let of = move || counts.with(|c| c.get(&shown).copied()).unwrap_or_default();
    let uses = of.clone();
    view! {
        <aside class="drawer drawer-over" aria-label="Concept">
            <header><h2 class="truncate">{move || concept.value.get().and_then(|r| r.concept.as_ref().map(|c| c.name.clone()))}</h2><span class="push"></span><button type="button" class="btn iconly quiet" aria-label="Close concept" on:click=move |_| close.run(())><Icon name="x"/></button></header>
            <div class="scroll" tabindex="0" role="region" aria-label="Concept detail" style="padding:16px">
                {move || concept.error.get().map(|e| view! { <ErrorPanel what="The concept could not be opened" error=e/> })}
                <form class="stack-m" on:submit=submit>
                    <dl class="facts"><div><dt>"Positive inputs"</dt><dd>{move || format::count(i64::from(of().0))}</dd></div><div><dt>"Negative"</dt><dd>{move || format::count(i64::from(uses().1))}</dd></div></dl>
                    <label class="field"><span>"Name"</span><input class="input" required prop:value=name on:input=move |e| name.set(event_target_value(&e))/></label>
                    <label class="field"><span>"Definition"</span><textarea class="input" rows="4" prop:value=definition on:input=move |e| definition.set(event_target_value(&e))></textarea></label>
                    <p class="small muted"><span class="mono">{id}</span>" · made "{move || concept.value.get().and_then(|r| r.concept.as_ref().map(|c| format::time(c.created_at)))}</p>
                    <div class="row"><button type="submit" class="btn">"Save"</button></div>
                </form>
            </div>
        </aside>
    }
}

#[component]
fn Make(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let (name, id, definition) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let concept = Concept {
            id: id.get_untracked().trim().to_owned(),
            name: name.get_untracked().trim().to_owned(),
            definition: definition.get_untracked(),
            ..Concept::default()
        };
        spawn_local(async move {
            match data::mutate(context, &PostConcepts { user_app_id: scope(context), concepts: vec![concept] }).await {
                Ok(reply) => {
                    context.good(format!(
                        "Concept {} made",
                        reply.concepts.first().map(|c| c.name.clone()).unwrap_or_default()
                    ));
                    for field in [name, id, definition] {
                        field.try_set(String::new());
                    }
                    open.try_set(false);
                }
                Err(error) => context.failed("The concept was not made", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="New concept">
            <form id="new-concept" class="body" on:submit=submit>
                <label class="field"><span>"Name"</span><input class="input" required prop:value=name on:input=move |e| name.set(event_target_value(&e))/></label>
                <label class="field"><span>"Id"</span><input class="input" maxlength="128" placeholder="made by the server when empty" prop:value=id on:input=move |e| id.set(event_target_value(&e))/></label>
                <label class="field"><span>"Definition"</span><textarea class="input" rows="3" prop:value=definition on:input=move |e| definition.set(event_target_value(&e))></textarea></label>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-concept" class="btn primary">"Make concept"</button></footer>
        </Dialog>
    }
}
