//! Detection and segmentation.

use super::super::params::{AreaRange, Params};
use super::{Figures, MAX_MATRIX, Notes, STEPS, confusion, label_counts, share, together};
use crate::jobs::evaluate::read::MAX_PAIRS;
use crate::jobs::{Halt, Work};
use crate::ops::test_sets::valued;
use labelscope_api::messages::{BinaryMetrics, MetricsSummary, PrecisionRecallCurve, Roc};
use labelscope_metrics::classification::{Average, ZeroDivision, averages, grid};
use labelscope_metrics::detection::{
    Area, CocoSummary, Evaluation, Matching, Overlap, Overlaps, Params as Coco, Ranking, Rule, confusion as taken_for,
    counts, evaluate, matches, overlaps, rankings,
};
use labelscope_metrics::{Counts, Matrix, NEGATIVE, Named, Objects, POSITIVE, TestSet, Threshold};
use serde_json::{Map, Value};

/// The overlap of the summary's precision, recall and F1, and of the confusion matrix.
const IOU: f64 = 0.5;

pub(in crate::jobs::evaluate) fn detection(
    work: &mut Work<'_>,
    set: &TestSet,
    objects: &Objects,
    params: &Params,
    masks: bool,
) -> Result<Figures, Halt> {
    let mut notes = Notes::default();
    let laid = overlaps(objects, if masks { Overlap::Masks } else { Overlap::Boxes });
    let passes = (params.ious.len() * params.areas.len()) as u64 + 2;
    work.progress(2, 1, passes)?;
    let coco = Coco { max_detections: detections(params.max_detections), ..Coco::default() };
    let whole = evaluate(objects, set.concepts.len(), &laid, &coco).summary();
    work.progress(2, 2, passes)?;
    let measured = Measured { set, objects, overlaps: &laid, params };
    let (mut by_class, mut by_area) = (Vec::new(), Vec::new());
    let asked = Coco {
        ious: params.ious.clone(),
        areas: params.areas.iter().map(area).collect(),
        max_detections: vec![params.max_detections],
    };
    let cells = evaluate(objects, set.concepts.len(), &laid, &asked);
    for (i, iou) in params.ious.iter().enumerate() {
        for (a, range) in params.areas.iter().enumerate() {
            let at = Cell { cells: &cells, iou: (i, *iou), area: (a, range) };
            measured.cell(&at, &mut by_class, &mut by_area, &mut notes);
            work.progress(2, 3 + (i * params.areas.len() + a) as u64, passes)?;
        }
    }
    notes.told(None, || "metrics_by_class.roc_auc".to_owned());
    notes.told(None, || "metrics_by_area.roc_auc".to_owned());
    // In the order of concepts, whatever the order of the passes was.
    let place = |b: &BinaryMetrics| set.concepts.iter().position(|c| b.concept.as_ref().is_some_and(|o| o.id == c.id));
    by_class.sort_by_cached_key(place);
    let summary = measured.summary(&whole, &mut notes)?;
    let mut parts = vec![
        ("label_counts", serde_json::to_string(&label_counts(&set.concepts, &measured.labels()))?),
        ("metrics_by_class", serde_json::to_string(&by_class)?),
        ("metrics_by_area", serde_json::to_string(&by_area)?),
    ];
    measured.matrices(&mut parts, &mut notes)?;
    Ok(Figures { summary, parts, notes })
}

/// COCO's numbers of detections, up to the most that count.
fn detections(most: usize) -> Vec<usize> {
    [1, 10, most].into_iter().map(|n| n.min(most)).collect()
}

fn area(range: &AreaRange) -> Area {
    // The name is told from the parameters; what is measured by it are COCO's own.
    Area { name: "", from: range.min, to: range.max }
}

/// One overlap and one range of areas, by position and as they are.
struct Cell<'a> {
    cells: &'a Evaluation,
    iou: (usize, f64),
    area: (usize, &'a AreaRange),
}

