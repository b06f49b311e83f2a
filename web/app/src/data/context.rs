//! What the whole workbench shares.

use crate::components::{Action, Message};
use labelscope_api::messages::UserAppIdSet;
use labelscope_client::Error;
use leptos::prelude::*;

/// Signals of the whole workbench.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    /// The app of the address.
    pub app: RwSignal<String>,
    /// Rises when the server tells that something was written.
    pub revision: RwSignal<u32>,
    /// Rises when a job has moved.
    pub jobs: RwSignal<u32>,
    /// Messages on the screen; failures stay until they are closed.
    pub toasts: RwSignal<Vec<Message>>,
    /// All messages so far, newest first.
    pub log: RwSignal<Vec<Message>>,
    /// Is the server there?
    pub connected: RwSignal<bool>,
}

pub(crate) fn provide() -> Context {
    let context = Context {
        app: RwSignal::new("demo".to_owned()),
        revision: RwSignal::new(0),
        jobs: RwSignal::new(0),
        toasts: RwSignal::new(Vec::new()),
        log: RwSignal::new(Vec::new()),
        connected: RwSignal::new(true),
    };
    provide_context(context);
    context
}

/// The shared signals. Outside of the workbench, as in tests of components, fresh ones.
pub(crate) fn context() -> Context {
    use_context().unwrap_or_else(provide)
}

/// The scope of calls: the user of the session or the connection, and the app of the address.
pub(crate) fn scope(context: Context) -> UserAppIdSet {
    UserAppIdSet { user_id: user(), app_id: context.app.get_untracked() }
}

/// Whose apps are worked on.
pub(crate) fn user() -> String {
    super::current().map(|c| c.user_id.clone()).filter(|u| !u.is_empty()).unwrap_or_else(|| "me".to_owned())
}

impl Context {
    /// Tells that something went well.
    pub fn good(self, title: impl Into<String>) {
        self.tell(true, title.into(), String::new(), None);
    }

    /// The same, with what can be done about it.
    pub fn good_with(self, title: impl Into<String>, action: Action) {
        self.tell(true, title.into(), String::new(), Some(action));
    }

    /// Tells a failure: what failed, why, and what to do.
    pub fn failed(self, what: &str, error: &Error) {
        self.tell(false, what.to_owned(), format!("{error} {}", error.advice()), None);
    }

    fn tell(self, good: bool, title: String, detail: String, action: Option<Action>) {
        let Some(id) = self.log.try_with(|log| log.len() as u32) else { return };
        // An undo holds for the moment; the log keeps the words.
        let toast = Message { id, good, title, detail, action };
        let lasting = toast.action.is_some();
        self.log.update(|log| log.insert(0, Message { action: None, ..toast.clone() }));
        self.toasts.update(|shown| {
            shown.push(toast);
            // Three at most; what went well goes first.
            while shown.len() > 3 {
                let gone = shown.iter().position(|t| t.good).unwrap_or(0);
                shown.remove(gone);
            }
        });
        if good {
            let toasts = self.toasts;
            leptos::task::spawn_local(async move {
                labelscope_client::sleep_ms(if lasting { 12_000 } else { 6000 }).await;
                let _ = toasts.try_update(|shown| shown.retain(|t| t.id != id));
            });
        }
    }
}
