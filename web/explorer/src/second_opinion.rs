//! The server's numbers beside ours.

use crate::figures::figures;
use crate::labels::LabelRun;
use crate::objects::ObjectRun;
use crate::run::{Measured, Run};
use crate::{Problem, reply};
use labelscope_api::messages::{BinaryMetrics, EvalMetrics, MetricsSummary};
use labelscope_messages::evaluation::{SecondOpinion, SecondOpinionLine, Settings};
use labelscope_metrics::classification::{Average, Averages, ZeroDivision, averages};
use labelscope_metrics::detection::{Area, Params, evaluate};
use labelscope_metrics::{Cut, Mean, Threshold};
use serde_json::Value;

/// How far two numbers may be apart that are the same in 32 bits.
const NEAR: f64 = 1e-6;

/// Lines as they are gathered.
struct Lines(Vec<SecondOpinionLine>);

impl Lines {
    /// What is undefined is printed as 0.
    fn add(&mut self, name: &str, concept: Option<u32>, theirs: f32, ours: Option<f64>) {
        let theirs = f64::from(theirs);
        let equal = (theirs - ours.unwrap_or(0.0)).abs() <= NEAR;
        self.0.push(SecondOpinionLine {
            name: name.to_owned(),
            concept,
            theirs,
            ours,
            equal,
            ..SecondOpinionLine::default()
        });
    }

    /// A number that is printed only where it is not 0, and is not meant where it is missing.
    fn told(&mut self, name: &str, concept: Option<u32>, theirs: f32, ours: Option<f64>) {
        if theirs != 0.0 {
            self.add(name, concept, theirs, ours);
        }
    }
}

pub(crate) fn second_opinion(run: &Run, at: &Settings, json: &[u8]) -> Result<SecondOpinion, Problem> {
    let theirs = reply::read(json)?;
    let threshold = threshold_of(&theirs);
    let masks = said(&theirs, "overlap").and_then(Value::as_str).map_or(at.masks, |overlap| overlap == "masks");
    let at = Settings { threshold: threshold.value, inclusive: threshold.cut == Cut::AtOrAbove, masks, ..*at };
    let mut lines = Lines(Vec::new());
    match &run.measured {
        Measured::Labels(labels) => of_labels(&mut lines, run, labels, threshold, &theirs),
        Measured::Objects(objects) => of_objects(&mut lines, run, objects, &at, &theirs),
    }
    let different = lines.0.iter().filter(|line| !line.equal).count() as u32;
    Ok(SecondOpinion { lines: lines.0, different, threshold: at.threshold, inclusive: at.inclusive })
}

/// A setting that the evaluation was done with: what its server says of it, or what was asked for.
fn said<'a>(evaluation: &'a EvalMetrics, key: &str) -> Option<&'a Value> {
    let notes = evaluation.extended_metrics.as_ref().and_then(|e| e.user_metrics.as_ref()?.get("labelscope"));
    let params = evaluation.eval_info.as_ref().and_then(|info| info.params.as_ref());
    notes.and_then(|n| n.get(key)).or_else(|| params.and_then(|p| p.get(key)))
}

/// Otherwise what the API documents.
fn threshold_of(evaluation: &EvalMetrics) -> Threshold {
    let value = said(evaluation, "threshold").and_then(Value::as_f64).unwrap_or(Threshold::default().value);
    let inclusive = said(evaluation, "inclusive").and_then(Value::as_bool).unwrap_or(false);
    Threshold { value, cut: if inclusive { Cut::AtOrAbove } else { Cut::Above } }
}

fn position(run: &Run, metrics: &BinaryMetrics) -> Option<u32> {
    run.concept(&metrics.concept.as_ref()?.id)
}

