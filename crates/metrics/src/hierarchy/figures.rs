//! Precision and recall that know what is near.

use std::collections::BTreeSet;

use super::graph::Hierarchy;

/// Precision, recall and F1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct HierarchyFigures {
    /// 0 to 1; undefined where nothing was predicted.
    pub precision: Option<f64>,
    /// 0 to 1; undefined where nothing is there.
    pub recall: Option<f64>,
    /// 2 P R / (P + R), 0 to 1, and 0 where both are 0; undefined where one of the two is.
    pub f1: Option<f64>,
}

impl HierarchyFigures {
    fn new(found: f64, predicted: f64, known: f64, there: f64) -> Self {
        let precision = (predicted > 0.0).then(|| found / predicted);
        let recall = (there > 0.0).then(|| known / there);
        let f1 = precision.zip(recall).map(|(p, r)| if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 });
        Self { precision, recall, f1 }
    }
}

/// Over inputs with their sets of true and predicted classes, each set extended by all that is broader (T, P):
/// precision Σ|T ∩ P| / Σ|P|, recall Σ|T ∩ P| / Σ|T| (Kiritchenko, Matwin, Famili 2005). A class that is broader than all
/// others is in neither set: it would be right always.
#[must_use]
pub fn ancestor_figures<'a>(
    hierarchy: &Hierarchy,
    inputs: impl IntoIterator<Item = (&'a [u32], &'a [u32])>,
) -> HierarchyFigures {
    let (mut both, mut predicted, mut there) = (0u64, 0u64, 0u64);
    let extended = |classes: &[u32]| -> BTreeSet<u32> {
        let all = classes.iter().flat_map(|class| hierarchy.ancestors(*class).chain([*class]));
        all.filter(|class| Some(*class) != hierarchy.top()).collect()
    };
    for (truth, prediction) in inputs {
        let (truth, prediction) = (extended(truth), extended(prediction));
        both += truth.intersection(&prediction).count() as u64;
        predicted += prediction.len() as u64;
        there += truth.len() as u64;
    }
    HierarchyFigures::new(both as f64, predicted as f64, both as f64, there as f64)
}

/// Over inputs with their sets of true and predicted classes: a predicted class earns the [`Hierarchy::credit`] to the nearest
/// true class of its input, and precision is the mean over predicted classes; a true class earns the credit to the nearest
/// predicted one, and recall is the mean over true classes. What has no counterpart earns 0. Where no class is broader than
/// another these are the usual micro averages.
#[must_use]
pub fn distance_figures<'a>(
    hierarchy: &Hierarchy,
    inputs: impl IntoIterator<Item = (&'a [u32], &'a [u32])>,
) -> HierarchyFigures {
    let (mut found, mut predicted, mut known, mut there) = (0.0, 0u64, 0.0, 0u64);
    let earned = |classes: &[u32], others: &[u32]| -> f64 {
        let nearest = |class: &u32| others.iter().map(|other| hierarchy.credit(*class, *other)).fold(0.0, f64::max);
        classes.iter().map(nearest).sum()
    };
    for (truth, prediction) in inputs {
        found += earned(prediction, truth);
        known += earned(truth, prediction);
        predicted += prediction.len() as u64;
        there += truth.len() as u64;
    }
    HierarchyFigures::new(found, predicted as f64, known, there as f64)
}
