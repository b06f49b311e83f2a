use super::Icon;
use leptos::prelude::*;
use std::fmt;
use std::sync::Arc;

/// What can be done about a message.
#[derive(Clone)]
pub enum Action {
    /// A page to look at: what stands on the link, and its address.
    Open(String, String),
    /// Takes back what the message tells.
    Undo(Arc<dyn Fn() + Send + Sync>),
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(word, to) => write!(f, "Open({word}, {to})"),
            Self::Undo(_) => f.write_str("Undo"),
        }
    }
}

/// One message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Tells messages apart.
    pub id: u32,
    /// Did it go well? What failed stays until it is closed.
    pub good: bool,
    /// What happened.
    pub title: String,
    /// Why, and what to do.
    pub detail: String,
    /// What can be done about it.
    pub action: Option<Action>,
}

/// Messages at the corner of the page, three at most.
#[component]
pub fn Toasts(#[prop(into)] messages: Signal<Vec<Message>>, close: Callback<u32>) -> impl IntoView {
    view! {
        <div class="toasts" role="region" aria-label="Messages" aria-live="polite">
            <For each=move || messages.get() key=|m| m.id children=move |Message { id, good, title, detail, action }| view! {
                <div class=if good { "toast ok" } else { "toast bad" } role=if good { "status" } else { "alert" }>
                    <Icon name=if good { "ok" } else { "bad" }/>
                    <div class="txt"><strong>{title}</strong>{(!detail.is_empty()).then(|| view! { <p class="small muted">{detail}</p> })}</div>
                    {action.map(|action| match action {
                        Action::Open(word, to) => view! { <a class="btn s" href=to on:click=move |_| close.run(id)>{word}</a> }.into_any(),
                        Action::Undo(undo) => view! { <button type="button" class="btn s" on:click=move |_| { undo(); close.run(id); }><Icon name="undo"/>"Undo"</button> }.into_any(),
                    })}
                    <button type="button" class="btn iconly quiet s" aria-label="Close message" on:click=move |_| close.run(id)><Icon name="x"/></button>
                </div>
            }/>
        </div>
    }
}
