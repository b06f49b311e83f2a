//! A table of any length: only the rows in view are in the page. A fixed pool of row slots is bound anew while it
//! scrolls, so that nothing is made or thrown away.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// A column's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: &'static str,
    /// Figures stand to the right.
    pub number: bool,
    /// A track of the grid: `1fr`, `88px`.
    pub width: &'static str,
    /// Left out where the page is narrow.
    pub wide_only: bool,
}

/// Which rows are marked, by check boxes before them.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// Is the row marked?
    pub marked: Callback<usize, bool>,
    /// Marks it, or takes the mark away.
    pub toggle: Callback<usize>,
}

/// Rows beyond the edges that are bound too.
const OVERSCAN: usize = 4;

/// First row and number of rows to bind.
#[must_use]
pub fn window_of(scroll: f64, height: f64, row: f64, total: usize) -> (usize, usize) {
    let row = row.max(1.0);
    let first = ((scroll.max(0.0) / row) as usize).saturating_sub(OVERSCAN).min(total);
    let fitting = (height.max(0.0) / row).ceil() as usize + 1 + 2 * OVERSCAN;
    (first, fitting.min(total - first))
}

/// A virtual table. `cells` gives the texts of a row, or `None` while they are on their way; `seen` is told which rows
/// are in view.
#[component]
pub fn VirtualTable(
    #[prop(into)] label: String,
    columns: Vec<Column>,
    #[prop(into)] total: Signal<usize>,
    cells: Callback<usize, Option<Vec<String>>>,
    seen: Callback<(usize, usize)>,
    #[prop(into)] selected: Signal<Option<usize>>,
    pick: Callback<usize>,
    #[prop(optional)] marks: Option<Marks>,
) -> impl IntoView {
    let body = NodeRef::<html::Div>::new();
    let (scroll, height, row) = (RwSignal::new(0.0f64), RwSignal::new(640.0f64), RwSignal::new(32.0f64));
    let active = RwSignal::new(0usize);
    let visible = Memo::new(move |_| window_of(scroll.get(), height.get(), row.get(), total.get()));
    Effect::new(move |_| seen.run(visible.get()));
    Effect::new(move |_| {
        let Some(element) = body.get() else { return };
        measure(&element, height, row);
        let watched = element.clone();
        let on_resize = Closure::<dyn FnMut()>::new(move || measure(&watched, height, row));
        if let Ok(observer) = web_sys::ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = StoredValue::new_local((observer, on_resize));
            on_cleanup(move || {
                let _ = kept.try_update_value(|(observer, _)| observer.disconnect());
            });
        }
    });
    let tracks =
        |all: bool| columns.iter().filter(|c| all || !c.wide_only).map(|c| c.width).collect::<Vec<_>>().join(" ");
    let box_track = if marks.is_some() { "40px " } else { "" };
    let tracks = format!("--cols:{box_track}{};--cols-narrow:{box_track}{}", tracks(true), tracks(false));
    let heads = columns.clone();
    let shapes = StoredValue::new(columns);
    let go = move |to: usize| {
        let to = to.min(total.get_untracked().saturating_sub(1));
        active.set(to);
        if let Some(element) = body.get_untracked() {
            let (top, row, view) = (to as f64 * row.get_untracked(), row.get_untracked(), height.get_untracked());
            let now = f64::from(element.scroll_top());
            if top < now {
                element.set_scroll_top(top as i32);
            } else if top + row > now + view {
                element.set_scroll_top((top + row - view) as i32);
            }
        }
    };
    let on_key = move |e: web_sys::KeyboardEvent| {
        let at = active.get_untracked();
        let page = ((height.get_untracked() / row.get_untracked()) as usize).max(1);
        match e.key().as_str() {
            "ArrowDown" => go(at + 1),
            "ArrowUp" => go(at.saturating_sub(1)),
            "PageDown" => go(at + page),
            "PageUp" => go(at.saturating_sub(page)),
            "Home" => go(0),
            "End" => go(usize::MAX),
            "Enter" => pick.run(at),
            " " if marks.is_some() => {
                if let Some(marks) = marks {
                    marks.toggle.run(at);
                }
            }
            _ => return,
        }
        e.prevent_default();
    };
    // As many slots as ever fit; each shows the row that falls to it.
    let slots = Memo::new(move |before: Option<&usize>| visible.get().1.max(before.copied().unwrap_or(0)));
    let rows = move || {
        (0..slots.get())
            .map(|slot| {
                let index = Memo::new(move |_| {
                    let (first, count) = visible.get();
                    let pool = slots.get().max(1);
                    // The slot keeps its row while that stays in view.
                    let index = first + (slot + pool - first % pool) % pool;
                    (index < first + count).then_some(index)
                });
                let count = shapes.with_value(Vec::len);
                let texts = Memo::new(move |_| index.get().and_then(|i| cells.run(i)));
                let fields = (0..count)
                    .map(|c| {
                        let class = shapes.with_value(|s| s.get(c).map_or("", |s| match (s.number, s.wide_only) {
                            (true, true) => "num vt-hide",
                            (true, false) => "num",
                            (false, true) => "vt-hide",
                            (false, false) => "",
                        }));
                        view! { <div role="gridcell" class=class>{move || texts.with(|t| t.as_ref().and_then(|t| t.get(c).cloned()).unwrap_or_else(|| "…".to_owned()))}</div> }
                    })
                    .collect_view();
                view! {
                    <div class="vt-row" role="row" class:active=move || index.get() == Some(active.get())
                        style:display=move || if index.get().is_some() { "" } else { "none" }
                        style:transform=move || format!("translateY({}px)", index.get().unwrap_or(0) as f64 * row.get())
                        aria-rowindex=move || index.get().map(|i| (i + 2).to_string())
                        aria-selected=move || (index.get().is_some() && index.get() == selected.get()).to_string()
                        on:click=move |_| if let Some(i) = index.get_untracked() { active.set(i); pick.run(i) }>
                        {marks.map(|marks| view! { <div role="gridcell" class="vt-mark"><label class="hit" on:click=|e| e.stop_propagation()>
                            <input type="checkbox" tabindex="-1" aria-label=move || texts.with(|t| format!("Select {}", t.as_ref().and_then(|t| t.first()).map_or("", String::as_str)))
                                prop:checked=move || index.get().is_some_and(|i| marks.marked.run(i)) on:change=move |_| if let Some(i) = index.get_untracked() { marks.toggle.run(i); }/></label></div> })}
                        {fields}
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <div class="vt" role="grid" aria-label=label aria-rowcount=move || (total.get() + 1).to_string() style=tracks>
            <div role="rowgroup"><div class="vt-head" role="row" aria-rowindex="1">
                {marks.map(|_| view! { <div role="columnheader" class="vt-mark"><span class="vh">"Selected"</span></div> })}
                {heads.into_iter().map(|c| view! {
                    <div role="columnheader" class=match (c.number, c.wide_only) { (true, true) => "num vt-hide", (true, false) => "num", (false, true) => "vt-hide", _ => "" }>{c.title}</div>
                }).collect_view()}
            </div></div>
            <div class="vt-body scroll" role="rowgroup" tabindex="0" node_ref=body on:keydown=on_key
                on:scroll=move |_| if let Some(e) = body.get_untracked() { scroll.set(f64::from(e.scroll_top())) }>
                <div class="vt-space" role="presentation" style:height=move || format!("{}px", total.get() as f64 * row.get())>{rows}</div>
            </div>
        </div>
    }
}

/// The height of the view and, by the design's token, of a row.
fn measure(element: &web_sys::HtmlElement, height: RwSignal<f64>, row: RwSignal<f64>) {
    // No more than the screen holds is ever seen, even where the style sheet does not bound the table.
    let screen = web_sys::window().and_then(|w| w.inner_height().ok()).and_then(|h| h.as_f64()).unwrap_or(1200.0);
    height.try_set(f64::from(element.client_height()).min(screen));
    let coarse =
        web_sys::window().and_then(|w| w.match_media("(pointer: coarse)").ok().flatten()).is_some_and(|m| m.matches());
    row.try_set(if coarse { 40.0 } else { 32.0 });
}

#[cfg(test)]
mod tests {
    use super::window_of;

    #[test]
    fn windows_stay_inside() {
        assert_eq!(window_of(0.0, 320.0, 32.0, 100_000), (0, 19));
        assert_eq!(window_of(3_199_680.0, 320.0, 32.0, 100_000), (99_986, 14));
        assert_eq!(window_of(0.0, 320.0, 32.0, 3), (0, 3));
        assert_eq!(window_of(1e9, 320.0, 32.0, 3), (3, 0));
        assert_eq!(window_of(0.0, 0.0, 0.0, 0), (0, 0));
    }
}
