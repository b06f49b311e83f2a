use crate::format;
use leptos::prelude::*;

/// One of the four fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corner {
    BothRight,
    /// Right in the reference alone.
    Broken,
    /// Right in the run alone.
    Fixed,
    BothWrong,
}

/// Right and wrong of two runs against each other, each field a way into what it counts.
#[component]
pub fn TwoByTwo(
    #[prop(into)] reference: Signal<String>,
    #[prop(into)] run: Signal<String>,
    /// Both right, broken, fixed, both wrong.
    #[prop(into)]
    counts: Signal<[u32; 4]>,
    #[prop(into)] picked: Signal<Vec<Corner>>,
    pick: Callback<Corner>,
) -> impl IntoView {
    let field = move |at: usize, corner: Corner, class: &'static str, word: &'static str| {
        let count = move || counts.with(|c| c.get(at).copied().unwrap_or_default());
        view! {
            <td><button type="button" class=class aria-pressed=move || picked.with(|p| p.contains(&corner)).to_string()
                aria-label=move || format!("{} {word}", format::count(i64::from(count())))
                on:click=move |_| pick.run(corner)>{move || format::count(i64::from(count()))}</button></td>
        }
    };
    view! {
        <table class="matrix two-by-two"><caption class="vh">"Inputs by outcome in both runs"</caption>
            <thead><tr><td></td><th scope="col">{move || run.get()}" right"</th><th scope="col">{move || run.get()}" wrong"</th></tr></thead>
            <tbody>
                <tr><th scope="row">{move || reference.get()}" right"</th>{field(0, Corner::BothRight, "", "right in both")}{field(1, Corner::Broken, "cell-e2 strong", "broken")}</tr>
                <tr><th scope="row">{move || reference.get()}" wrong"</th>{field(2, Corner::Fixed, "cell-s2 strong", "fixed")}{field(3, Corner::BothWrong, "", "wrong in both")}</tr>
            </tbody>
        </table>
    }
}
