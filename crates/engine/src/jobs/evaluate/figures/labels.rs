//! Classification.

use super::super::params::Params;
use super::{Figures, MAX_MATRIX, Notes, STEPS, confusion, label_counts, positives, share, together};
use crate::jobs::{Halt, Work};
use crate::ops::test_sets::valued;
use labelscope_api::messages::{BinaryMetrics, MetricsSummary, PrecisionRecallCurve, Roc};
use labelscope_metrics::classification::{
    Average, ClassFigures, Ranked, Scores, SingleLabel, Ties, ZeroDivision, averages, grid, mean_scores, of_scores,
    pooled_figures,
};
use labelscope_metrics::{Counts, Cut, Labels, Named, TestSet, Threshold, mean, ranks_by_id};
use serde_json::json;

const BINS: usize = 10;

pub(in crate::jobs::evaluate) fn labels(
    work: &mut Work<'_>,
    set: &TestSet,
    labels: &Labels,
    params: &Params,
) -> Result<Figures, Halt> {
    let concepts = &set.concepts;
    let mut notes = Notes::default();
    let Some(scores) = Scores::new(&labels.scores, &labels.truth, concepts.len()) else {
        return Ok(Figures { summary: MetricsSummary::default(), parts: Vec::new(), notes });
    };
    let top = labels.scores.iter().copied().fold(1.0, f64::max);
    let curves = Curves::new(params.threshold.cut, top + 1.0);
    let (mut binary, mut figures) = (Vec::with_capacity(concepts.len()), Vec::with_capacity(concepts.len()));
    for (at, concept) in concepts.iter().enumerate() {
        let ranked = Ranked::class(&scores, at);
        let found = ranked.figures(params.threshold);
        binary.push(curves.one(concept, &ranked, &found, &mut notes));
        figures.push(found);
        work.progress(2, at as u64 + 1, concepts.len() as u64)?;
    }
    let summary = summary(&figures, &mut notes);
    let predicted: Vec<bool> = set.inputs.iter().map(|i| i.predicted).collect();
    let ranks = ranks_by_id(concepts);
    let summary = single_label(summary, SingleLabel::new(scores, &predicted), &ranks, &mut notes)?;
    extras(&scores, &figures, params, &mut notes)?;
    let mut parts = vec![
        ("label_counts", serde_json::to_string(&label_counts(concepts, &positives(&labels.truth, concepts.len())))?),
        ("binary_metrics", serde_json::to_string(&binary)?),
    ];
    if concepts.len() <= MAX_MATRIX {
        parts.push(("confusion_matrix", serde_json::to_string(&confusion(concepts, &mean_scores(&scores)))?));
        parts.push(("cooccurrence_matrix", serde_json::to_string(&together(concepts, &labels.truth))?));
    } else {
        notes.leave_out("confusion_matrix");
        notes.leave_out("cooccurrence_matrix");
    }
    work.check()?;
    Ok(Figures { summary, parts, notes })
}

/// The thresholds of all curves.
struct Curves {
    upwards: Vec<f64>,
    cut: Cut,
    /// Above every score of every concept: nothing is predicted.
    first: f64,
}

impl Curves {
    fn new(cut: Cut, first: f64) -> Self {
        Self { upwards: grid(STEPS), cut, first }
    }

    /// Counts at each threshold of the grid. At 0 everything is predicted, whatever happens at equality elsewhere: a curve
    /// has both its ends.
    fn counts(&self, ranked: &Ranked<f64>) -> Vec<Counts> {
        let mut counts = ranked.counts_on(&self.upwards, self.cut);
        if let Some(all) = counts.first_mut() {
            *all = ranked.counts(Threshold { value: 0.0, cut: Cut::AtOrAbove });
        }
        counts
    }

