//! The dialog that adds or changes a connection. A token stays in its field until it is sent, and is nowhere else.

use crate::components::Action;
use crate::components::{Dialog, ErrorPanel, TextField};
use crate::data::{add_direct, context, forget, mutate_own};
use crate::routes;
use crate::switch::name;
use labelscope_api::extensions::{Connection, PatchConnection, PostConnection};
use labelscope_api::wire::Secret;
use labelscope_client::Error;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The platform's address.
const PLATFORM: &str = "https://api.clarifai.com";

/// Scheme, host and port of an address, or nothing where it is none.
fn origin(address: &str) -> Option<String> {
    let uri: http::Uri = address.trim().parse().ok()?;
    let scheme = uri.scheme_str().filter(|s| ["http", "https"].contains(s))?;
    let authority = uri.authority().filter(|a| !a.as_str().contains('@'))?;
    matches!(uri.path(), "" | "/").then(|| format!("{scheme}://{authority}"))
}

/// What a list says, comma between.
fn list(text: &str) -> Vec<String> {
    text.split([',', ' ']).map(str::trim).filter(|h| !h.is_empty()).map(str::to_owned).collect()
}

/// Open while something is added, or while there is one to be changed.
#[component]
pub(super) fn Form(
    open: RwSignal<bool>,
    editing: RwSignal<Option<Connection>>,
    /// Can the page's own server pass calls on, as far as is known?
    #[prop(into)]
    gateway: Signal<Option<bool>>,
) -> impl IntoView {
    let context = context();
    let [title, address, user, app, hosts] = [(); 5].map(|()| RwSignal::new(String::new()));
    let straight = RwSignal::new(false);
    let token = NodeRef::<html::Input>::new();
    let failed = RwSignal::new(None::<Arc<Error>>);
    let wrong = RwSignal::new(false);
    let shown = RwSignal::new(false);
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        let old = editing.get();
        if !open.get() && old.is_none() {
            return;
        }
        straight.set(old.is_none() && gateway.get_untracked() == Some(false));
        failed.set(None);
        wrong.set(false);
        let old = old.unwrap_or_else(|| Connection { base_url: PLATFORM.to_owned(), ..Connection::default() });
        title.set(old.name);
        address.set(old.base_url);
        user.set(old.user_id);
        app.set(old.app_id);
        hosts.set(old.media_hosts.join(", "));
        shown.set(true);
    });
    Effect::new(move |_| {
        if !shown.get() {
            open.set(false);
            editing.set(None);
        }
    });
    // A token goes to the address that it was given for, and to no other.
    let moved = move || editing.get().is_some_and(|old| origin(&address.get()) != origin(&old.base_url));
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(base_url) = origin(&address.get_untracked()) else { return wrong.set(true) };
        let connection = Connection {
            name: title.get_untracked().trim().to_owned(),
            base_url,
            media_hosts: list(&hosts.get_untracked()),
            user_id: user.get_untracked().trim().to_owned(),
            app_id: app.get_untracked().trim().to_owned(),
            ..Connection::default()
        };
        let given = token.get_untracked().map(|field| {
            let text = field.value();
            field.set_value("");
            text.trim().to_owned()
        });
        let given = given.unwrap_or_default();
        wrong.set(false);
        failed.set(None);
        let done = move |id: &str, connection: &Connection, what: &str| {
            let action = Action::Open("Open it".to_owned(), routes::through(id));
            context.good_with(format!("Connection {} {what}", name(connection)), action);
            shown.try_set(false);
        };
        if straight.get_untracked() {
            let id = add_direct(connection.clone(), given);
            return done(&id, &connection, "added for this tab");
        }
        busy.set(true);
        let old = editing.get_untracked();
        spawn_local(async move {
            let (what, outcome) = if let Some(old) = old {
                let op = PatchConnection {
                    connection_id: old.id.clone(),
                    connection: Some(connection),
                    token: Secret(given),
                    ..PatchConnection::default()
                };
                // Its client may be one for another address.
                forget(&old.id);
                ("changed", mutate_own(context, &op).await)
            } else {
                let (connection, token) = (Some(connection), Secret(given));
                ("added", mutate_own(context, &PostConnection { connection, token, ..PostConnection::default() }).await)
            };
            busy.try_set(false);
            match outcome {
                Ok(reply) => {
                    let made = reply.connection.unwrap_or_default();
                    done(&made.id, &made, what);
                }
                Err(error) => {
                    failed.try_set(Some(Arc::new(error)));
                }
            }
        });
    };
    let adds = move || editing.get().is_none();
    let head = Signal::derive(move || {
        editing.get().map_or_else(|| "Add connection".to_owned(), |c| format!("Edit {}", name(&c)))
    });
    view! {
        <Dialog open=shown title=head>
            <form id="connection" class="body" autocomplete="off" on:submit=submit>
                {move || failed.get().map(|e| view! { <ErrorPanel what="The connection was not kept" error=e/><p class="small muted">"Enter the token again: the page does not remember it."</p> })}
                {move || adds().then(|| view! { <fieldset class="stack-s"><legend class="label">"How calls go"</legend>
                    <label class="check"><input type="radio" name="way" disabled=move || gateway.get() == Some(false) prop:checked=move || !straight.get() on:change=move |_| straight.set(false)/><span>"Through this server, which keeps the token"</span></label>
                    <label class="check"><input type="radio" name="way" prop:checked=straight on:change=move |_| straight.set(true)/><span>"Directly from this page (token is kept until the tab closes)"</span></label>
                    {move || straight.get().then(|| view! { <p class="small muted">"The other server must allow calls from pages of this address (CORS)."</p> })}
                </fieldset> })}
                <TextField label="Name" value=title required=true placeholder="Platform"/>
                <label class="field"><span>"Address"</span>
                    <input class="input" inputmode="url" required spellcheck="false" placeholder=PLATFORM aria-invalid=move || wrong.get().then_some("true") prop:value=address on:input=move |e| { wrong.set(false); address.set(event_target_value(&e)); }/>
                    {move || if wrong.get() { view! { <span class="error" role="alert">"An address is a scheme, a host and perhaps a port: https://api.clarifai.com"</span> }.into_any() }
                        else if moved() { view! { <span class="hint">"Another address needs the token anew."</span> }.into_any() }
                        else { view! { <span class="hint">"The platform is at https://api.clarifai.com."</span> }.into_any() }}</label>
                <label class="field"><span>"Token"</span>
                    <input class="input" type="password" autocomplete="off" spellcheck="false" node_ref=token required=move || adds() || moved()/>
                    {move || (!adds() && !moved()).then(|| view! { <span class="hint">"Leave it empty to keep the one that is there."</span> })}</label>
                <div class="pair">
                    <TextField label="User id" value=user placeholder="me"/>
                    <TextField label="App id" value=app/>
                </div>
                <p class="small muted">"Whose apps are shown, and which is opened first. Without them, those of the token’s owner."</p>
                {move || (!straight.get()).then(|| view! { <details class="more"><summary>"Files from other hosts"</summary><div class="stack-m">
                    <TextField label="Hosts" value=hosts placeholder="data.clarifai.com" hint="Pictures are fetched from these too, without the token. Comma between."/></div></details> })}
            </form>
            <footer><button type="button" class="btn" on:click=move |_| shown.set(false)>"Cancel"</button>
                <button type="submit" form="connection" class="btn primary" disabled=busy>{move || if adds() { "Add connection" } else { "Save" }}</button></footer>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_origins() {
        for (typed, taken) in [
            ("https://api.clarifai.com", Some("https://api.clarifai.com")),
            (" http://127.0.0.1:8080/ ", Some("http://127.0.0.1:8080")),
            ("https://host/v2", None),
            ("https://user:secret@host", None),
            ("api.clarifai.com", None),
            ("ftp://host", None),
            ("", None),
        ] {
            assert_eq!(origin(typed).as_deref(), taken, "{typed}");
        }
    }

    #[test]
    fn hosts_stand_between_commas() {
        assert_eq!(list("a.example, b.example:81 ,,c"), ["a.example", "b.example:81", "c"]);
        assert!(list(" ").is_empty());
    }
}
