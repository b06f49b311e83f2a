use super::Dialog;
use leptos::prelude::*;

/// Asks before something is deleted: it says what goes, and wants the word to be typed where much is at stake.
#[component]
pub fn Confirm(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// What must be typed, if anything.
    #[prop(optional, into)]
    word: Option<Signal<String>>,
    /// What stands on the button, verb first.
    button: &'static str,
    confirm: Callback<()>,
    /// What goes with it.
    children: ChildrenFn,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    Effect::new(move |_| {
        if open.get() {
            typed.set(String::new());
        }
    });
    let right = move || word.is_none_or(|word| typed.get() == word.get());
    let children = StoredValue::new(children);
    view! {
        <Dialog open=open title=title>
            <form id="confirm" class="body" on:submit=move |e| { e.prevent_default(); if untrack(right) { confirm.run(()); } }>
                {children.with_value(|c| c())}
                {word.map(|word| view! { <label class="field"><span>"Type "<strong>{move || word.get()}</strong>" to delete it"</span><input class="input" autocomplete="off" prop:value=typed on:input=move |e| typed.set(event_target_value(&e))/></label> })}
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <button type="submit" form="confirm" class="btn danger" disabled=move || !right()>{button}</button></footer>
        </Dialog>
    }
}
