//! The confusion matrix of a run less that of the reference.

use super::super::one::{Trouble, answer};
use super::board::Board;
use crate::charts::{Colours, Head, Heatmap, Matrix, Print, Scheme, Table, Twin};
use crate::explore::asked;
use labelscope_messages::evaluation::{Explore, Explored, MatrixCells, MatrixKind, MatrixView};
use leptos::prelude::*;
use std::sync::Arc;

/// What stands in the cells: in the address, and on the buttons.
const KINDS: [(&str, MatrixKind, &str); 2] = [("", MatrixKind::Counts, "Counts"), ("rows", MatrixKind::Rows, "Rows")];

#[component]
pub(super) fn MatrixDifference(board: Board) -> impl IntoView {
    let address = board.address;
    let word = address.part("matrix");
    let kind = Memo::new(move |_| {
        let word = word.get().unwrap_or_default();
        KINDS.iter().find(|k| k.0 == word).map_or(MatrixKind::Counts, |k| k.1)
    });
    let asked = asked(move || {
        let (against, run) = board.pair()?;
        let view = MatrixView { kind: kind.get(), ..MatrixView::default() };
        Some(Explore::MatrixDifference { run, against, at: address.at.get(), view })
    });
    let cells = answer(asked, |e| if let Explored::Matrix(m) = e { Some(m) } else { None });
    // Concepts are those of the run, by its own order.
    let concepts = Memo::new(move |_| board.runs.about(board.shown.get()).map(|a| a.concepts).unwrap_or_default());
    let name = move |c: u32| {
        concepts.with(|all| {
            all.get(c as usize)
                .map(|(id, name)| if name.is_empty() { id.clone() } else { name.clone() })
                .unwrap_or_default()
        })
    };
    let data =
        Memo::new(move |_| Arc::new(cells.with(|c| c.as_ref().map(|c| Matrix::of(c, name)).unwrap_or_default())));
    let print = Signal::derive(move || Print::Signed(if kind.get() == MatrixKind::Counts { 0 } else { 2 }));
    let colours = Signal::derive(|| Colours { scheme: Scheme::Change, ..Colours::default() });
    let selected = RwSignal::new(None::<(usize, usize)>);
    let pick = Callback::new(move |(row, column): (usize, usize)| {
        selected.set(Some((row, column)));
        let concept_of = |c: &MatrixCells| c.concepts.get(row).or_else(|| c.concepts.get(column)).copied();
        let at = cells.with_untracked(|c| c.as_ref().and_then(|c| concept_of(c)));
        let id = at.and_then(|c| concepts.with_untracked(|all| all.get(c as usize).map(|c| c.0.clone())));
        address.set(&[("concept", id)]);
    });
    let label =
        Signal::derive(move || format!("Confusion matrix of {} less that of {}", board.run(), board.reference()));
    let table = Callback::new(move |()| {
        let d = data.get();
        let n = d.side();
        let mut found: Vec<(usize, usize, f32)> =
            (0..n * n).map(|k| (k / n, k % n, d.at(k / n, k % n))).filter(|c| c.2.is_finite() && c.2 != 0.0).collect();
        found.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        let total = found.len();
        let row = Callback::new(move |i: usize| {
            let Some((row, column, value)) = found.get(i).copied() else { return Vec::new() };
            let name = |at: usize| d.labels.get(at).cloned().unwrap_or_default();
            vec![name(row), name(column), value.to_string()]
        });
        Table { head: vec![Head::words("True"), Head::words("Predicted"), Head::number("Difference")], total, row }
    });
    view! {
        <Twin title="Matrix difference" class="c7" file=Signal::derive(move || board.file("matrix")) table=table
            tools=move || view! { <span class="segmented" role="group" aria-label="Cell value">{KINDS.map(|(word, of, name)| view! {
                <button type="button" aria-pressed=move || (kind.get() == of).to_string() on:click=move |_| address.set(&[("matrix", Some(word.to_owned()).filter(|w| !w.is_empty()))])>{name}</button> }).into_iter().collect_view()}</span> }
            foot=move || view! { <span>{move || format!("{} less {}. Blue is better: more on the diagonal, or less off it. A cell leads to its class in the ledger.", board.run(), board.reference())}</span> }>
            <Trouble asked=asked what="The matrices could not be compared"/>
            {move || if cells.with(Option::is_none) { view! { <span class="skel" style="height:300px"></span> }.into_any() } else { view! {
                <Heatmap label=label data=data colours=colours print=print selected=selected pick=pick/> }.into_any() }}
        </Twin>
    }
}
