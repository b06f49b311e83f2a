use leptos::prelude::*;

/// A labelled line of text that is bound to a signal.
#[component]
pub fn TextField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] placeholder: &'static str,
    /// A line below the field.
    #[prop(optional)]
    hint: &'static str,
    /// Rows; one makes a single line.
    #[prop(default = 1)]
    rows: u32,
    #[prop(optional)] maxlength: Option<u32>,
) -> impl IntoView {
    let field = if rows > 1 {
        view! { <textarea class="input" rows=rows placeholder=placeholder prop:value=value on:input=move |e| value.set(event_target_value(&e))></textarea> }.into_any()
    } else {
        view! { <input class="input" autocomplete="off" required=required maxlength=maxlength placeholder=placeholder prop:value=value on:input=move |e| value.set(event_target_value(&e))/> }.into_any()
    };
    view! {
        <label class="field"><span>{move || label.get()}</span>{field}{(!hint.is_empty()).then(|| view! { <span class="hint">{hint}</span> })}</label>
    }
}
