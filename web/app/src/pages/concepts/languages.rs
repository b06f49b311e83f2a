//! What a concept is called in other languages, side by side.

use crate::components::{ErrorPanel, Icon, TextField};
use crate::data::{context, mutate, query, scope};
use crate::languages::{LANGUAGES, direction, name};
use labelscope_api::messages::ConceptLanguage;
use labelscope_api::operations::{ListConceptLanguages, PatchConceptLanguages, PostConceptLanguages};
use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

#[component]
pub(super) fn Languages(concept: String) -> impl IntoView {
    let context = context();
    let concept = StoredValue::new(concept);
    let list = query(move || {
        Some(ListConceptLanguages {
            user_app_id: scope(context),
            concept_id: concept.get_value(),
            per_page: 1000,
            ..ListConceptLanguages::default()
        })
    });
    let adding = RwSignal::new(false);
    // The code of the row that is edited.
    let editing = RwSignal::new(None::<String>);
    let many = move || list.value.get().map(|r| r.concept_languages.len()).unwrap_or_default();
    view! {
        <section aria-labelledby="concept-languages"><h3 id="concept-languages">"Languages"<span class="count">{many}</span><span class="push">
            <button type="button" class="btn iconly quiet s" aria-label="Add a language" title="Add a language" aria-expanded=move || adding.get().to_string() on:click=move |_| adding.update(|a| *a = !*a)><Icon name="plus"/></button></span></h3>
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The languages could not be listed" error=e/> })}
            {move || adding.get().then(|| {
                let known = list.value.get_untracked().map(|r| r.concept_languages.iter().map(|l| l.id.clone()).collect()).unwrap_or_default();
                view! { <Words concept=concept known=known entry=None close=Callback::new(move |()| adding.set(false))/> }
            })}
            <ul class="words">{move || list.value.get().map(|r| r.concept_languages.iter().enumerate().map(|(i, l)| {
                let entry = l.clone();
                if editing.get().as_ref() == Some(&l.id) {
                    return view! { <li><Words concept=concept known=Vec::new() entry=Some(entry) close=Callback::new(move |()| editing.set(None))/></li> }.into_any();
                }
                let code = l.id.clone();
                view! { <li>
                    <span class="mono faint">{l.id.clone()}</span><span class="muted truncate">{name(&l.id).to_owned()}{(i == 0).then(|| view! { " "<span class="tag">"default"</span> })}</span>
                    <span class="said" lang=l.id.clone() dir=direction(&l.id)>{l.name.clone()}</span>
                    <button type="button" class="btn iconly quiet s" aria-label=format!("Edit {}", name(&l.id)) title="Edit" on:click=move |_| editing.set(Some(code.clone()))><Icon name="edit"/></button>
                    {(!l.definition.is_empty() && i > 0).then(|| view! { <span class="means small faint" lang=l.id.clone() dir=direction(&l.id)>{l.definition.clone()}</span> })}
                </li> }.into_any()
            }).collect_view())}</ul>
        </section>
    }
}

/// The words of one language: a new one, or one that is there.
#[component]
fn Words(
    concept: StoredValue<String>,
    known: Vec<String>,
    entry: Option<ConceptLanguage>,
    close: Callback<()>,
) -> impl IntoView {
    let context = context();
    let new = entry.is_none();
    let old = entry.unwrap_or_default();
    let called = if new { "it".to_owned() } else { name(&old.id).to_owned() };
    let (code, said, means) = (RwSignal::new(old.id), RwSignal::new(old.name), RwSignal::new(old.definition));
    let failed = RwSignal::new(None::<Arc<Error>>);
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let words = ConceptLanguage {
            id: code.get_untracked().trim().to_owned(),
            name: said.get_untracked().trim().to_owned(),
            definition: means.get_untracked(),
        };
        spawn_local(async move {
            let (user_app_id, concept_id) = (scope(context), concept.get_value());
            let told = format!("{} saved", name(&words.id));
            let concept_languages = vec![words];
            let outcome = if new {
                mutate(context, &PostConceptLanguages { user_app_id, concept_id, concept_languages }).await
            } else {
                let action = "overwrite".to_owned();
                mutate(context, &PatchConceptLanguages { user_app_id, concept_id, concept_languages, action }).await
            };
            match outcome {
                Ok(_) => {
                    context.good(told);
                    close.try_run(());
                }
                Err(error) => {
                    failed.try_set(Some(Arc::new(error)));
                }
            }
        });
    };
    let way = move || direction(&code.get());
    view! {
        <form class="inset" on:submit=submit>
            {move || failed.get().map(|e| view! { <ErrorPanel what="The words were not saved" error=e/> })}
            {new.then(|| {
                let offered = LANGUAGES.iter().filter(|l| !known.iter().any(|k| k == l.0)).map(|(code, english, own)| {
                    let text = if english == own { (*english).to_owned() } else { format!("{own} · {english}") };
                    view! { <option value=*code>{text}</option> }
                }).collect_view();
                view! { <label class="field"><span>"Language"</span>
                    <input class="input" required list="language-codes" autocomplete="off" spellcheck="false" placeholder="code, such as de or zh-TW" prop:value=code on:input=move |e| code.set(event_target_value(&e))/>
                    <datalist id="language-codes">{offered}</datalist><span class="hint">{move || code.with(|c| { let n = name(c.trim()); if n == c.trim() { String::new() } else { n.to_owned() } })}</span></label> }
            })}
            <div lang=move || code.get() dir=way class="stack-m">
                <TextField label=format!("Name in {}", if new { "this language" } else { &called }) value=said required=true/>
                <TextField label=format!("Meaning in {}", if new { "this language" } else { &called }) value=means rows=2/>
            </div>
            <div class="row"><button type="submit" class="btn s primary">"Save words"</button><button type="button" class="btn s" on:click=move |_| close.run(())>"Cancel"</button></div>
        </form>
    }
}
