//! Tables of scores and truth for tests.

use labelscope_metrics::classification::Scores;
use labelscope_metrics::{NEGATIVE, POSITIVE, UNKNOWN};
use proptest::prelude::*;

/// Scores and truth of some inputs for some classes.
#[derive(Debug, Clone)]
pub struct Table {
    pub classes: usize,
    pub scores: Vec<f64>,
    pub truth: Vec<u8>,
}

impl Table {
    pub fn view(&self) -> Scores<'_, f64> {
        Scores::new(&self.scores, &self.truth, self.classes).expect("a whole table")
    }

    /// The same inputs in another order.
    pub fn of_inputs(&self, order: impl IntoIterator<Item = usize>) -> Self {
        let mut out = Self { classes: self.classes, scores: Vec::new(), truth: Vec::new() };
        for input in order {
            let (scores, truth) = self.view().row(input);
            out.scores.extend(scores);
            out.truth.extend(truth);
        }
        out
    }

    /// The same classes in another order.
    pub fn of_classes(&self, order: &[usize]) -> Self {
        let rows = || self.view().rows().collect::<Vec<_>>();
        Self {
            classes: order.len(),
            scores: rows().iter().flat_map(|(scores, _)| order.iter().map(|class| scores[*class])).collect(),
            truth: rows().iter().flat_map(|(_, truth)| order.iter().map(|class| truth[*class])).collect(),
        }
    }
}

/// Scores that are often equal, and lie on both sides of 0.
fn score() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (0..=10).prop_map(|tenths| f64::from(tenths) / 10.0),
        1 => -2.0..2.0_f64,
        1 => Just(-0.0),
    ]
}

/// Any labels, unknown ones among them.
pub fn table() -> impl Strategy<Value = Table> {
    (1..6_usize, 1..25_usize).prop_flat_map(|(classes, inputs)| {
        let truth = prop_oneof![3 => Just(NEGATIVE), 2 => Just(POSITIVE), 1 => Just(UNKNOWN)];
        let size = classes * inputs;
        (prop::collection::vec(score(), size), prop::collection::vec(truth, size))
            .prop_map(move |(scores, truth)| Table { classes, scores, truth })
    })
}

/// One class an input.
pub fn single_label_table() -> impl Strategy<Value = Table> {
    (1..6_usize, 1..25_usize).prop_flat_map(|(classes, inputs)| {
        (prop::collection::vec(score(), classes * inputs), prop::collection::vec(0..classes, inputs)).prop_map(
            move |(scores, labels)| {
                let truth = labels.iter().flat_map(|label| (0..classes).map(move |class| u8::from(class == *label)));
                Table { classes, scores, truth: truth.collect() }
            },
        )
    })
}
