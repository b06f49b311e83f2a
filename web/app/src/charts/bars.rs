use super::Print;
use leptos::prelude::*;

/// A bar in a cell of a table, with its number.
#[component]
pub fn Bar(
    value: Option<f64>,
    /// What a full bar stands for.
    #[prop(default = 1.0)]
    full: f64,
    #[prop(default = Print::Share(3))] print: Print,
) -> impl IntoView {
    let share = value.filter(|v| v.is_finite() && full > 0.0).map_or(0.0, |v| (v / full * 100.0).clamp(0.0, 100.0));
    view! { <span class="bar" style=format!("--v:{share:.1}")><i class="hide-phone"></i><span>{print.maybe(value)}</span></span> }
}
