//! Which concepts stand on the same inputs.

use crate::run::{Measured, Run};
use labelscope_messages::evaluation::{Numbers, Together};
use labelscope_metrics::classification::cooccurrence;
use labelscope_metrics::{NEGATIVE, POSITIVE};

/// Concepts that are shown at most, the most labelled.
const MOST: usize = 500;

pub(crate) fn together(run: &Run) -> Together {
    let concepts = run.concepts.len();
    let counts = match &run.measured {
        Measured::Labels(run) => cooccurrence(&run.labels().truth, concepts),
        Measured::Objects(run) => {
            let mut truth = vec![NEGATIVE; run.inputs() * concepts];
            for object in &run.objects().truth {
                if let Some(cell) = truth.get_mut(object.input as usize * concepts + object.concept as usize) {
                    *cell = POSITIVE;
                }
            }
            cooccurrence(&truth, concepts)
        }
    };
    let shown = concepts.min(MOST);
    let cells = (0..shown).flat_map(|a| (0..shown).map(move |b| (a, b)));
    Together {
        concepts: (0..shown as u32).collect(),
        counts: Numbers::of(cells.map(|(a, b)| f64::from(counts.count(a, b)))),
    }
}
