//! One concept: its words, how often it is used, its relations and languages.

use super::{Counts, languages::Languages, relations::Relations};
use crate::app::copy;
use crate::components::{ErrorPanel, Icon, TextField};
use crate::data::{context, mutate, query, scope};
use crate::format;
use labelscope_api::messages::Concept;
use labelscope_api::operations::{GetConcept, PatchConcepts};
use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

#[component]
pub(super) fn Detail(id: String, close: Callback<()>, counts: Counts) -> impl IntoView {
    let context = context();
    let (wanted, shown) = (id.clone(), id.clone());
    let concept = query(move || Some(GetConcept { user_app_id: scope(context), concept_id: wanted.clone() }));
    let uses = Memo::new(move |_| counts.with(|c| c.get(&shown).copied()));
    let figure = |n: Option<u32>| n.map_or_else(|| "–".to_owned(), |n| format::count(i64::from(n)));
    view! {
        <aside class="drawer drawer-over" aria-label="Concept">
            <header><h2 class="truncate">{move || concept.value.get().and_then(|r| r.concept.as_ref().map(|c| c.name.clone()))}</h2><span class="push"></span>
                <button type="button" class="btn iconly quiet" aria-label="Copy link" title="Copy link" on:click=move |_| { if let Some(href) = web_sys::window().and_then(|w| w.location().href().ok()) { copy(&href); context.good("Link copied"); } }><Icon name="link"/></button>
                <button type="button" class="btn iconly quiet" aria-label="Close concept" title="Close" on:click=move |_| close.run(())><Icon name="x"/></button></header>
            <div class="scroll" tabindex="0" role="region" aria-label="Concept detail">
                {move || concept.error.get().map(|e| view! { <section><ErrorPanel what="The concept could not be opened" error=e/></section> })}
                <section class="stack-m">
                    <dl class="facts"><div><dt>"Positive inputs"</dt><dd>{move || figure(uses.get().map(|u| u.0))}</dd></div><div><dt>"Negative"</dt><dd>{move || figure(uses.get().map(|u| u.1))}</dd></div></dl>
                    {move || concept.value.get().and_then(|r| r.concept.clone()).map(|c| view! { <Edit concept=c/> })}
                </section>
                <Relations concept=id.clone()/>
                <Languages concept=id.clone()/>
            </div>
        </aside>
    }
}

/// Name, definition and metadata in fields.
#[component]
fn Edit(concept: Concept) -> impl IntoView {
    let context = context();
    let id = StoredValue::new(concept.id.clone());
    let before = concept.metadata.filter(|m| !m.is_empty());
    let pretty = before.as_ref().and_then(|m| serde_json::to_string_pretty(m).ok()).unwrap_or_default();
    let (name, definition, metadata) =
        (RwSignal::new(concept.name), RwSignal::new(concept.definition), RwSignal::new(pretty));
    let wrong = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<Arc<Error>>);
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let text = metadata.get_untracked();
        let parsed = if text.trim().is_empty() { Ok(None) } else { serde_json::from_slice(text.as_bytes()).map(Some) };
        let metadata = match parsed {
            Ok(metadata) => metadata,
            Err(error) => return wrong.set(Some(format!("This is no JSON object: {error}"))),
        };
        wrong.set(None);
        let changed = Concept {
            id: id.get_value(),
            name: name.get_untracked(),
            definition: definition.get_untracked(),
            metadata,
            ..Concept::default()
        };
        spawn_local(async move {
            let action = "overwrite".to_owned();
            let op = PatchConcepts { user_app_id: scope(context), action, concepts: vec![changed] };
            match mutate(context, &op).await {
                Ok(_) => {
                    failed.try_set(None);
                    context.good("Concept changed");
                }
                Err(error) => {
                    failed.try_set(Some(Arc::new(error)));
                }
            }
        });
    };
    view! {
        <form class="stack-m" on:submit=submit>
            {move || failed.get().map(|e| view! { <ErrorPanel what="The concept was not changed" error=e/> })}
            <TextField label="Name" value=name required=true/>
            <TextField label="Definition" value=definition rows=3/>
            <details open=before.is_some()><summary class="small muted">"Metadata"</summary>
                <label class="field"><span class="vh">"Metadata as a JSON object"</span><textarea class="input mono" rows="4" spellcheck="false" placeholder="{ \"wordnet\": \"n03005231\" }" aria-invalid=move || wrong.get().is_some().to_string()
                    prop:value=metadata on:input=move |e| metadata.set(event_target_value(&e))></textarea>
                    {move || wrong.get().map(|why| view! { <span class="error" role="alert"><Icon name="bad"/>{why}</span> })}</label></details>
            <p class="small muted"><span class="mono">{id.get_value()}</span>" · made "{format::time(concept.created_at)}</p>
            <div class="row"><button type="submit" class="btn">"Save"</button></div>
        </form>
    }
}
