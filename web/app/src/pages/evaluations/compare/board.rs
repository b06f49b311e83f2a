//! What all views of a comparison share.

use super::super::curve_kinds::kind_of;
use super::super::one::{Address, answer, definition};
use super::runs::{Runs, inputs, measured_in_words};
use crate::charts::Print;
use crate::data::Context;
use crate::explore::{Asked, asked};
use labelscope_messages::evaluation::{CompareView, Compared, CurveKind, Explore, Explored};
use leptos::prelude::*;
use std::sync::Arc;

/// Draws of the bootstrap, and where they begin: the same page shows the same intervals.
const DRAWS: u32 = 4000;
const SEED: u64 = 20_261_123;

/// Runs whose test sets the worker holds.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub context: Context,
    pub address: Address,
    pub runs: Runs,
    /// Names, the reference first.
    pub names: Memo<Vec<String>>,
    /// The position of the run that stands against the reference.
    pub shown: Memo<usize>,
    pub detection: Memo<bool>,
    /// Each input has one class.
    pub single: Memo<bool>,
    pub curve: Memo<CurveKind>,
    /// Curves of this concept alone.
    pub curve_of: Memo<Option<String>>,
    pub compared: Memo<Option<Arc<Compared>>>,
    pub asked: Asked,
}

impl Board {
    pub fn new(context: Context, address: Address, runs: Runs) -> Self {
        let names = Memo::new(move |_| runs.each().into_iter().map(|r| r.name).collect::<Vec<_>>());
        let against = address.part("against");
        let shown = Memo::new(move |_| {
            let against = against.get();
            runs.ids
                .with(|ids| against.and_then(|a| ids.iter().position(|id| *id == a)).filter(|at| *at > 0).unwrap_or(1))
        });
        let detection = Memo::new(move |_| runs.about(0).is_some_and(|a| a.detection));
        let single = Memo::new(move |_| {
            let count = runs.ids.with(Vec::len);
            (0..count).all(|i| runs.about(i).is_some_and(|a| a.single_label))
        });
        let word = address.part("curve");
        let curve = Memo::new(move |_| {
            let word = word.get().unwrap_or_default();
            kind_of(&word)
        });
        let curve_of = address.part("curve_of");
        let asked = asked(move || {
            let view = CompareView { draws: DRAWS, seed: SEED, curves: curve.get(), concept: curve_of.get() };
            runs.open.get().then(|| Explore::Compare { runs: runs.ids.get(), at: address.at.get(), view })
        });
        let compared = answer(asked, |e| if let Explored::Compared(c) = e { Some(c) } else { None });
        Self { context, address, runs, names, shown, detection, single, curve, curve_of, compared, asked }
    }

    /// The run that stands against the reference.
    pub fn run(self) -> String {
        let at = self.shown.get();
        self.names.with(|n| n.get(at).cloned().unwrap_or_default())
    }

    pub fn reference(self) -> String {
        self.names.with(|n| n.first().cloned().unwrap_or_default())
    }

    /// The ids of both.
    pub fn pair(self) -> Option<(String, String)> {
        let at = self.shown.get();
        self.runs.ids.with(|ids| Some((ids.first()?.clone(), ids.get(at)?.clone())))
    }

    /// A file's name.
    pub fn file(self, what: &str) -> String {
        format!("{}-{}-{what}", self.reference(), self.run())
    }

    /// A concept's name by its position in the comparison.
    pub fn concept(self, at: u32) -> String {
        self.compared.with(|c| {
            let found = c.as_ref().and_then(|c| c.concepts.get(at as usize));
            found.map(|(id, name)| if name.is_empty() { id.clone() } else { name.clone() }).unwrap_or_default()
        })
    }

    /// Chooses which run stands against the reference.
    pub fn show(self, at: usize) {
        let id = self.runs.ids.with_untracked(|ids| ids.get(at).cloned());
        self.address.set(&[("against", id.filter(|_| at != 1))]);
    }

    /// Is it fair to compare them?
    pub fn truth_in_words(self) -> Option<String> {
        let compared = self.compared.get()?;
        let where_ = measured_on_in_words(&self.runs.each().into_iter().map(|r| r.dataset).collect::<Vec<_>>());
        Some(match (compared.same_truth, compared.left_out) {
            (true, 0) => format!("same ground truth: {where_}, {}", inputs(compared.inputs)),
            (true, left) => format!(
                "compared on the {} that all runs share, whose ground truth is the same; {} of {where_} left out",
                inputs(compared.inputs),
                inputs(left)
            ),
            (false, left) => {
                let rest = if left > 0 { format!("; {} left out", inputs(left)) } else { String::new() };
                format!(
                    "not the same ground truth: labels of the {} that all runs share differ ({where_}){rest}. Differences may come from the labels.",
                    inputs(compared.inputs)
                )
            }
        })
    }

    /// A figure's title, and how its values are printed.
    pub fn figure(self, name: &str) -> (String, Print) {
        let print = if name == "log_loss" { Print::Plain(4) } else { Print::Share(4) };
        (definition(name, self.single.get()).title, print)
    }
}

/// What all runs were measured on. An evaluation of a dataset as it stands makes a version of its own, so versions of one
/// dataset are only counted where they differ.
fn measured_on_in_words(on: &[(String, String)]) -> String {
    let mut each: Vec<&(String, String)> = Vec::new();
    for place in on {
        if !each.contains(&place) {
            each.push(place);
        }
    }
    match each.as_slice() {
        [(data, _), rest @ ..] if !rest.is_empty() && rest.iter().all(|(d, _)| d == data) => {
            format!("{} versions of {data}", each.len())
        }
        _ => each.into_iter().map(measured_in_words).collect::<Vec<_>>().join(" and "),
    }
}

#[cfg(test)]
mod tests {
    use super::measured_on_in_words;

    #[test]
    fn versions_of_one_dataset_are_counted() {
        let on = |all: &[(&str, &str)]| {
            let all: Vec<_> = all.iter().map(|(d, v)| ((*d).to_owned(), (*v).to_owned())).collect();
            measured_on_in_words(&all)
        };
        assert_eq!(on(&[("digits", "v1"), ("digits", "v1")]), "digits, version v1");
        assert_eq!(on(&[("digits", "v1"), ("digits", "v2"), ("digits", "v1")]), "2 versions of digits");
        assert_eq!(on(&[("digits", "v1"), ("rooms", "")]), "digits, version v1 and rooms");
    }
}
