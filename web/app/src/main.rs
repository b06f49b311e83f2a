//! The Labelscope workbench.

mod worker;

use leptos::prelude::*;

fn main() {
    leptos::mount::mount_to_body(|| view! { <main>"Labelscope"</main> });
}
