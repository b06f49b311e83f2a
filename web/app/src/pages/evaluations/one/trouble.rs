//! Why an answer did not come, and what to do.

use crate::components::Icon;
use crate::explore::Asked;
use crate::worker::WorkerError;
use leptos::prelude::*;

/// What a user can do about it.
fn advice(error: &WorkerError) -> &'static str {
    match error {
        WorkerError::Failed(_) => "Choose other settings, or reload the page to compute anew.",
        WorkerError::Panicked(_) | WorkerError::NotLoaded(_) => {
            "Reload the page; the evaluation itself is not touched."
        }
        WorkerError::OtherVersion => "Reload the page.",
    }
}

#[component]
pub(in super::super) fn Trouble(asked: Asked, what: &'static str) -> impl IntoView {
    move || {
        asked.error.get().map(|error| {
            let reload = |_| drop(window().location().reload());
            view! {
                <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>{what}</strong><span>{error.to_string()}</span><span>{advice(&error)}</span></div>
                    <button type="button" class="btn s" on:click=reload>"Reload"</button></div>
            }
        })
    }
}
