//! The top bar's word on which server is worked on, and the way to another.

use crate::components::{Dialog, ErrorPanel, Icon};
use crate::data::{context, current, direct, query_own};
use crate::routes;
use labelscope_api::extensions::{Connection, ListConnections};
use leptos::prelude::*;

/// What a connection is called.
pub(crate) fn name(connection: &Connection) -> String {
    if connection.name.is_empty() { connection.id.clone() } else { connection.name.clone() }
}

#[component]
pub(crate) fn ConnectionSwitch() -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let listed = query_own(move || open.get().then(ListConnections::default));
    let word = move || match current() {
        _ if !context.connected.get() => "Not connected".to_owned(),
        None => "Local engine".to_owned(),
        Some(c) => name(&c),
    };
    let others = move || {
        let all = listed.value.get().map(|r| r.connections.clone()).unwrap_or_default();
        let rows = all.into_iter().chain(direct()).map(|c| place(&c.id, name(&c), c.base_url.clone(), open));
        rows.collect_view()
    };
    view! {
        <button type="button" class="conn" class:away=move || current().is_some() aria-haspopup="dialog" title="Switch the server"
            aria-label=move || format!("Server: {}. Switch server", word()) on:click=move |_| open.set(true)>
            <span class="dot" style=move || if context.connected.get() { "--c:var(--ok-solid)" } else { "--c:var(--bad-solid)" }></span>
            <span class="txt">{word}</span>
        </button>
        <span class="vh" role="status">{move || (!context.connected.get()).then_some("The server cannot be reached")}</span>
        <Dialog open=open title="Servers">
            <div class="body">
                {move || listed.error.get().map(|e| view! { <ErrorPanel what="The connections could not be listed" error=e/> })}
                <ul class="places">
                    {place("", "This server".to_owned(), "The local engine".to_owned(), open)}
                    {others}
                </ul>
            </div>
            <footer><a class="btn" href=move || routes::settings(&context.app.get(), "connections") on:click=move |_| open.set(false)>"Settings"</a><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button></footer>
        </Dialog>
    }
}

/// A server to go to.
fn place(id: &str, name: String, about: String, open: RwSignal<bool>) -> impl IntoView + use<> {
    let here = current().map(|c| c.id.clone()).unwrap_or_default() == id;
    view! {
        <li><a href=routes::through(id) aria-current=here.then_some("true") on:click=move |_| open.set(false)>
            <Icon name=if id.is_empty() { "datasets" } else { "globe" }/>
            <span class="who"><span class="strong">{name}</span><span class="small faint truncate">{about}</span></span>
            {here.then(|| view! { <span class="push"><Icon name="check"/></span> })}</a></li>
    }
}
