//! Knowledge graphs: which there are, and making one.

use crate::components::{Dialog, TextField};
use crate::data::{Query, context, mutate, query, scope};
use labelscope_api::messages::{KnowledgeGraph, MultiKnowledgeGraphResponse};
use labelscope_api::operations::{ListKnowledgeGraphs, PostKnowledgeGraphs};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The graphs of the app.
pub(super) fn all() -> Query<MultiKnowledgeGraphResponse> {
    let context = context();
    query(move || {
        let _ = context.app.get();
        Some(ListKnowledgeGraphs { user_app_id: scope(context) })
    })
}

/// Values and names for a choice of a graph; the empty one first, called `none`.
pub(super) fn options(graphs: Query<MultiKnowledgeGraphResponse>, none: &'static str) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let mut out = vec![(String::new(), none.to_owned())];
        let reply = graphs.value.get();
        out.extend(reply.iter().flat_map(|r| &r.knowledge_graphs).map(|g| (g.id.clone(), called(g))));
        out
    })
}

/// What a graph is called.
pub(super) fn called(graph: &KnowledgeGraph) -> String {
    if graph.name.is_empty() { graph.id.clone() } else { graph.name.clone() }
}

/// What the graph of this id is called.
pub(super) fn name(graphs: Query<MultiKnowledgeGraphResponse>, id: &str) -> String {
    let reply = graphs.value.get();
    let graph = reply.iter().flat_map(|r| &r.knowledge_graphs).find(|g| g.id == id);
    graph.map_or_else(|| id.to_owned(), called)
}

#[component]
pub(super) fn NewGraph(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let [id, name, description] = [(); 3].map(|()| RwSignal::new(String::new()));
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let graph = KnowledgeGraph {
            id: id.get_untracked().trim().to_owned(),
            name: name.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            ..KnowledgeGraph::default()
        };
        spawn_local(async move {
            let op = PostKnowledgeGraphs { user_app_id: scope(context), knowledge_graphs: vec![graph.clone()] };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good(format!("Graph {} made", called(&graph)));
                    for field in [id, name, description] {
                        field.try_set(String::new());
                    }
                    open.try_set(false);
                }
                Err(error) => context.failed("The graph was not made", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="New knowledge graph">
            <form id="new-graph" class="body" on:submit=submit>
                <p class="muted">"A graph is a named set of relations. The same concepts may stand in several graphs, each in its own order."</p>
                <TextField label="Id" value=id required=true maxlength=128u32 placeholder="wordnet"/>
                <TextField label="Name" value=name/>
                <TextField label="Description" value=description rows=2/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-graph" class="btn primary">"Make graph"</button></footer>
        </Dialog>
    }
}
