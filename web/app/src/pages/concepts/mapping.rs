//! Looking for the counterparts of concepts in a graph.

use super::graphs;
use crate::components::{Action, Choice, Dialog};
use crate::data::{context, mutate, scope};
use crate::{format, routes};
use labelscope_api::messages::ConceptMappingJob;
use labelscope_api::operations::PostConceptMappingJobs;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashSet;

#[component]
pub(super) fn Map(open: RwSignal<bool>, marked: RwSignal<HashSet<String>>) -> impl IntoView {
    let context = context();
    let graphs = graphs::all();
    let graph = RwSignal::new(String::new());
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let mut concept_ids: Vec<String> = marked.get_untracked().into_iter().collect();
        concept_ids.sort();
        let many = format::of(concept_ids.len() as i64, "concept", "concepts");
        let job = ConceptMappingJob { knowledge_graph_id: graph.get_untracked(), concept_ids };
        spawn_local(async move {
            let op = PostConceptMappingJobs { user_app_id: scope(context), concept_mapping_jobs: vec![job] };
            match mutate(context, &op).await {
                Ok(_) => {
                    let jobs = Action::Open("Open jobs".to_owned(), routes::jobs(&context.app.get_untracked()));
                    context.good_with(format!("Looking for the counterparts of {many}"), jobs);
                    marked.try_set(HashSet::new());
                    open.try_set(false);
                }
                Err(error) => context.failed("The mapping was not begun", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="Map to a graph">
            <form id="map-concepts" class="body" on:submit=submit>
                <p class="muted">{move || format!("For {}, a job looks for the one concept of the graph that has the same name in any language, and notes it as a synonym. Doubtful ones are left alone and told.", format::of(marked.with(HashSet::len) as i64, "concept", "concepts"))}</p>
                {move || graphs.value.get().is_some_and(|r| r.knowledge_graphs.is_empty()).then(|| view! { <p class="why">"There is no graph yet. Close this and make one with “New graph”."</p> })}
                <Choice label="Graph" value=graph required=true options=graphs::options(graphs, "Choose a graph") change=Callback::new(move |v| graph.set(v))/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="map-concepts" class="btn primary" disabled=move || graph.with(String::is_empty)>"Start mapping"</button></footer>
        </Dialog>
    }
}
