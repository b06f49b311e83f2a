use leptos::prelude::*;

/// One of several values. The label is for screen readers alone where `quiet`.
#[component]
pub fn Choice(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    /// Values and what they are called.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    change: Callback<String>,
    #[prop(optional)] quiet: bool,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    view! {
        <label class=if quiet { "choice" } else { "field" }><span class:vh=quiet>{label}</span>
            <select class="select" class:s=quiet required=required on:change=move |e| change.run(event_target_value(&e))>
                {move || options.get().into_iter().map(|(id, name)| {
                    let own = id.clone();
                    view! { <option value=id prop:selected=move || value.get() == own>{name}</option> }
                }).collect_view()}
            </select>
        </label>
    }
}
