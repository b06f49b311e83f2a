//! Connections: the page's own server, others that it passes calls on to, and others that the page calls itself.

use super::can;
use super::connection_form::Form;
use crate::components::{Confirm, ErrorPanel, Icon, Pill, Tone};
use crate::data::{Query, client_of, context, current, direct, forget, is_direct, mutate_own, own, query_own};
use crate::routes;
use crate::switch::name;
use labelscope_api::extensions::{Connection, DeleteConnection, InfoReply, ListConnections, TestConnection};
use labelscope_api::messages::UserAppIdSet;
use labelscope_api::operations::GetUser;
use labelscope_client::{Client, Error};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

#[component]
pub(super) fn Connections(info: Query<InfoReply>, making: RwSignal<bool>) -> impl IntoView {
    let gateway = Memo::new(move |_| can(info, "connections"));
    let listed = query_own(move || (gateway.get() == Some(true)).then(ListConnections::default));
    let editing = RwSignal::new(None::<Connection>);
    let deleting = RwSignal::new(None::<Connection>);
    let all = move || {
        let kept = listed.value.get().map(|r| r.connections.clone()).unwrap_or_default();
        kept.into_iter().chain(direct()).collect::<Vec<_>>()
    };
    let user = Memo::new(move |_| {
        info.value.get().and_then(|r| r.info.as_ref().map(|i| i.user_id.clone())).unwrap_or_default()
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Connections"><div class="page-body narrow">
            {move || info.error.get().map(|e| view! { <ErrorPanel what="The server did not say what it can do" error=e/> })}
            {move || listed.error.get().map(|e| view! { <ErrorPanel what="The connections could not be listed" error=e/> })}
            {move || (gateway.get() == Some(false)).then(|| view! { <p class="banner idle">"This server passes no calls on to others. A connection can still go directly from this page."</p> })}
            <ul class="card" aria-label="Servers">
                {move || view! { <Item connection=Connection { name: "This server".to_owned(), user_id: user.get(), fixed: true, ..Connection::default() } editing=editing deleting=deleting/> }}
                <For each=all key=|c| (c.id.clone(), format!("{c:?}")) children=move |c| view! { <Item connection=c editing=editing deleting=deleting/> }/>
            </ul>
            <p class="small muted">"Work through a connection from here or from the top bar. What the API has works there too; what this server adds to it does not: counts, imports, the list of jobs."</p>
        </div></div>
        <Form open=making editing=editing gateway=gateway/>
        <Delete connection=deleting/>
    }
}

/// Asks the other side who its token belongs to. What it refuses is no reason to sign in here again.
async fn test(connection: &Connection) -> Result<String, Error> {
    let whom = |client: Client| async move {
        let user_app_id = UserAppIdSet { user_id: "me".to_owned(), ..UserAppIdSet::default() };
        let reply = client.send(&GetUser { user_app_id, ..GetUser::default() }).await?;
        Ok(reply.user.map(|u| u.id).unwrap_or_default())
    };
    if connection.id.is_empty() {
        whom(own()).await
    } else if is_direct(&connection.id) {
        whom(client_of(connection)).await
    } else {
        let reply =
            own().send(&TestConnection { connection_id: connection.id.clone(), ..TestConnection::default() }).await?;
        Ok(reply.connection.map(|c| c.user_id).unwrap_or_default())
    }
}

#[derive(Clone)]
enum Tested {
    Not,
    Running,
    Good(String),
    Bad(Arc<Error>),
}

#[component]
fn Item(
    connection: Connection,
    editing: RwSignal<Option<Connection>>,
    deleting: RwSignal<Option<Connection>>,
) -> impl IntoView {
    let tested = RwSignal::new(Tested::Not);
    let title = name(&connection);
    let (own, straight) = (connection.id.is_empty(), is_direct(&connection.id));
    let asked = connection.clone();
    let run = move |_| {
        let connection = asked.clone();
        tested.set(Tested::Running);
        spawn_local(async move {
            tested.try_set(match test(&connection).await {
                Ok(user) => Tested::Good(user),
                Err(error) => Tested::Bad(Arc::new(error)),
            });
        });
    };
    let id = connection.id.clone();
    let here = move || current().map(|c| c.id.clone()).unwrap_or_default() == id;
    let token = match (own, straight, connection.has_token) {
        (true, ..) => "signed in by this browser",
        (_, true, _) => "token in this tab alone",
        (_, _, true) => "token kept by this server",
        _ => "no token",
    };
    let mut facts: Vec<(&'static str, String)> = Vec::new();
    for (word, value) in [("user", &connection.user_id), ("app", &connection.app_id)] {
        if !value.is_empty() {
            facts.push((word, value.clone()));
        }
    }
    let (edit, delete) = (connection.clone(), connection.clone());
    let changeable = !own && !connection.fixed;
    let about = if own { "The engine of this workbench".to_owned() } else { connection.base_url.clone() };
    view! {
        <li class="item place">
            <span class="faint"><Icon name=if own { "datasets" } else { "globe" }/></span>
            <div class="who">
                <div class="row wrap"><a class="lk strong" href=routes::through(&connection.id)>{title.clone()}</a>
                    {move || here().then(|| view! { <span class="tag">"in use"</span> })}
                    {(connection.fixed && !own).then(|| view! { <span class="tag">"set on the command line"</span> })}
                    {straight.then(|| view! { <span class="tag">"directly from this page"</span> })}</div>
                <div class="kv-line"><span class="wrap-anywhere">{about}</span>{facts.into_iter().map(|(word, value)| view! { <span>{word}" "<span class="mono">{value}</span></span> }).collect_view()}<span>{token}</span></div>
                <div role="status">{move || match tested.get() {
                    Tested::Running => view! { <Pill tone=Tone::Run text="Asking"/> }.into_any(),
                    Tested::Good(user) => view! { <span class="row wrap"><Pill tone=Tone::Ok text="Works"/><span class="small muted">"The token belongs to "<strong class="mono">{user}</strong></span></span> }.into_any(),
                    _ => ().into_any(),
                }}</div>
                {move || if let Tested::Bad(error) = tested.get() { Some(view! { <ErrorPanel what="The test failed" error=error/> }) } else { None }}
            </div>
            <div class="row push">
                <button type="button" class="btn s" aria-label=format!("Test {title}") disabled=move || matches!(tested.get(), Tested::Running) on:click=run>"Test"</button>
                {(changeable && !straight).then(|| view! { <button type="button" class="btn iconly quiet s" aria-label=format!("Edit {title}") title="Edit" on:click=move |_| editing.set(Some(edit.clone()))><Icon name="edit"/></button> })}
                {changeable.then(|| view! { <button type="button" class="btn iconly quiet s" aria-label=format!("Delete {title}") title="Delete" on:click=move |_| deleting.set(Some(delete.clone()))><Icon name="trash"/></button> })}
            </div>
        </li>
    }
}

#[component]
fn Delete(connection: RwSignal<Option<Connection>>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    Effect::new(move |_| {
        if connection.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            connection.set(None);
        }
    });
    let title = Signal::derive(move || format!("Delete {}", connection.get().as_ref().map(name).unwrap_or_default()));
    let confirm = Callback::new(move |()| {
        let Some(gone) = connection.get_untracked() else { return };
        spawn_local(async move {
            if !is_direct(&gone.id)
                && let Err(error) = mutate_own(
                    context,
                    &DeleteConnection { connection_id: gone.id.clone(), ..DeleteConnection::default() },
                )
                .await
            {
                return context.failed("The connection was not deleted", &error);
            }
            context.good(format!("Connection {} deleted", name(&gone)));
            open.try_set(false);
            let in_use = current().is_some_and(|c| c.id == gone.id);
            forget(&gone.id);
            if in_use {
                // Nothing is left to work on there.
                navigate.with_value(|go| go("/settings", NavigateOptions::default()));
            }
        });
    });
    view! {
        <Confirm open=open title=title button="Delete connection" confirm=confirm>
            <p>"The connection goes, and its token with it. Nothing changes on the other server."</p>
        </Confirm>
    }
}
