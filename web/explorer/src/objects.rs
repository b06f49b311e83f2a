//! Objects on inputs, and what is computed of them once.

use labelscope_messages::evaluation::{self as messages, Settings};
use labelscope_metrics::detection::{
    Area, ErrorRule, Errors, Evaluation, Matches, Matching, Overlap, Overlaps, Params, Ranking, Rule, errors, evaluate,
    matches, overlaps, rankings,
};
use labelscope_metrics::{Counts, Objects};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Ways to match that are kept: as many as a hand leaves on a slider for a while.
const KEPT: usize = 24;

/// What matches depend on: the overlap's bits, whether masks are measured, whether other concepts may match, the area.
type Key = (u64, bool, bool, messages::Area);

/// Objects of a run.
pub(crate) struct ObjectRun {
    objects: Objects,
    inputs: usize,
    concepts: usize,
    overlaps: [OnceCell<Overlaps>; 2],
    evaluations: [OnceCell<Evaluation>; 2],
    matches: RefCell<HashMap<Key, Rc<Matches>>>,
    rankings: RefCell<HashMap<Key, Rc<Vec<Ranking>>>>,
    errors: RefCell<HashMap<Key, Rc<Errors>>>,
    pub curves: crate::curves::Kept,
}

/// COCO's range.
pub(crate) fn area(area: messages::Area) -> Area {
    match area {
        messages::Area::All => Area::ALL,
        messages::Area::Small => Area::SMALL,
        messages::Area::Medium => Area::MEDIUM,
        messages::Area::Large => Area::LARGE,
    }
}

/// The overlap of the settings, in the range in which it means something.
pub(crate) fn iou(at: &Settings) -> f64 {
    if at.iou.is_nan() { 0.5 } else { at.iou.clamp(0.01, 1.0) }
}

impl ObjectRun {
    pub fn new(objects: Objects, inputs: usize, concepts: usize) -> Self {
        Self {
            objects,
            inputs,
            concepts,
            overlaps: Default::default(),
            evaluations: Default::default(),
            matches: RefCell::default(),
            rankings: RefCell::default(),
            errors: RefCell::default(),
            curves: crate::curves::Kept::default(),
        }
    }

    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    pub fn inputs(&self) -> usize {
        self.inputs
    }

    pub fn concepts(&self) -> usize {
        self.concepts
    }

    /// The overlaps of boxes, or of masks.
    pub fn overlaps(&self, masks: bool) -> &Overlaps {
        let [boxes, of_masks] = &self.overlaps;
        let by = if masks { Overlap::Masks } else { Overlap::Boxes };
        (if masks { of_masks } else { boxes }).get_or_init(|| overlaps(&self.objects, by))
    }

    /// COCO's evaluation by boxes, or by masks.
    pub fn evaluation(&self, masks: bool) -> &Evaluation {
        let [boxes, of_masks] = &self.evaluations;
        (if masks { of_masks } else { boxes })
            .get_or_init(|| evaluate(&self.objects, self.concepts, self.overlaps(masks), &Params::default()))
    }

    /// How the settings match.
    pub fn rule(at: &Settings, across: bool) -> Rule {
        let matching = if across { Matching::Across } else { Matching::Within };
        Rule { iou: iou(at), matching, area: area(at.area), ..Rule::default() }
    }

    /// What became of each object, whatever the threshold.
    pub fn matches(&self, at: &Settings, across: bool) -> Rc<Matches> {
        let key = (iou(at).to_bits(), at.masks, across, at.area);
        kept(&self.matches, key, || matches(&self.objects, self.overlaps(at.masks), &Self::rule(at, across)))
    }

    /// Each concept's predictions, surest first, matched within their concept.
    pub fn rankings(&self, at: &Settings) -> Rc<Vec<Ranking>> {
        let key = (iou(at).to_bits(), at.masks, false, at.area);
        kept(&self.rankings, key, || rankings(&self.matches(at, false), &self.objects, self.concepts))
    }

    /// Kinds of errors, whatever the threshold.
    pub fn errors(&self, at: &Settings) -> Rc<Errors> {
        let usual = ErrorRule::default();
        let foreground = iou(at);
        let rule = ErrorRule { foreground, background: usual.background.min(foreground), area: area(at.area), ..usual };
        let key = (foreground.to_bits(), at.masks, false, at.area);
        kept(&self.errors, key, || errors(&self.objects, self.concepts, self.overlaps(at.masks), &rule))
    }

    /// Each concept's counts at the threshold, matched within their concept.
    pub fn counts(&self, at: &Settings) -> Vec<Counts> {
        let threshold = crate::run::threshold(at);
        self.rankings(at).iter().map(|ranking| ranking.at(threshold)).collect()
    }
}

fn kept<K: std::hash::Hash + Eq, T>(cache: &RefCell<HashMap<K, Rc<T>>>, key: K, make: impl FnOnce() -> T) -> Rc<T> {
    if let Some(held) = cache.borrow().get(&key) {
        return Rc::clone(held);
    }
    let made = Rc::new(make());
    let mut cache = cache.borrow_mut();
    if cache.len() >= KEPT {
        cache.clear();
    }
    cache.insert(key, Rc::clone(&made));
    made
}
