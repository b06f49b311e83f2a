//! Making a concept.

use crate::components::{Dialog, TextField};
use crate::data::{context, mutate, scope};
use labelscope_api::messages::Concept;
use labelscope_api::operations::PostConcepts;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub(super) fn Make(open: RwSignal<bool>) -> impl IntoView {
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
            match mutate(context, &PostConcepts { user_app_id: scope(context), concepts: vec![concept] }).await {
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
                <TextField label="Name" value=name required=true/>
                <TextField label="Id" value=id maxlength=128u32 placeholder="made by the server when empty"/>
                <TextField label="Definition" value=definition rows=3/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-concept" class="btn primary">"Make concept"</button></footer>
        </Dialog>
    }
}
