//! Which server the page works on: its own, another through the own one's gateway, or another straight from here.
//!
//! What the address says holds for the whole page, so it is kept outside of components: addresses, clients and caches ask
//! for it. A token of a connection that goes straight is in its client alone, and ends with the page.

use labelscope_api::extensions::{Connection, GATEWAY_PATH};
use labelscope_api::wire::encode_segment;
use labelscope_client::{Auth, Client, Policies, fetch};
use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

thread_local! {
    /// The connection of the address; none is the own server.
    static CURRENT: ArcRwSignal<Option<Arc<Connection>>> = ArcRwSignal::new(None);
    /// Those that go straight from this page.
    static DIRECT: ArcRwSignal<Vec<Connection>> = ArcRwSignal::new(Vec::new());
    static CLIENTS: RefCell<HashMap<String, Client>> = RefCell::default();
    static OWN: Client = Client::new(&origin(), Auth::Session, fetch());
}

fn origin() -> String {
    web_sys::window().and_then(|w| w.location().origin().ok()).unwrap_or_default()
}

/// The connection that is worked through; none on the own server. Who asks in a reactive place is told of changes.
pub(crate) fn current() -> Option<Arc<Connection>> {
    CURRENT.with(|c| if Observer::get().is_some() { c.get() } else { c.get_untracked() })
}

/// Works through another connection from now on.
pub(crate) fn enter(connection: Option<Connection>) {
    CURRENT.with(|c| {
        if c.with_untracked(|now| now.as_deref() != connection.as_ref()) {
            c.set(connection.map(Arc::new));
        }
    });
}

/// Does the page work on its own server, which alone has the extensions of the API?
pub(crate) fn is_own() -> bool {
    current().is_none()
}

/// The client of the server that is worked on.
pub(crate) fn client() -> Client {
    CURRENT.with(ArcRwSignal::get_untracked).map_or_else(own, |c| client_of(&c))
}

/// The client of the page's own origin, by the session's cookie.
pub(crate) fn own() -> Client {
    OWN.with(Clone::clone)
}

/// The client of a connection. Clients of the platform share its throttle, so each is made once.
pub(crate) fn client_of(connection: &Connection) -> Client {
    let through = || {
        let base = format!("{}{GATEWAY_PATH}/{}", origin(), encode_segment(&connection.id));
        Client::new(&base, Auth::Session, fetch()).with_policies(Policies::for_base(&connection.base_url))
    };
    CLIENTS.with(|all| all.borrow_mut().entry(connection.id.clone()).or_insert_with(through).clone())
}

/// The connection was changed or is gone; its client goes.
pub(crate) fn forget(id: &str) {
    CLIENTS.with(|all| all.borrow_mut().remove(id));
    DIRECT.with(|d| d.update(|d| d.retain(|c| c.id != id)));
}

/// Connections that go straight from this page.
pub(crate) fn direct() -> Vec<Connection> {
    DIRECT.with(|d| if Observer::get().is_some() { d.get() } else { d.get_untracked() })
}

/// Does it go straight from this page?
pub(crate) fn is_direct(id: &str) -> bool {
    DIRECT.with(|d| d.with_untracked(|d| d.iter().any(|c| c.id == id)))
}

/// Adds a connection that goes straight from this page, and gives its id. Ids that servers make of names have no dot.
pub(crate) fn add_direct(mut connection: Connection, token: String) -> String {
    let taken = direct().into_iter().filter_map(|c| c.id.strip_prefix("direct.")?.parse::<u32>().ok()).max();
    let id = format!("direct.{}", taken.unwrap_or(0) + 1);
    connection.id.clone_from(&id);
    let client = Client::new(&connection.base_url, Auth::key(token), fetch());
    CLIENTS.with(|all| all.borrow_mut().insert(id.clone(), client));
    DIRECT.with(|d| d.update(|d| d.push(connection)));
    id
}

/// The address under which this page gets a file of the server that is worked on; none where that would need the token,
/// which stands in no address.
pub(crate) fn media(url: &str) -> Option<String> {
    let Some(connection) = current() else { return Some(url.to_owned()) };
    media_of(&connection, is_direct(&connection.id), url)
}

fn media_of(connection: &Connection, straight: bool, url: &str) -> Option<String> {
    let whole = if url.starts_with('/') {
        format!("{}{url}", connection.base_url.trim_end_matches('/'))
    } else {
        url.to_owned()
    };
    let by_token = whole.starts_with(connection.base_url.trim_end_matches('/'));
    // What lies in the page itself is fetched from nowhere.
    if straight || whole.starts_with("data:") {
        return (!by_token).then_some(whole);
    }
    Some(format!("{GATEWAY_PATH}/{}/media?url={}", encode_segment(&connection.id), crate::routes::value(&whole)))
}

#[cfg(test)]
#[cfg(target_family = "wasm")]
#[path = "connection_tests.rs"]
mod in_browser;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_through_the_gateway_with_their_whole_address() {
        let c =
            Connection { id: "the platform".into(), base_url: "https://h.example/".into(), ..Connection::default() };
        let through = |url| media_of(&c, false, url).unwrap_or_default();
        assert_eq!(
            through("https://data.example/a?b=1&c=%20+"),
            "/labelscope/v1/gateway/the%20platform/media?url=https:%2F%2Fdata.example%2Fa%3Fb=1%26c=%2520%2B"
        );
        assert_eq!(
            through("/m/small/1"),
            "/labelscope/v1/gateway/the%20platform/media?url=https:%2F%2Fh.example%2Fm%2Fsmall%2F1"
        );
        assert_eq!(through("data:image/png;base64,AA=="), "data:image/png;base64,AA==");
        // Straight from the page, what needs the token is out of reach.
        assert_eq!(media_of(&c, true, "/m/small/1"), None);
        assert_eq!(media_of(&c, true, "https://data.example/a").as_deref(), Some("https://data.example/a"));
    }
}
