//! Figures that know the hierarchy.

use crate::Problem;
use crate::figures::Gathered;
use crate::labels::LabelRun;
use crate::run::{Measured, Run, threshold};
use labelscope_messages::evaluation::{Figures, Settings};
use labelscope_metrics::hierarchy::{Hierarchy, HierarchyError, ancestor_figures, distance_figures};
use labelscope_metrics::{POSITIVE, UNKNOWN};
use std::collections::HashMap;

/// What is true and what was predicted where they are compared: on an input, or of objects that belong together.
type Sides = (Vec<u32>, Vec<u32>);

pub(crate) fn figures(run: &Run, at: &Settings, broader: &[(String, String)]) -> Result<Figures, Problem> {
    let hierarchy = hierarchy(run, broader)?;
    let (sides, single) = match &run.measured {
        Measured::Labels(labels) => of_labels(labels, at),
        Measured::Objects(objects) => {
            let matches = objects.matches(at, true);
            let (all, thr) = (objects.objects(), threshold(at));
            let concept = |truth: Option<u32>, prediction: Option<u32>| {
                let truth = truth.and_then(|i| all.truth.get(i as usize)).map(|t| t.concept);
                let prediction = prediction.and_then(|i| all.predictions.get(i as usize)).map(|p| p.concept);
                (truth.into_iter().collect(), prediction.into_iter().collect())
            };
            let counted = matches.at(all, thr).into_iter();
            let counted = counted.filter(|m| m.outcome != labelscope_metrics::detection::Outcome::Ignored);
            (counted.map(|m| concept(m.truth, m.prediction)).collect(), false)
        }
    };
    let pairs = || sides.iter().map(|(truth, prediction)| (truth.as_slice(), prediction.as_slice()));
    let (near, credit) = (ancestor_figures(&hierarchy, pairs()), distance_figures(&hierarchy, pairs()));
    let mut all = Gathered::default();
    all.plain("hierarchical_precision", near.precision);
    all.plain("hierarchical_recall", near.recall);
    all.plain("hierarchical_f1", near.f1);
    if single {
        all.plain("distance_weighted_accuracy", credit.recall);
    } else {
        all.plain("distance_weighted_f1", credit.f1);
    }
    // A level tells concepts apart only where something is one of several.
    if single || matches!(run.measured, Measured::Objects(_)) {
        let first = u32::from(hierarchy.top().is_some());
        let last = (0..hierarchy.classes() as u32).map(|class| hierarchy.depth(class)).max().unwrap_or(0);
        let one = |(truth, prediction): &Sides| Some((*truth.first()?, prediction.first().copied()));
        for (level, number) in (first..=last).zip(1..) {
            let share = hierarchy.right_at_level(level, sides.iter().filter_map(one));
            all.share(&format!("correct_at_level_{number}"), share.right, share.of);
        }
    }
    Ok(all.0)
}

/// Over the concepts of the test set, and after them those that only the hierarchy names.
fn hierarchy(run: &Run, broader: &[(String, String)]) -> Result<Hierarchy, Problem> {
    let mut ids: Vec<&str> = run.concepts.iter().map(|c| c.id.as_str()).collect();
    let mut places: HashMap<&str, u32> = ids.iter().copied().zip(0..).collect();
    let mut place = |id| {
        *places.entry(id).or_insert_with(|| {
            ids.push(id);
            ids.len() as u32 - 1
        })
    };
    let pairs: Vec<(u32, u32)> = broader.iter().map(|(narrow, broad)| (place(narrow), place(broad))).collect();
    Hierarchy::new(ids.len(), &pairs).map_err(|error| match error {
        HierarchyError::Cycle(classes) => {
            let names: Vec<&str> = classes.iter().filter_map(|c| ids.get(*c as usize).copied()).collect();
            let first = names.first().copied().unwrap_or_default();
            Problem::Setting(format!(
                "concepts are broader than themselves: {} → {first}; take one of these relations away",
                names.join(" → ")
            ))
        }
        HierarchyError::UnknownClass { .. } => Problem::Setting(error.to_string()),
    })
}

fn of_labels(run: &LabelRun, at: &Settings) -> (Vec<Sides>, bool) {
    if let Some(single) = run.single() {
        let both = single.truth.iter().zip(&single.top);
        let sides = both.filter_map(|(truth, top)| Some((vec![(*truth)?], top.iter().copied().collect())));
        return (sides.collect(), true);
    }
    let threshold = threshold(at);
    let sides = run.rows().map(|(scores, truth)| {
        let known = || scores.iter().zip(truth).zip(0u32..).filter(|((_, truth), _)| **truth != UNKNOWN);
        let is = known().filter(|((_, truth), _)| **truth == POSITIVE).map(|(_, concept)| concept);
        let said = known().filter(|((score, _), _)| threshold.passes(**score)).map(|(_, concept)| concept);
        (is.collect(), said.collect())
    });
    (sides.collect(), false)
}
