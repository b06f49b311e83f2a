//! A list of what the API has of one kind, asked for anew while something in it goes on.

use super::{Line, table};
use crate::components::ErrorPanel;
use crate::data::{Context, context, query, scope, tick_while};
use labelscope_api::operation::Paged;
use leptos::prelude::*;

/// Rows of a list, at most.
const ROWS: u32 = 100;

/// What is said of a kind, and done with one of it.
pub(super) struct Kind<T: 'static> {
    /// Above the reason why there is no list.
    pub failed: &'static str,
    /// Of an empty list: what is missing, and how it comes.
    pub none: (&'static str, &'static str),
    pub caption: &'static str,
    pub goes_on: fn(&T) -> bool,
    /// One of them in an app.
    pub line: fn(&str, &T) -> Line,
    /// Does what a button says.
    pub act: fn(Context, &'static str, T),
}

/// The list.
pub(super) fn followed<O>(kind: Kind<O::Item>) -> AnyView
where
    O: Paged + Default + 'static,
    O::Item: Clone + PartialEq + Send + Sync,
    O::Reply: Clone + Send + Sync + 'static,
{
    let context = context();
    let tick = RwSignal::new(0);
    let Kind { failed, none, caption, goes_on, line, act } = kind;
    let list = query(move || {
        tick.track();
        context.jobs.track();
        let _ = context.app.get();
        let (mut op, scope) = (O::default(), scope(context));
        op.set_path_param("user_app_id.user_id", scope.user_id);
        op.set_path_param("user_app_id.app_id", scope.app_id);
        op.set_page(1, ROWS);
        Some(op)
    });
    let items = Memo::new(move |_| list.value.get().map(|reply| O::items((*reply).clone())));
    tick_while(tick, move || items.with(|all| all.as_ref().is_some_and(|all| all.iter().any(goes_on))));
    let lines = Memo::new(move |_| {
        let app = context.app.get();
        items.with(|all| all.as_ref().map(|all| all.iter().map(|one| line(&app, one)).collect::<Vec<_>>()))
    });
    let act = Callback::new(move |(verb, id): (&'static str, String)| {
        let app = context.app.get_untracked();
        let all = items.get_untracked().unwrap_or_default();
        if let Some(one) = all.into_iter().find(|one| line(&app, one).id == id) {
            act(context, verb, one);
        }
    });
    let error = move || list.error.get().map(|e| view! { <ErrorPanel what=failed error=e/> }.into_any());
    table(lines, error, none, caption, act)
}
