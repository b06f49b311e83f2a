use super::measure;
use crate::components::virtual_table::window_of;
use leptos::html;
use leptos::prelude::*;

/// A table of any length whose cells are views: only the rows in view are in the page, spacers stand for the others.
#[component]
pub fn LongTable(
    #[prop(into)] label: Signal<String>,
    /// The row of heads.
    head: ViewFn,
    #[prop(into)] total: Signal<usize>,
    /// The cells of a row: `<th scope="row">` and `<td>`.
    row: Callback<usize, AnyView>,
    /// Is told which rows are in view: the first, and how many.
    #[prop(optional)]
    seen: Option<Callback<(usize, usize)>>,
    /// Height of a row in CSS pixels.
    #[prop(default = 32.0)]
    height: f64,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let (scroll, view_height) = (RwSignal::new(0.0f64), RwSignal::new(400.0f64));
    measure::watch(place, move |element| {
        let screen = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(1200.0);
        let _ = view_height.try_set(f64::from(element.client_height()).min(screen));
    });
    let coarse = window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|m| m.matches());
    let height = if coarse { height.max(40.0) } else { height };
    let visible = Memo::new(move |_| window_of(scroll.get(), view_height.get(), height, total.get()));
    Effect::new(move |_| {
        let now = visible.get();
        if let Some(seen) = seen {
            seen.run(now);
        }
    });
    let indices = move || {
        let (first, count) = visible.get();
        first..first + count
    };
    let before = move || format!("height:{}px", visible.get().0 as f64 * height);
    let after = move || {
        let (first, count) = visible.get();
        format!("height:{}px", total.get().saturating_sub(first + count) as f64 * height)
    };
    view! {
        <div class="xscroll scroll long-table" tabindex="0" role="region" aria-label=move || label.get() node_ref=place
            on:scroll=move |_| if let Some(e) = place.get_untracked() { scroll.set(f64::from(e.scroll_top())) }>
            <table class="table" style=format!("--row:{height}px") aria-rowcount=move || (total.get() + 1).to_string()><caption class="vh">{move || label.get()}</caption>
                <thead>{head.run()}</thead>
                <tbody>
                    <tr class="space" aria-hidden="true"><td style=before></td></tr>
                    <For each=indices key=|i| *i let:i><tr aria-rowindex=(i + 2).to_string()>{move || row.run(i)}</tr></For>
                    <tr class="space" aria-hidden="true"><td style=after></td></tr>
                </tbody>
            </table>
        </div>
    }
}
