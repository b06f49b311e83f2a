use super::Icon;
use leptos::prelude::*;

/// One message: id, whether it went well, title, detail.
pub type Message = (u32, bool, String, String);

/// Messages at the corner of the page, three at most. What failed stays until it is closed.
#[component]
pub fn Toasts(#[prop(into)] messages: Signal<Vec<Message>>, close: Callback<u32>) -> impl IntoView {
    view! {
        <div class="toasts" role="region" aria-label="Messages" aria-live="polite">
            <For each=move || messages.get() key=|m| m.0 children=move |(id, good, title, detail)| view! {
                <div class=if good { "toast ok" } else { "toast bad" } role=if good { "status" } else { "alert" }>
                    <Icon name=if good { "ok" } else { "bad" }/>
                    <div class="txt"><strong>{title}</strong>{(!detail.is_empty()).then(|| view! { <p class="small muted">{detail}</p> })}</div>
                    <button type="button" class="btn iconly quiet s" aria-label="Close message" on:click=move |_| close.run(id)><Icon name="x"/></button>
                </div>
            }/>
        </div>
    }
}
