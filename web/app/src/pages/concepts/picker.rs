//! A field that finds a concept as one types.

use super::list::by_name;
use crate::data::{context, query};
use labelscope_api::messages::Concept;
use leptos::prelude::*;

/// Concepts that are offered at most.
const OFFERED: u32 = 8;

/// ↑ ↓ move, Enter picks, Escape closes the list.
#[component]
pub(super) fn Picker(#[prop(into)] label: Signal<String>, pick: Callback<Concept>) -> impl IntoView {
    let context = context();
    let text = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let found = query(move || {
        let name = text.get().trim().to_owned();
        (!name.is_empty()).then(|| by_name(context, &name, String::new(), 1, OFFERED))
    });
    let options = Memo::new(move |_| {
        if text.with(|t| t.trim().is_empty()) {
            return Vec::new();
        }
        found.value.get().map(|r| r.concepts.clone()).unwrap_or_default()
    });
    let none = move || !text.with(|t| t.trim().is_empty()) && found.value.get().is_some_and(|r| r.concepts.is_empty());
    let choose = move |concept: Concept| {
        text.set(String::new());
        at.set(0);
        pick.run(concept);
    };
    let on_key = move |e: web_sys::KeyboardEvent| {
        let last = options.with_untracked(Vec::len).saturating_sub(1);
        match e.key().as_str() {
            "ArrowDown" => at.update(|a| *a = (*a + 1).min(last)),
            "ArrowUp" => at.update(|a| *a = a.saturating_sub(1)),
            "Enter" => {
                if let Some(concept) = options.with_untracked(|o| o.get(at.get_untracked()).cloned()) {
                    choose(concept);
                }
            }
            "Escape" if text.with_untracked(|t| !t.is_empty()) => text.set(String::new()),
            _ => return,
        }
        e.prevent_default();
    };
    view! {
        <div class="picker">
            <label class="field"><span>{move || label.get()}</span>
                <input class="input" type="text" role="combobox" autocomplete="off" spellcheck="false" aria-autocomplete="list" aria-controls="picker-list" placeholder="Type a name"
                    aria-expanded=move || (!options.with(Vec::is_empty)).to_string() aria-activedescendant=move || (!options.with(Vec::is_empty)).then(|| format!("picker-{}", at.get()))
                    prop:value=text on:input=move |e| { text.set(event_target_value(&e)); at.set(0); } on:keydown=on_key/></label>
            <div id="picker-list" role="listbox" aria-label="Concepts found" hidden=move || options.with(Vec::is_empty)>
                {move || options.get().into_iter().enumerate().map(|(i, concept)| {
                    let note = if concept.id == concept.name { String::new() } else { concept.id.clone() };
                    let name = concept.name.clone();
                    view! { <div role="option" id=format!("picker-{i}") aria-selected=move || (at.get() == i).to_string() on:mousemove=move |_| if at.get_untracked() != i { at.set(i); }
                        on:mousedown=|e| e.prevent_default() on:click=move |_| choose(concept.clone())><span class="truncate">{name}</span><span class="small faint truncate">{note}</span></div> }
                }).collect_view()}
            </div>
            {move || none().then(|| view! { <p class="small faint" role="status">"No concept of that name"</p> })}
        </div>
    }
}
