//! A small matrix: a table, each cell a button with its number.

use super::super::looks::{css, looks};
use super::Given;
use super::colour::{Coder, Shades, ink};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;

pub(super) fn view(given: Given) -> AnyView {
    let Given { label, data, colours, print, selected, pick, rows_are, columns_are, end, .. } = given;
    // The one cell that the tab key reaches.
    let cursor = RwSignal::new((0usize, 0usize));
    let table = NodeRef::<html::Table>::new();
    let read_out = RwSignal::new(None::<(usize, usize)>);
    Effect::new(move |_| {
        if let Some(open) = selected.get() {
            cursor.set(open);
        }
    });
    let side = Memo::new(move |_| data.with(|d| d.side()));
    // A smaller matrix may have no such cell.
    let stands = move || {
        let ((row, column), last) = (cursor.get(), side.get().saturating_sub(1));
        (row.min(last), column.min(last))
    };
    let coder = Memo::new(move |_| data.with(|d| Coder::new(colours.get(), d)));
    let shades = Memo::new_with_compare(
        move |_| Arc::new(Shades::new(&looks())),
        |a, b| a.map(Arc::as_ptr) != b.map(Arc::as_ptr),
    );
    let go = move |row: usize, column: usize| {
        cursor.set((row, column));
        let button = table
            .get_untracked()
            .and_then(|t| t.query_selector(&format!("[data-cell=\"{row} {column}\"]")).ok().flatten());
        if let Some(button) = button {
            let _ = button.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    let on_key = move |e: web_sys::KeyboardEvent| {
        let last = data.with_untracked(|d| d.side()).saturating_sub(1);
        let Some((row, column)) = super::moved(&e, untrack(stands), last, last + 1) else { return };
        e.prevent_default();
        go(row, column);
    };
    let name = move |i: usize| data.with(|d| d.label(i).to_owned());
    let has_end = Memo::new(move |_| end.with(|e| !e.title.is_empty()));
    let rows = move || {
        let n = side.get();
        (0..n).map(|row| {
            let cells = (0..n).map(|column| {
                let value = Memo::new(move |_| data.with(|d| d.at(row, column).to_bits()));
                let code = Memo::new(move |_| coder.with(|c| c.code(f32::from_bits(value.get()), row == column)));
                let style = move || {
                    let back = shades.with(|s| s.of(code.get()));
                    format!("background:{};color:{}", css(back), ink(back))
                };
                let text = move || {
                    let value = f64::from(f32::from_bits(value.get()));
                    if value == 0.0 || (row == column && colours.get().hide_diagonal) { "·".to_owned() } else { print.get().of(value) }
                };
                view! {
                    <td role="gridcell" aria-selected=move || (selected.get() == Some((row, column))).to_string()><button type="button" data-cell=format!("{row} {column}") style=style
                        class:zero=move || f32::from_bits(value.get()) == 0.0 class:open=move || selected.get() == Some((row, column))
                        tabindex=move || if stands() == (row, column) { "0" } else { "-1" }
                        aria-label=move || data.with(|d| given.words(d, row, column))
                        on:click=move |_| { cursor.set((row, column)); pick.run((row, column)); }
                        on:focus=move |_| { cursor.set((row, column)); read_out.set(Some((row, column))); }
                        on:pointerenter=move |_| read_out.set(Some((row, column)))>{text}</button></td>
                }
            }).collect_view();
            view! { <tr role="row"><th scope="row"><span class="truncate" title=move || name(row)>{move || name(row)}</span></th>{cells}
                {move || has_end.get().then(|| view! { <td class="num end">{move || end.with(|e| e.values.get(row).cloned().unwrap_or_default())}</td> })}</tr> }
        }).collect_view()
    };
    // Names that do not fit above their column stand upright.
    let upright = Memo::new(move |_| data.with(|d| d.labels.iter().any(|l| l.chars().count() > 4)));
    view! {
        <div class="heatmap small">
            <div class="xscroll" tabindex="0" role="region" aria-label=move || format!("{}, scrolls sideways", label.get())>
                <div class="small faint axis">{columns_are}" →"</div>
                <table class="matrix" class:upright=move || upright.get() role="grid" aria-label=move || label.get() node_ref=table on:keydown=on_key on:pointerleave=move |_| read_out.set(None)>
                    <caption class="vh">{move || label.get()}</caption>
                    <thead><tr role="row"><td class="small faint nowrap corner">{rows_are}" ↓"</td>
                        {move || (0..side.get()).map(|i| view! { <th scope="col"><span title=move || name(i)>{move || name(i)}</span></th> }).collect_view()}
                        {move || has_end.get().then(|| view! { <th scope="col" class="end">{move || end.with(|e| e.title.clone())}</th> })}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="read-out small muted" aria-live="off">{move || read_out.get().map_or_else(|| "\u{a0}".to_owned(), |(r, c)| data.with(|d| given.words(d, r, c)))}</p>
        </div>
    }
    .into_any()
}
