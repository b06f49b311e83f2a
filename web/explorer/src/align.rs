//! Runs on the inputs that they share.

use crate::Problem;
use crate::run::{Measured, Run};
use labelscope_metrics::{Content, Labels, NEGATIVE, Named, Objects, Prediction, TestSet, Truth};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Runs that are compared at most.
const MOST: usize = 5;

/// Runs with the same inputs and concepts, the first being the reference.
pub(crate) struct Aligned {
    runs: Vec<Rc<Run>>,
    /// Inputs that some run has and another has not.
    pub left_out: u32,
    /// What is true of the inputs is the same in all.
    pub same_truth: bool,
}

impl Aligned {
    pub fn new(runs: &[Rc<Run>]) -> Result<Self, Problem> {
        let Some((first, others)) = runs.split_first() else {
            return Err(Problem::Runs("choose the evaluations to compare"));
        };
        if runs.len() > MOST {
            return Err(Problem::Runs("at most five evaluations can be compared; leave some out"));
        }
        let detection = |run: &Run| matches!(run.measured, Measured::Objects(_));
        if others.iter().any(|run| detection(run) != detection(first)) {
            return Err(Problem::Runs(
                "evaluations of labels and of detections cannot be compared; choose evaluations of one kind",
            ));
        }
        let ids = |run: &Run| run.inputs.iter().map(|i| i.id.clone()).collect::<Vec<_>>();
        let all: HashSet<String> = runs.iter().flat_map(|run| ids(run)).collect();
        let held: Vec<HashSet<String>> = others.iter().map(|run| ids(run).into_iter().collect()).collect();
        let mut shared = ids(first);
        shared.retain(|id| held.iter().all(|held| held.contains(id)));
        if shared.is_empty() {
            return Err(Problem::Runs(
                "the evaluations share no input; choose evaluations of the same dataset version",
            ));
        }
        let mut concepts = first.concepts.clone();
        let mut known: HashSet<String> = concepts.iter().map(|c| c.id.clone()).collect();
        for concept in others.iter().flat_map(|run| &run.concepts) {
            if known.insert(concept.id.clone()) {
                concepts.push(concept.clone());
            }
        }
        let same = |run: &Rc<Run>| run.concepts.len() == concepts.len() && run.inputs.len() == shared.len();
        let order = |run: &Rc<Run>| {
            run.concepts.iter().zip(&concepts).all(|(a, b)| a.id == b.id)
                && run.inputs.iter().zip(&shared).all(|(a, b)| a.id == *b)
        };
        let aligned: Vec<Rc<Run>> = runs
            .iter()
            .map(|run| if same(run) && order(run) { Rc::clone(run) } else { Rc::new(moved(run, &shared, &concepts)) })
            .collect();
        let same_truth = aligned.windows(2).all(|pair| matches!(pair, [a, b] if same_truth(a, b)));
        Ok(Self { runs: aligned, left_out: (all.len() - shared.len()) as u32, same_truth })
    }

    /// All runs, the reference first.
    pub fn runs(&self) -> &[Rc<Run>] {
        &self.runs
    }
}

/// A run with these inputs and concepts: all that is shared, and concepts that it may never have heard of.
fn moved(run: &Run, inputs: &[String], concepts: &[Named]) -> Run {
    let places: HashMap<&str, u32> = inputs.iter().map(String::as_str).zip(0..).collect();
    let columns: HashMap<&str, u32> = concepts.iter().map(|c| c.id.as_str()).zip(0..).collect();
    let place: Vec<Option<u32>> = run.inputs.iter().map(|i| places.get(i.id.as_str()).copied()).collect();
    let column: Vec<Option<u32>> = run.concepts.iter().map(|c| columns.get(c.id.as_str()).copied()).collect();
    let to = |all: &[Option<u32>], at: u32| all.get(at as usize).copied().flatten();
    let content = match &run.measured {
        Measured::Labels(labels) => {
            let cells = inputs.len() * concepts.len();
            let mut out = Labels { scores: vec![0.0; cells], truth: vec![NEGATIVE; cells] };
            for ((scores, truth), place) in labels.rows().zip(&place) {
                let Some(place) = place else { continue };
                for ((score, truth), column) in scores.iter().zip(truth).zip(&column) {
                    let Some(column) = column else { continue };
                    let at = *place as usize * concepts.len() + *column as usize;
                    if let (Some(s), Some(t)) = (out.scores.get_mut(at), out.truth.get_mut(at)) {
                        (*s, *t) = (*score, *truth);
                    }
                }
            }
            Content::Labels(out)
        }
        Measured::Objects(run) => {
            let all = run.objects();
            let mut truth: Vec<Truth> = all
                .truth
                .iter()
                .filter_map(|t| {
                    Some(Truth { input: to(&place, t.input)?, concept: to(&column, t.concept)?, ..t.clone() })
                })
                .collect();
            let mut predictions: Vec<Prediction> = all
                .predictions
                .iter()
                .filter_map(|p| {
                    Some(Prediction { input: to(&place, p.input)?, concept: to(&column, p.concept)?, ..p.clone() })
                })
                .collect();
            truth.sort_by_key(|t| t.input);
            predictions.sort_by_key(|p| p.input);
            Content::Objects(Objects { truth, predictions })
        }
    };
    let mut kept: Vec<_> =
        run.inputs.iter().zip(&place).filter_map(|(input, place)| Some(((*place)?, input.clone()))).collect();
    kept.sort_by_key(|(place, _)| *place);
    let inputs = kept.into_iter().map(|(_, input)| input).collect();
    Run::new(TestSet { concepts: concepts.to_vec(), inputs, content })
}

fn same_truth(a: &Run, b: &Run) -> bool {
    match (&a.measured, &b.measured) {
        (Measured::Labels(a), Measured::Labels(b)) => a.labels().truth == b.labels().truth,
        (Measured::Objects(a), Measured::Objects(b)) => {
            // Annotations may come in another order.
            let sorted = |of: &Objects| {
                let mut all: Vec<_> = of
                    .truth
                    .iter()
                    .map(|t| {
                        let b = t.bbox;
                        (t.input, t.concept, [b.x, b.y, b.w, b.h, t.area].map(f64::to_bits), t.crowd)
                    })
                    .collect();
                all.sort_unstable();
                all
            };
            sorted(a.objects()) == sorted(b.objects())
        }
        _ => false,
    }
}