struct Measured<'a> {
    set: &'a TestSet,
    objects: &'a Objects,
    overlaps: &'a Overlaps,
    params: &'a Params,
}

impl Measured<'_> {
    fn rule(&self, iou: f64, area: Area, matching: Matching) -> Rule {
        Rule { iou, matching, area, max_detections: self.params.max_detections }
    }

    fn cell(
        &self,
        at: &Cell<'_>,
        by_class: &mut Vec<BinaryMetrics>,
        by_area: &mut Vec<BinaryMetrics>,
        notes: &mut Notes,
    ) {
        let rule = self.rule(at.iou.1, area(at.area.1), Matching::Within);
        let ranked = rankings(&matches(self.objects, self.overlaps, &rule), self.objects, self.set.concepts.len());
        let name = &at.area.1.name;
        for (place, (concept, ranking)) in self.set.concepts.iter().zip(&ranked).enumerate() {
            let precision = at.cells.average_precision(place, at.iou.0, at.area.0, 0);
            let what = format!("metrics_by_class[{},{name}]", concept.id);
            by_class.push(self.one(Some(concept), at, ranking, precision, &what, notes));
        }
        let precision = at.cells.mean_average_precision(Some(at.iou.0), at.area.0, 0);
        let all = Ranking::pooled(&ranked);
        by_area.push(self.one(None, at, &all, precision, &format!("metrics_by_area[{name}]"), notes));
    }

    /// One concept, or all together, at one overlap in one range of areas.
    fn one(
        &self,
        concept: Option<&Named>,
        at: &Cell<'_>,
        ranking: &Ranking,
        average_precision: Option<f64>,
        what: &str,
        notes: &mut Notes,
    ) -> BinaryMetrics {
        let positives = ranking.positives();
        let AreaRange { name, min, max } = at.area.1;
        let counts = ranking.at(self.params.threshold);
        let mut out = BinaryMetrics {
            concept: concept.map(|c| valued(c, 1.0)),
            // Nobody can count what is not there: all are those that are.
            num_pos: positives as u32,
            num_tot: positives as u32,
            f1: notes.told(counts.f1(), || format!("{what}.f1")),
            avg_precision: notes.told(average_precision, || format!("{what}.avg_precision")),
            area_name: name.clone(),
            area_min: *min,
            area_max: *max,
            iou: at.iou.1 as f32,
            ..BinaryMetrics::default()
        };
        if positives > 0 {
            let upwards = grid(STEPS);
            let cut = self.params.threshold.cut;
            let counts: Vec<Counts> = upwards.iter().map(|t| ranking.at(Threshold { value: *t, cut })).collect();
            out.precision_recall_curve = Some(PrecisionRecallCurve {
                recall: counts.iter().map(|c| share(c.true_positives, positives)).collect(),
                precision: counts.iter().map(|c| c.precision().unwrap_or(1.0) as f32).collect(),
                thresholds: upwards.iter().map(|t| *t as f32).collect(),
            });
            out.roc_curve = Some(self.free_response(&counts, &upwards, positives));
        }
        out
    }

    /// What is found, over what is found wrongly on an input and for each object; there is no false positive rate.
    fn free_response(&self, counts: &[Counts], upwards: &[f64], positives: u64) -> Roc {
        let downwards = || counts.iter().rev();
        let inputs = self.set.inputs.len().max(1) as f64;
        Roc {
            tpr: downwards().map(|c| share(c.true_positives, positives)).collect(),
            thresholds: upwards.iter().rev().map(|t| *t as f32).collect(),
            fpr_per_image: downwards().map(|c| (c.false_positives as f64 / inputs) as f32).collect(),
            fpr_per_object: downwards().map(|c| (c.false_positives as f64 / positives as f64) as f32).collect(),
            ..Roc::default()
        }
    }

    /// Objects that are there, by concept, crowds among them.
    fn labels(&self) -> Vec<u64> {
        let mut out = vec![0; self.set.concepts.len()];
        for truth in &self.objects.truth {
            if let Some(count) = out.get_mut(truth.concept as usize) {
                *count += 1;
            }
        }
        out
    }

    fn summary(&self, coco: &CocoSummary, notes: &mut Notes) -> Result<MetricsSummary, Halt> {
        let within = matches(self.objects, self.overlaps, &self.rule(IOU, Area::ALL, Matching::Within));
        let found = counts(&within, self.objects, self.set.concepts.len(), self.params.threshold);
        let each = averages(&found, Average::Macro, ZeroDivision::LeftOut);
        let all = averages(&found, Average::Micro, ZeroDivision::LeftOut);
        let twelve: Map<String, Value> = coco.rows().map(|(name, value)| (name.to_owned(), value.into())).collect();
        notes.set("coco", twelve)?;
        for (name, a) in [("macro", &each), ("micro", &all)] {
            let of = [("precision", a.precision.value), ("recall", a.recall.value), ("f1", a.f1.value)];
            notes.set(name, of.into_iter().collect::<std::collections::BTreeMap<_, _>>())?;
        }
        let mut told = |value: Option<f64>, name: &str| notes.told(value, || format!("summary.{name}"));
        Ok(MetricsSummary {
            mean_avg_precision_iou_50: told(coco.get("AP50"), "mean_avg_precision_iou_50"),
            mean_avg_precision_iou_range: told(coco.get("AP"), "mean_avg_precision_iou_range"),
            macro_avg_roc_auc: told(None, "macro_avg_roc_auc"),
            macro_std_roc_auc: told(None, "macro_std_roc_auc"),
            macro_avg_f1_score: told(each.f1.value, "macro_avg_f1_score"),
            macro_std_f1_score: told(each.f1.deviation, "macro_std_f1_score"),
            macro_avg_precision: told(each.precision.value, "macro_avg_precision"),
            macro_avg_recall: told(each.recall.value, "macro_avg_recall"),
            ..MetricsSummary::default()
        })
    }

    fn matrices(&self, parts: &mut Vec<(&'static str, String)>, notes: &mut Notes) -> Result<(), Halt> {
        let concepts = &self.set.concepts;
        if concepts.len() > MAX_MATRIX {
            notes.leave_out("confusion_matrix");
        } else {
            let matching = if self.params.across { Matching::Across } else { Matching::Within };
            let met = matches(self.objects, self.overlaps, &self.rule(IOU, Area::ALL, matching));
            let counted = taken_for(&met, self.objects, concepts.len(), self.params.threshold);
            parts.push(("confusion_matrix", serde_json::to_string(&confusion(concepts, &of_rows(&counted)))?));
        }
        if concepts.len() > MAX_MATRIX || concepts.len().saturating_mul(self.set.inputs.len()) > MAX_PAIRS {
            notes.leave_out("cooccurrence_matrix");
            return Ok(());
        }
        let mut truth = vec![NEGATIVE; concepts.len() * self.set.inputs.len()];
        for t in &self.objects.truth {
            if let Some(cell) = truth.get_mut(t.input as usize * concepts.len() + t.concept as usize) {
                *cell = POSITIVE;
            }
        }
        parts.push(("cooccurrence_matrix", serde_json::to_string(&together(concepts, &truth))?));
        Ok(())
    }
}

/// Each cell as its share of the row: of the objects of a concept, so many were taken for each; what is missing to 1 was missed.
fn of_rows(counted: &Matrix) -> Matrix {
    let mut out = Matrix::zero(counted.size());
    for row in 0..counted.size() {
        let sum: f64 = counted.row(row).iter().sum();
        for (column, count) in counted.row(row).iter().enumerate().filter(|(_, count)| **count > 0.0) {
            out.add(row, column, count / sum);
        }
    }
    out
}
