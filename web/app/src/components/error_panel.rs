use super::Icon;
use labelscope_client::Error;
use leptos::prelude::*;
use std::sync::Arc;

/// A failure where it happened: what failed, why, its code and request id, and what to do.
#[component]
pub fn ErrorPanel(#[prop(into)] what: String, error: Arc<Error>) -> impl IntoView {
    let reference = match (error.code().0, error.req_id()) {
        (0, _) => String::new(),
        (code, "") => format!("code {code}"),
        (code, id) => format!("code {code} · req_id {id}"),
    };
    let why = match error.status() {
        Some(s) if s.details.is_empty() => s.description.clone(),
        Some(s) => s.details.clone(),
        None => error.to_string(),
    };
    view! {
        <div class="banner bad" role="alert">
            <Icon name="bad"/>
            <div class="errors">
                <strong>{what}</strong>
                <span>{why}</span>
                <span>{error.advice()}</span>
                <span class="small mono">{reference}</span>
            </div>
        </div>
    }
}