fn of_labels(lines: &mut Lines, run: &Run, labels: &LabelRun, at: Threshold, theirs: &EvalMetrics) {
    let counts = labels.counts(at);
    if let Some(summary) = &theirs.summary {
        let each = averages(&counts, Average::Macro, ZeroDivision::LeftOut);
        macros(lines, summary, &each, labels.macro_roc_auc());
        let single = labels.single();
        lines.told("accuracy", None, summary.top1_accuracy, single.and_then(|s| s.accuracy.value()));
        lines.told("top_5", None, summary.top5_accuracy, single.and_then(|s| s.top_5.value()));
    }
    for metrics in &theirs.binary_metrics {
        let Some(concept) = position(run, metrics) else { continue };
        let place = concept as usize;
        let class = labels.classes().get(place);
        lines.add("f1", Some(concept), metrics.f1, counts.get(place).and_then(|c| c.f1()));
        lines.add("roc_auc", Some(concept), metrics.roc_auc, class.and_then(|c| c.roc_auc));
        lines.told("average_precision", Some(concept), metrics.avg_precision, class.and_then(|c| c.average_precision));
        lines.add("positives", Some(concept), metrics.num_pos as f32, class.map(|c| c.positives as f64));
    }
}

fn macros(lines: &mut Lines, summary: &MetricsSummary, ours: &Averages, auc: Mean) {
    lines.add("macro_precision", None, summary.macro_avg_precision, ours.precision.value);
    lines.add("macro_recall", None, summary.macro_avg_recall, ours.recall.value);
    lines.add("macro_f1", None, summary.macro_avg_f1_score, ours.f1.value);
    lines.add("macro_f1_deviation", None, summary.macro_std_f1_score, ours.f1.deviation);
    lines.add("macro_roc_auc", None, summary.macro_avg_roc_auc, auc.value);
    lines.add("macro_roc_auc_deviation", None, summary.macro_std_roc_auc, auc.deviation);
}

fn of_objects(lines: &mut Lines, run: &Run, objects: &ObjectRun, at: &Settings, theirs: &EvalMetrics) {
    let most = said(theirs, "max_detections").and_then(Value::as_u64).unwrap_or(100) as usize;
    if let Some(summary) = &theirs.summary {
        let ours = figures(run, at);
        let of = |name: &str| ours.whole.iter().find(|f| f.name == name).and_then(|f| f.value);
        lines.told("map_50", None, summary.mean_avg_precision_iou_50, of("map_50"));
        lines.told("map_50_95", None, summary.mean_avg_precision_iou_range, of("map_50_95"));
        lines.told("macro_f1", None, summary.macro_avg_f1_score, of("macro_f1"));
    }
    let theirs: Vec<&BinaryMetrics> = theirs.metrics_by_class.iter().chain(&theirs.metrics_by_area).collect();
    let (mut ious, mut areas) = (Vec::new(), Vec::new());
    let cells: Vec<(usize, usize)> = theirs
        .iter()
        .map(|metrics| {
            // The wire has 32 bits; what was meant has few digits.
            let iou = if metrics.iou > 0.0 { (f64::from(metrics.iou) * 1e4).round() / 1e4 } else { 0.5 };
            let to = if metrics.area_max > 0.0 { metrics.area_max } else { Area::ALL.to };
            (place(&mut ious, iou), place(&mut areas, (metrics.area_min, to)))
        })
        .collect();
    let params = Params {
        ious: ious.clone(),
        areas: areas.iter().map(|(from, to)| Area { name: "", from: *from, to: *to }).collect(),
        max_detections: vec![most],
    };
    let ours = evaluate(objects.objects(), objects.concepts(), objects.overlaps(at.masks), &params);
    for (metrics, (iou, area)) in theirs.iter().zip(cells) {
        let concept = position(run, metrics);
        let value = match concept {
            Some(concept) => ours.average_precision(concept as usize, iou, area, 0),
            None => ours.mean_average_precision(Some(iou), area, 0),
        };
        lines.add("average_precision", concept, metrics.avg_precision, value);
        if let Some(line) = lines.0.last_mut() {
            line.iou = ious.get(iou).copied();
            line.area.clone_from(&metrics.area_name);
        }
    }
}

/// Where something stands in a list, which it is put into where it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter().position(|v| *v == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}
