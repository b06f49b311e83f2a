//! Two to five runs beside each other.

use leptos::prelude::*;

#[component]
pub(crate) fn Compare() -> impl IntoView {
    view! { <p>"SCAFFOLD"</p> }
}
