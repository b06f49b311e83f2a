//! A test set and what was computed of it.

use crate::labels::LabelRun;
use crate::objects::ObjectRun;
use labelscope_messages::evaluation::{Overview, Settings};
use labelscope_metrics::{Content, Cut, Named, POSITIVE, TestInput, TestSet, Threshold};

/// A run: inputs and concepts, and what was measured on them.
pub(crate) struct Run {
    pub inputs: Vec<TestInput>,
    pub concepts: Vec<Named>,
    pub measured: Measured,
}

/// What was measured, with what is computed of it once.
pub(crate) enum Measured {
    Labels(LabelRun),
    Objects(ObjectRun),
}

impl Run {
    pub fn new(set: TestSet) -> Self {
        let TestSet { concepts, inputs, content } = set;
        let measured = match content {
            Content::Labels(labels) => Measured::Labels(LabelRun::new(labels, &inputs, &concepts)),
            Content::Objects(objects) => Measured::Objects(ObjectRun::new(objects, inputs.len(), concepts.len())),
        };
        Self { inputs, concepts, measured }
    }

    pub fn overview(&self) -> Overview {
        let (positives, predictions, masks, single_label) = match &self.measured {
            Measured::Labels(run) => {
                let labels = run.labels();
                let positives: usize = labels.truth.iter().map(|t| usize::from(*t == POSITIVE)).sum();
                let predictions = labels.scores.iter().filter(|s| **s > 0.0).count();
                (positives, predictions, false, run.single().is_some())
            }
            Measured::Objects(run) => {
                let o = run.objects();
                let masks = o.truth.iter().any(|t| t.mask.is_some()) || o.predictions.iter().any(|p| p.mask.is_some());
                (o.truth.len(), o.predictions.len(), masks, false)
            }
        };
        Overview {
            detection: matches!(self.measured, Measured::Objects(_)),
            single_label,
            masks,
            concepts: self.named(),
            inputs: self.inputs.len() as u32,
            unpredicted: self.inputs.iter().filter(|i| !i.predicted).count() as u32,
            positives: positives as u32,
            predictions: predictions as u32,
        }
    }

    /// Id and name of each concept.
    pub fn named(&self) -> Vec<(String, String)> {
        self.concepts.iter().map(|c| (c.id.clone(), c.name.clone())).collect()
    }

    /// A concept by its id.
    pub fn concept(&self, id: &str) -> Option<u32> {
        self.concepts.iter().position(|c| c.id == id).map(|at| at as u32)
    }
}

/// The threshold of the settings.
pub(crate) fn threshold(at: &Settings) -> Threshold {
    Threshold { value: at.threshold, cut: if at.inclusive { Cut::AtOrAbove } else { Cut::Above } }
}
