use leptos::html;
use leptos::prelude::*;

/// A modal dialog on the native element: it keeps the focus, closes with Escape, and gives the focus back.
#[component]
pub fn Dialog(
    /// Is it open? Closing it by Escape sets this too.
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] class: String,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog node_ref=node class=format!("dialog {class}") aria-label=move || title.get() on:close=move |_| open.set(false)>
            {move || open.get().then(|| view! {
                <header><h2>{move || title.get()}</h2></header>
                {children()}
            })}
        </dialog>
    }
}
