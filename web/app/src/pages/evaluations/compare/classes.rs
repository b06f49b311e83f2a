//! F1 of each class in both runs.

use super::board::Board;
use crate::charts::{Change, Dumbbell, Head, Table, Twin};
use leptos::prelude::*;
use std::sync::Arc;

/// Beyond so many classes only those are drawn that changed most, half of them for the better.
const DRAWN: usize = 40;

/// A class of the table: its position, and both values.
type Row = (u32, Option<f64>, Option<f64>);

/// By difference, the largest gain first; what cannot be said comes last.
fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    let gain = |r: &Row| r.2.zip(r.1).map_or(f64::NEG_INFINITY, |(to, from)| to - from);
    rows.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
    rows
}

#[component]
pub(super) fn Classes(board: Board) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let at = board.shown.get();
        board.compared.with(|c| {
            let c = c.as_ref()?;
            let (from, to) = (c.classes.first()?, c.classes.get(at)?);
            let rows = (0u32..c.concepts.len() as u32).map(|i| {
                let f1 = |of: &[labelscope_messages::evaluation::ClassRow]| {
                    of.iter().find(|r| r.concept == i).and_then(|r| r.f1)
                };
                (i, f1(from), f1(to))
            });
            Some(sorted(rows.collect()))
        })
    });
    let drawn = Memo::new(move |_| {
        let rows = rows.get().unwrap_or_default();
        let count = rows.len();
        rows.into_iter()
            .enumerate()
            .filter(|(i, _)| count <= DRAWN || *i < DRAWN / 2 || *i >= count - DRAWN / 2)
            .map(|(_, r)| r)
            .collect::<Vec<_>>()
    });
    let changes = Signal::derive(move || {
        Arc::new(
            drawn
                .get()
                .into_iter()
                .map(|(c, from, to)| Change { name: board.concept(c), from, to })
                .collect::<Vec<_>>(),
        )
    });
    let pick = Callback::new(move |i: usize| {
        let concept = drawn.with_untracked(|d| d.get(i).map(|r| r.0));
        let id = concept.and_then(|c| {
            board.compared.with_untracked(|b| b.as_ref().and_then(|b| b.concepts.get(c as usize).map(|c| c.0.clone())))
        });
        board.address.set(&[("concept", id)]);
    });
    let table = Callback::new(move |()| {
        let rows = rows.get().unwrap_or_default();
        let head = vec![
            Head::words("Class"),
            Head::number(board.reference()),
            Head::number(board.run()),
            Head::number("Difference"),
        ];
        let total = rows.len();
        let row = Callback::new(move |i: usize| {
            let Some((c, from, to)) = rows.get(i).copied() else { return Vec::new() };
            let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
            vec![board.concept(c), number(from), number(to), number(to.zip(from).map(|(to, from)| to - from))]
        });
        Table { head, total, row }
    });
    let foot = move || {
        let count = rows.with(|r| r.as_ref().map_or(0, Vec::len));
        if count > DRAWN {
            format!(
                "The {DRAWN} of {count} classes that changed most, half for the better; the table has all. A class leads to its inputs."
            )
        } else {
            "A class leads to its inputs in the ledger.".to_owned()
        }
    };
    view! {
        <Twin title="F1 by class" class="c4" file=Signal::derive(move || board.file("classes")) table=table foot=move || view! { <span>{foot}</span> }>
            {move || if rows.with(Option::is_none) { view! { <span class="skel" style="height:240px"></span> }.into_any() } else { view! {
                <Dumbbell label="F1 by class" reference=Signal::derive(move || board.reference()) run=Signal::derive(move || board.run()) rows=changes pick=pick/> }.into_any() }}
        </Twin>
    }
}

#[cfg(test)]
mod tests {
    use super::sorted;

    #[test]
    fn the_largest_gain_is_first_and_the_unknown_last() {
        let rows = vec![(0, Some(0.5), None), (1, Some(0.9), Some(0.8)), (2, Some(0.1), Some(0.9))];
        assert_eq!(sorted(rows).iter().map(|r| r.0).collect::<Vec<_>>(), [2, 1, 0]);
    }
}
