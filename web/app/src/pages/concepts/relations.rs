//! The relations of a concept: what is broader, narrower and the same, in each graph.

use super::{graphs, picker::Picker};
use crate::components::{Action, Choice, ErrorPanel, Icon};
use crate::data::{Context, context, mutate, query, scope};
use crate::routes;
use labelscope_api::messages::{Concept, ConceptRelation};
use labelscope_api::operations::{DeleteConceptRelations, ListConceptRelations, PostConceptRelations};
use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How the object stands to the subject, by predicate, and what that is called here.
pub(super) const KINDS: [(&str, &str); 3] = [("hyponym", "Broader"), ("hypernym", "Narrower"), ("synonym", "Synonym")];

/// A concept's name, or its id where it has none.
pub(super) fn called(concept: Option<&Concept>) -> String {
    concept.map(|c| if c.name.is_empty() { c.id.clone() } else { c.name.clone() }).unwrap_or_default()
}

async fn post(context: Context, concept_id: String, relation: ConceptRelation) -> Result<(), Error> {
    let op = PostConceptRelations { user_app_id: scope(context), concept_id, concept_relations: vec![relation] };
    mutate(context, &op).await.map(drop)
}

/// Removes a relation, and offers to take that back.
fn remove(context: Context, concept: String, relation: ConceptRelation) {
    spawn_local(async move {
        let op = DeleteConceptRelations {
            user_app_id: scope(context),
            concept_id: concept.clone(),
            ids: vec![relation.id.clone()],
        };
        match mutate(context, &op).await {
            Ok(_) => {
                let again = ConceptRelation {
                    object_concept: relation
                        .object_concept
                        .as_ref()
                        .map(|c| Concept { id: c.id.clone(), ..Concept::default() }),
                    predicate: relation.predicate.clone(),
                    knowledge_graph_id: relation.knowledge_graph_id.clone(),
                    ..ConceptRelation::default()
                };
                let title = format!("Relation to {} removed", called(relation.object_concept.as_ref()));
                let undo = Action::Undo(Arc::new(move || {
                    let (concept, again) = (concept.clone(), again.clone());
                    spawn_local(async move {
                        match post(context, concept, again).await {
                            Ok(()) => context.good("Relation put back"),
                            Err(error) => context.failed("The relation was not put back", &error),
                        }
                    });
                }));
                context.good_with(title, undo);
            }
            Err(error) => context.failed("The relation was not removed", &error),
        }
    });
}

#[component]
pub(super) fn Relations(concept: String) -> impl IntoView {
    let context = context();
    let concept = StoredValue::new(concept);
    let list = query(move || {
        Some(ListConceptRelations {
            user_app_id: scope(context),
            concept_id: concept.get_value(),
            per_page: 1000,
            ..ListConceptRelations::default()
        })
    });
    let graphs = graphs::all();
    let adding = RwSignal::new(false);
    let many = move || list.value.get().map(|r| r.concept_relations.len()).unwrap_or_default();
    let groups = move || {
        let reply = list.value.get()?;
        let mut by_graph: BTreeMap<String, Vec<ConceptRelation>> = BTreeMap::new();
        for relation in &reply.concept_relations {
            by_graph.entry(relation.knowledge_graph_id.clone()).or_default().push(relation.clone());
        }
        if by_graph.is_empty() {
            return Some(
                view! { <p class="small faint">"None yet. A broader concept puts this one into a tree."</p> }
                    .into_any(),
            );
        }
        let shown = by_graph.into_iter().map(|(graph, relations)| {
            let head = if graph.is_empty() { "Global graph".to_owned() } else { graphs::name(graphs, &graph) };
            let kinds = KINDS.into_iter().filter_map(|(predicate, word)| {
                let items: Vec<_> = relations.iter().filter(|r| r.predicate == predicate).map(|r| {
                    let (name, gone) = (called(r.object_concept.as_ref()), r.clone());
                    let to = routes::concept(&context.app.get(), r.object_concept.as_ref().map_or("", |c| &c.id));
                    view! { <span class="rel"><a class="lk" href=to>{name.clone()}</a>
                        <button type="button" class="btn iconly quiet s" aria-label=format!("Remove {name}") title="Remove" on:click=move |_| remove(context, concept.get_value(), gone.clone())><Icon name="x"/></button></span> }
                }).collect();
                (!items.is_empty()).then(|| view! { <dt>{if predicate == "synonym" && items.len() > 1 { "Synonyms" } else { word }}</dt><dd class="rels">{items}</dd> })
            }).collect_view();
            view! { <div class="graph"><h4 class="small faint">{head}</h4><dl class="kv">{kinds}</dl></div> }
        }).collect_view();
        Some(shown.into_any())
    };
    view! {
        <section aria-labelledby="concept-relations"><h3 id="concept-relations">"Relations"<span class="count">{many}</span><span class="push">
            <button type="button" class="btn iconly quiet s" aria-label="Add a relation" title="Add a relation" aria-expanded=move || adding.get().to_string() on:click=move |_| adding.update(|a| *a = !*a)><Icon name="plus"/></button></span></h3>
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The relations could not be listed" error=e/> })}
            {move || adding.get().then(|| view! { <Add concept=concept graphs=graphs::options(graphs, "Global")/> })}
            {groups}
        </section>
    }
}

#[component]
fn Add(concept: StoredValue<String>, graphs: Signal<Vec<(String, String)>>) -> impl IntoView {
    let context = context();
    let kind = RwSignal::new("hyponym".to_owned());
    let graph = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<(String, Arc<Error>)>);
    let pick = Callback::new(move |object: Concept| {
        let name = object.name.clone();
        let relation = ConceptRelation {
            object_concept: Some(Concept { id: object.id, ..Concept::default() }),
            predicate: kind.get_untracked(),
            knowledge_graph_id: graph.get_untracked(),
            ..ConceptRelation::default()
        };
        spawn_local(async move {
            match post(context, concept.get_value(), relation).await {
                Ok(()) => {
                    failed.try_set(None);
                    context.good(format!("Relation to {name} added"));
                }
                Err(error) => {
                    failed.try_set(Some((format!("{name} was not added"), Arc::new(error))));
                }
            }
        });
    });
    let label = Signal::derive(move || match kind.get().as_str() {
        "hyponym" => "The broader concept".to_owned(),
        "hypernym" => "The narrower concept".to_owned(),
        _ => "The concept of the same meaning".to_owned(),
    });
    let kinds = || KINDS.map(|(predicate, word)| (predicate.to_owned(), word.to_owned())).to_vec();
    view! {
        <div class="inset">
            {move || failed.get().map(|(what, error)| view! { <ErrorPanel what=what error=error/> })}
            <div class="pair">
                <Choice label="Relation" value=kind options=Signal::derive(kinds) change=Callback::new(move |v| kind.set(v))/>
                <Choice label="Graph" value=graph options=graphs change=Callback::new(move |v| graph.set(v))/>
            </div>
            <Picker label=label pick=pick/>
        </div>
    }
}
