//! Predictions of a model version come in from a file.

use leptos::prelude::*;

#[component]
pub(crate) fn Predictions() -> impl IntoView {
    view! { <p>"SCAFFOLD"</p> }
}