    fn one(&self, concept: &Named, ranked: &Ranked<f64>, figures: &ClassFigures, notes: &mut Notes) -> BinaryMetrics {
        let id = &concept.id;
        let (positives, negatives) = (figures.positives, figures.negatives);
        let name = |what: &str| format!("binary_metrics[{id}].{what}");
        let (mut pr, mut roc) = (None, None);
        if positives == 0 {
            // There is no recall, so no point of either curve.
            notes.told(None, || name("precision_recall_curve"));
            notes.told(None, || name("roc_curve"));
        } else {
            let counts = self.counts(ranked);
            if negatives == 0 {
                notes.told(None, || name("roc_curve.fpr"));
            }
            pr = Some(PrecisionRecallCurve {
                recall: counts.iter().map(|c| share(c.true_positives, positives)).collect(),
                // Where nothing is predicted the curve ends at recall 0 and precision 1.
                precision: counts.iter().map(|c| c.precision().unwrap_or(1.0) as f32).collect(),
                thresholds: self.upwards.iter().map(|t| *t as f32).collect(),
            });
            let downwards = || counts.iter().rev();
            let begin = |rest: Vec<f32>, first: f32| [vec![first], rest].concat();
            roc = Some(Roc {
                fpr: begin(downwards().map(|c| share(c.false_positives, negatives)).collect(), 0.0),
                tpr: begin(downwards().map(|c| share(c.true_positives, positives)).collect(), 0.0),
                thresholds: begin(self.upwards.iter().rev().map(|t| *t as f32).collect(), self.first as f32),
                ..Roc::default()
            });
        }
        BinaryMetrics {
            concept: Some(valued(concept, 1.0)),
            num_pos: positives as u32,
            num_neg: negatives as u32,
            num_tot: (positives + negatives) as u32,
            roc_auc: notes.told(figures.roc_auc, || name("roc_auc")),
            f1: notes.told(figures.counts.f1(), || name("f1")),
            avg_precision: notes.told(figures.average_precision, || name("avg_precision")),
            precision_recall_curve: pr,
            roc_curve: roc,
            ..BinaryMetrics::default()
        }
    }
}

/// Means over the concepts for which a figure is defined.
fn summary(figures: &[ClassFigures], notes: &mut Notes) -> MetricsSummary {
    let counts: Vec<Counts> = figures.iter().map(|f| f.counts).collect();
    let each = averages(&counts, Average::Macro, ZeroDivision::LeftOut);
    let auc = mean(figures.iter().map(|f| f.roc_auc));
    let mut told = |value: Option<f64>, name: &str| notes.told(value, || format!("summary.{name}"));
    MetricsSummary {
        macro_avg_roc_auc: told(auc.value, "macro_avg_roc_auc"),
        macro_std_roc_auc: told(auc.deviation, "macro_std_roc_auc"),
        macro_avg_f1_score: told(each.f1.value, "macro_avg_f1_score"),
        macro_std_f1_score: told(each.f1.deviation, "macro_std_f1_score"),
        macro_avg_precision: told(each.precision.value, "macro_avg_precision"),
        macro_avg_recall: told(each.recall.value, "macro_avg_recall"),
        ..MetricsSummary::default()
    }
}

/// What has a meaning where each input has exactly one concept that is true.
fn single_label(
    mut summary: MetricsSummary,
    single: Option<SingleLabel<'_, f64>>,
    ranks: &[u32],
    notes: &mut Notes,
) -> Result<MetricsSummary, Halt> {
    let Some(single) = single else {
        for name in ["summary.top1_accuracy", "summary.top5_accuracy", "accuracy", "log_loss", "brier_score"] {
            notes.told(None, || name.to_owned());
        }
        notes.set("single_label", false)?;
        return Ok(summary);
    };
    let top = |k: usize| single.top_k(k, Ties::Ranks(ranks)).value();
    summary.top1_accuracy = notes.told(top(1), || "summary.top1_accuracy".to_owned());
    summary.top5_accuracy = notes.told(top(5), || "summary.top5_accuracy".to_owned());
    notes.set("single_label", true)?;
    notes.set("ties", "of equal scores the concept whose id comes first is the surest")?;
    notes.set("accuracy", top(1))?;
    notes.set("top5_accuracy", top(5))?;
    notes.set("log_loss", single.log_loss())?;
    notes.set("brier_score", single.brier())?;
    Ok(summary)
}

/// Other averages than the summary's.
fn extras(scores: &Scores<'_, f64>, figures: &[ClassFigures], params: &Params, notes: &mut Notes) -> Result<(), Halt> {
    let counts: Vec<Counts> = figures.iter().map(|f| f.counts).collect();
    for (name, average) in [("micro", Average::Micro), ("weighted", Average::Weighted)] {
        let found = averages(&counts, average, ZeroDivision::LeftOut);
        notes.set(
            name,
            json!({"precision": found.precision.value, "recall": found.recall.value, "f1": found.f1.value}),
        )?;
    }
    let each = averages(&counts, Average::Macro, ZeroDivision::LeftOut);
    let average_precision = mean(figures.iter().map(|f| f.average_precision));
    let auc = mean(figures.iter().map(|f| f.roc_auc));
    notes.set(
        "macro",
        json!({
            "precision": each.precision.value, "recall": each.recall.value, "f1": each.f1.value,
            "average_precision": average_precision.value, "roc_auc": auc.value,
        }),
    )?;
    let pooled = pooled_figures(scores, params.threshold.into());
    notes.set("pooled", json!({"average_precision": pooled.average_precision, "roc_auc": pooled.roc_auc}))?;
    notes.set("expected_calibration_error", of_scores(scores, None, BINS).expected_error())
}
