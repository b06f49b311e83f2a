//! Input by input, in all runs.

use crate::align::Aligned;
use crate::compare::{by_input, right};
use crate::run::{Measured, Run, threshold};
use labelscope_messages::evaluation::{Ledger, LedgerLine, Outcome, Pick, Settings};
use labelscope_metrics::comparison::{self, Tally};
use labelscope_metrics::{Counts, POSITIVE, UNKNOWN};

/// Lines that are told at once.
const MOST: u32 = 1000;

pub(crate) fn ledger(aligned: &Aligned, at: &Settings, pick: Option<&Pick>, (offset, limit): (u32, u32)) -> Ledger {
    let runs = aligned.runs();
    let Some(first) = runs.first() else { return Ledger::default() };
    let right: Vec<Vec<bool>> = runs.iter().map(|run| right(run, at)).collect();
    let counts: Vec<Vec<Counts>> = runs
        .iter()
        .map(|run| if let Measured::Objects(objects) = &run.measured { by_input(objects, at) } else { Vec::new() })
        .collect();
    let (Some(reference), Some(last)) = (right.first(), right.last()) else { return Ledger::default() };
    let tally = Tally::of(reference, last);
    let concept = pick.and_then(|p| p.concept.as_deref());
    let with_concept: Option<Vec<bool>> = concept.map(|id| {
        let mut all = vec![false; first.inputs.len()];
        runs.iter().for_each(|run| mark(run, at, id, &mut all));
        all
    });
    let words = pick.map(|p| p.words.to_lowercase()).unwrap_or_default();
    let outcome = |run: &[bool], input: usize| {
        let is = |of: &[bool]| of.get(input).copied().unwrap_or_default();
        match comparison::Outcome::of(is(reference), is(run)) {
            comparison::Outcome::Fixed => Outcome::Fixed,
            comparison::Outcome::Broken => Outcome::Broken,
            comparison::Outcome::StillWrong => Outcome::StillWrong,
            comparison::Outcome::StillRight => Outcome::StillRight,
        }
    };
    let picked: Vec<usize> = (0..first.inputs.len())
        .filter(|input| {
            pick.is_none_or(|p| p.outcomes.is_empty() || p.outcomes.contains(&outcome(last, *input)))
                && with_concept.as_ref().is_none_or(|with| with.get(*input) == Some(&true))
                && first.inputs.get(*input).is_some_and(|i| i.id.to_lowercase().contains(&words))
        })
        .collect();
    let lines = picked.iter().skip(offset as usize).take(limit.min(MOST) as usize).filter_map(|input| {
        let of = first.inputs.get(*input)?;
        let said = runs.iter().zip(&right).zip(&counts).map(|((run, right), counts)| {
            let (what, how) = said(run, at, *input, counts.get(*input));
            (what, how, right.get(*input).copied().unwrap_or_default())
        });
        Some(LedgerLine {
            input_id: of.id.clone(),
            url: of.url.clone(),
            width: of.width,
            height: of.height,
            truth: truth(first, *input),
            said: said.collect(),
            outcomes: right.iter().skip(1).map(|run| outcome(run, *input)).collect(),
        })
    });
    Ledger {
        total: picked.len() as u32,
        counts: [tally.fixed, tally.broken, tally.still_wrong, tally.still_right],
        lines: lines.collect(),
    }
}

fn name(run: &Run, concept: usize) -> String {
    run.concepts.get(concept).map(|c| if c.name.is_empty() { c.id.clone() } else { c.name.clone() }).unwrap_or_default()
}

/// What is true: names, or how many objects there are.
fn truth(run: &Run, input: usize) -> String {
    match &run.measured {
        Measured::Labels(labels) => {
            let row = labels.rows().nth(input).map(|(_, truth)| truth).unwrap_or_default();
            let is = row.iter().enumerate().filter(|(_, truth)| **truth == POSITIVE);
            is.map(|(concept, _)| name(run, concept)).collect::<Vec<_>>().join(", ")
        }
        Measured::Objects(objects) => {
            objects.objects().truth.iter().filter(|t| t.input as usize == input && !t.crowd).count().to_string()
        }
    }
}

/// What a run says of an input, and how sure it is; of detections how many there are, and F1.
fn said(run: &Run, at: &Settings, input: usize, counts: Option<&Counts>) -> (String, Option<f64>) {
    let threshold = threshold(at);
    match &run.measured {
        Measured::Labels(labels) => {
            if let Some(single) = labels.single() {
                let Some(top) = single.top.get(input).copied().flatten() else { return (String::new(), None) };
                return (name(run, top as usize), Some(labels.score(input, top as usize)));
            }
            let Some((scores, truth)) = labels.rows().nth(input) else { return (String::new(), None) };
            let mut passing: Vec<(usize, f64)> = scores
                .iter()
                .zip(truth)
                .enumerate()
                .filter(|(_, (score, truth))| **truth != UNKNOWN && threshold.passes(**score))
                .map(|(concept, (score, _))| (concept, *score))
                .collect();
            passing.sort_by(|a, b| b.1.total_cmp(&a.1));
            let names: Vec<String> = passing.iter().map(|(concept, _)| name(run, *concept)).collect();
            (names.join(", "), passing.first().map(|p| p.1))
        }
        Measured::Objects(objects) => {
            let of = objects.objects().predictions.iter();
            let passing = of.filter(|p| p.input as usize == input && threshold.passes(p.score)).count();
            (passing.to_string(), counts.and_then(|c| c.f1()))
        }
    }
}

/// Notes the inputs on which a concept is true or said.
fn mark(run: &Run, at: &Settings, id: &str, all: &mut [bool]) {
    let Some(concept) = run.concept(id) else { return };
    let threshold = threshold(at);
    let mut note = |input: usize| {
        if let Some(mark) = all.get_mut(input) {
            *mark = true;
        }
    };
    match &run.measured {
        Measured::Labels(labels) => {
            let place = concept as usize;
            let top = labels.single().map(|s| s.top.as_slice());
            for (input, (scores, truth)) in labels.rows().enumerate() {
                let said = match top {
                    Some(top) => top.get(input).copied().flatten() == Some(concept),
                    None => scores.get(place).is_some_and(|score| threshold.passes(*score)),
                };
                if said || truth.get(place) == Some(&POSITIVE) {
                    note(input);
                }
            }
        }
        Measured::Objects(objects) => {
            let all = objects.objects();
            all.truth.iter().filter(|t| t.concept == concept).for_each(|t| note(t.input as usize));
            let said = all.predictions.iter().filter(|p| p.concept == concept && threshold.passes(p.score));
            said.for_each(|p| note(p.input as usize));
        }
    }
}
