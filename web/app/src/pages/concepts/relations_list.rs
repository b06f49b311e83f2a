//! The relations of all concepts, each once.

use super::{
    Counts, graphs,
    list::count,
    relations::{KINDS, called},
};
use crate::components::{Choice, Column, ErrorPanel, VirtualTable};
use crate::data::{Context, Pages, client, context, scope};
use crate::{format, routes};
use labelscope_api::messages::ConceptRelation;
use labelscope_api::operations::ListConceptRelations;
use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::query_signal;

#[component]
pub(super) fn All(counts: Counts) -> impl IntoView {
    let context = context();
    // For the concept that is opened from here.
    spawn_local(count(context, counts, 1, 1000));
    let (predicate, set_predicate) = query_signal::<String>("predicate");
    let (graph, set_graph) = query_signal::<String>("graph");
    let (picked, set_picked) = query_signal::<String>("concept");
    let graphs = graphs::all();
    let rows = Pages::<ConceptRelation>::new();
    let asked = move || (predicate.get().unwrap_or_default(), graph.get().unwrap_or_default());
    let fetch = move |page: u32, size: u32| fetch(context, untrack(asked), page, size);
    Effect::new(move |before: Option<(String, String, String)>| {
        let now = (asked().0, asked().1, context.app.get());
        context.revision.track();
        rows.refresh(before.as_ref() != Some(&now), fetch);
        now
    });
    let cells = Callback::new(move |i: usize| {
        let r = rows.at(i)?;
        let says = match r.predicate.as_str() {
            "hyponym" => "is narrower than",
            "hypernym" => "is broader than",
            "synonym" => "means the same as",
            other => other,
        };
        let graph = r.knowledge_graph_id;
        let graph = if graph.is_empty() { "global".to_owned() } else { graphs::name(graphs, &graph) };
        Some(vec![called(r.subject_concept.as_ref()), says.to_owned(), called(r.object_concept.as_ref()), graph])
    });
    let selected = Signal::derive(move || {
        let id = picked.get()?;
        rows.position(|r| r.subject_concept.as_ref().is_some_and(|c| c.id == id))
    });
    let columns = vec![
        Column { title: "Concept", number: false, width: "minmax(100px,2fr)", wide_only: false },
        Column { title: "Relation", number: false, width: "minmax(120px,1fr)", wide_only: false },
        Column { title: "To", number: false, width: "minmax(100px,2fr)", wide_only: false },
        Column { title: "Graph", number: false, width: "minmax(100px,1fr)", wide_only: true },
    ];
    let filtered = move || asked() != (String::new(), String::new());
    let some = |v: String| Some(v).filter(|v| !v.is_empty());
    view! {
        <div class="fill">
            <div class="toolbar" style="padding-inline:var(--page-x)">
                <Choice label="Kind of relation" quiet=true value=Signal::derive(move || predicate.get().unwrap_or_default()) change=Callback::new(move |v| set_predicate.set(some(v)))
                    options=Signal::derive(|| {
                        let kinds = KINDS.map(|(predicate, _)| (predicate.to_owned(), match predicate { "hyponym" => "Narrower than", "hypernym" => "Broader than", _ => "Synonyms" }.to_owned()));
                        std::iter::once((String::new(), "All kinds".to_owned())).chain(kinds).collect()
                    })/>
                <Choice label="Graph" quiet=true value=Signal::derive(move || graph.get().unwrap_or_default()) change=Callback::new(move |v| set_graph.set(some(v))) options=graphs::options(graphs, "All graphs")/>
            </div>
            <div style="min-height:0">
                {move || rows.error.get().map(|e| view! { <ErrorPanel what="The relations could not be listed" error=e/> })}
                {move || (rows.begun() && rows.found.get() == 0).then(|| view! { <div class="empty"><h2>{if filtered() { "No relation matches" } else { "No relations yet" }}</h2>
                    <p>{if filtered() { "Choose another kind or another graph." } else { "Relations say which concept is broader, narrower or the same. Open a concept to add one." }}</p>
                    <div class="actions"><a class="btn primary" href=if filtered() { routes::relations(&context.app.get()) } else { routes::concepts(&context.app.get()) }>{if filtered() { "Show all relations" } else { "Browse concepts" }}</a></div></div> })}
                <VirtualTable label="Relations" columns=columns total=rows.found cells=cells seen=Callback::new(move |w| rows.see(w, fetch)) selected=selected
                    pick=Callback::new(move |i| if let Some(id) = rows.at(i).and_then(|r| r.subject_concept).map(|c| c.id) { set_picked.set(Some(id)); })/>
            </div>
            <div class="statusbar"><span>{move || format::of(rows.found.get() as i64, "relation", "relations")}</span><span class="push faint hide-phone">"↑ ↓ move · Enter opens the concept"</span></div>
        </div>
    }
}

async fn fetch(
    context: Context,
    (predicate, knowledge_graph_id): (String, String),
    page: u32,
    per_page: u32,
) -> Result<Vec<ConceptRelation>, Error> {
    let op = ListConceptRelations {
        user_app_id: scope(context),
        predicate,
        knowledge_graph_id,
        page,
        per_page,
        ..ListConceptRelations::default()
    };
    Ok(client().send(&op).await?.concept_relations)
}
