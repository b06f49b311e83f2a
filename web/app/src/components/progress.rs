use leptos::prelude::*;

/// How far something is. Without a total the bar moves without claiming a share.
#[component]
pub fn Progress(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] detail: Signal<String>,
    #[prop(into)] done: Signal<f64>,
    #[prop(into)] total: Signal<f64>,
) -> impl IntoView {
    view! {
        <div class="progress">
            {move || if total.get() > 0.0 {
                view! { <progress max=total.get() value=done.get().min(total.get()) aria-label=label.get()></progress> }.into_any()
            } else {
                view! { <progress aria-label=label.get()></progress> }.into_any()
            }}
            <div class="line"><span>{move || label.get()}</span><span>{move || detail.get()}</span></div>
        </div>
    }
}
