//! Labels of inputs as wholes, and what is computed of them once.

use labelscope_metrics::classification::{
    Average, Averages, ClassFigures, Confusion, Ranked, Reliability, Scores, Share, SingleLabel, Ties, ZeroDivision,
    averages, of_scores, of_top_scores,
};
use labelscope_metrics::{Counts, Labels, Mean, Named, TestInput, Threshold, mean, ranks_by_id};
use std::cell::OnceCell;

/// Bins of the expected calibration error among the figures.
pub(crate) const BINS: usize = 10;

/// Labels of a run.
pub(crate) struct LabelRun {
    labels: Labels,
    predicted: Vec<bool>,
    concepts: usize,
    ranks: Vec<u32>,
    ranked: OnceCell<Vec<Ranked<f64>>>,
    pooled: OnceCell<Ranked<f64>>,
    classes: OnceCell<Vec<ClassFigures>>,
    single: OnceCell<Option<Single>>,
    pub curves: crate::curves::Kept,
}

/// What holds where each input has exactly one concept that is true.
pub(crate) struct Single {
    /// `None` where nobody can tell.
    pub truth: Vec<Option<u32>>,
    /// The surest concept; of equals that whose id comes first.
    pub top: Vec<Option<u32>>,
    pub confusion: Confusion,
    pub macro_average: Averages,
    pub micro_average: Averages,
    pub weighted_average: Averages,
    pub accuracy: Share,
    pub top_5: Share,
    pub losses: Vec<Option<f64>>,
    pub log_loss: Option<f64>,
    pub brier: Option<f64>,
}

impl LabelRun {
    pub fn new(labels: Labels, inputs: &[TestInput], concepts: &[Named]) -> Self {
        Self {
            labels,
            predicted: inputs.iter().map(|i| i.predicted).collect(),
            concepts: concepts.len(),
            ranks: ranks_by_id(concepts),
            ranked: OnceCell::new(),
            pooled: OnceCell::new(),
            classes: OnceCell::new(),
            single: OnceCell::new(),
            curves: crate::curves::Kept::default(),
        }
    }

    fn ties(&self) -> Ties<'_> {
        Ties::Ranks(&self.ranks)
    }

    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    pub fn concepts(&self) -> usize {
        self.concepts
    }

    /// Scores and truth. The reader of test sets has made sure that they are as long as each other.
    pub fn scores(&self) -> Option<Scores<'_, f64>> {
        Scores::of(&self.labels, self.concepts)
    }

    /// Each input's scores and truth.
    pub fn rows(&self) -> impl Iterator<Item = (&[f64], &[u8])> {
        let width = self.concepts.max(1);
        self.labels.scores.chunks(width).zip(self.labels.truth.chunks(width))
    }

    /// The score of a concept on an input.
    pub fn score(&self, input: usize, concept: usize) -> f64 {
        self.labels.scores.get(input * self.concepts + concept).copied().unwrap_or_default()
    }

    /// Each concept's scores, sorted.
    pub fn ranked(&self) -> &[Ranked<f64>] {
        self.ranked.get_or_init(|| self.scores().map_or_else(Vec::new, |scores| Ranked::all(&scores)))
    }

    /// All pairs of input and concept as one concept.
    pub fn pooled(&self) -> &Ranked<f64> {
        self.pooled.get_or_init(|| match self.scores() {
            Some(scores) => Ranked::pooled(&scores),
            None => Ranked::of([]),
        })
    }

    /// Each concept's figures; their counts are of the usual threshold and not to be used.
    pub fn classes(&self) -> &[ClassFigures] {
        self.classes.get_or_init(|| self.ranked().iter().map(|r| r.figures(Threshold::default())).collect())
    }

    /// Each concept against the rest at a threshold.
    pub fn counts(&self, at: Threshold) -> Vec<Counts> {
        self.ranked().iter().map(|r| r.counts(at)).collect()
    }

    pub fn macro_roc_auc(&self) -> Mean {
        mean(self.classes().iter().map(|c| c.roc_auc))
    }

    pub fn mean_average_precision(&self) -> Mean {
        mean(self.classes().iter().map(|c| c.average_precision))
    }

    /// Of the surest scores where each input has one label, otherwise of all scores.
    pub fn reliability(&self, bins: usize) -> Option<Reliability> {
        let scores = self.scores()?;
        Some(match SingleLabel::new(scores, &self.predicted) {
            Some(single) => of_top_scores(&single, self.ties(), bins),
            None => of_scores(&scores, None, bins),
        })
    }

    /// Mean squared distance of score and truth: summed over the concepts where each input has one label, otherwise over all
    /// pairs of input and concept.
    pub fn brier(&self) -> Option<f64> {
        if let Some(single) = self.single() {
            return single.brier;
        }
        let pairs = self.scores()?.pairs();
        let (sum, n) =
            pairs.fold((0.0, 0u32), |(sum, n), (s, is)| (sum + (s - f64::from(u8::from(is))).powi(2), n + 1));
        (n > 0).then(|| sum / f64::from(n))
    }

    /// Where each input has exactly one concept that is true.
    pub fn single(&self) -> Option<&Single> {
        self.single.get_or_init(|| self.make_single()).as_ref()
    }

    fn make_single(&self) -> Option<Single> {
        let single = SingleLabel::new(self.scores()?, &self.predicted)?;
        let confusion = single.confusion(self.ties());
        let counts: Vec<Counts> = (0..self.concepts).map(|class| confusion.counts(class as u32)).collect();
        let average = |of| averages(&counts, of, ZeroDivision::LeftOut);
        Some(Single {
            truth: single.truth().to_vec(),
            top: single.top_1(self.ties()),
            macro_average: average(Average::Macro),
            micro_average: average(Average::Micro),
            weighted_average: average(Average::Weighted),
            accuracy: single.top_k(1, self.ties()),
            top_5: single.top_k(5, self.ties()),
            losses: single.losses(),
            log_loss: single.log_loss(),
            brier: single.brier(),
            confusion,
        })
    }
}
