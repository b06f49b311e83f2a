//! The numbers of the whole, and of each class.

use crate::labels::{BINS, LabelRun};
use crate::objects::ObjectRun;
use crate::run::{Measured, Run, threshold};
use labelscope_messages::evaluation::{ClassRow, Figure, Figures, Settings};
use labelscope_metrics::classification::{Average, ZeroDivision, averages};
use labelscope_metrics::{Counts, Mean, mean};

/// Figures as they are gathered.
#[derive(Default)]
pub(crate) struct Gathered(pub Figures);

impl Gathered {
    pub fn plain(&mut self, name: &str, value: Option<f64>) {
        self.0.whole.push(Figure { name: name.to_owned(), value, of: None, deviation: None });
    }

    pub fn share(&mut self, name: &str, right: u64, of: u64) {
        let value = (of > 0).then(|| right as f64 / of as f64);
        let of = (of > 0).then_some((right as u32, of as u32));
        self.0.whole.push(Figure { name: name.to_owned(), value, of, deviation: None });
    }

    pub fn mean(&mut self, name: &str, mean: Mean) {
        let Mean { value, deviation, left_out } = mean;
        self.0.whole.push(Figure { name: name.to_owned(), value, of: None, deviation });
        if left_out > 0 {
            self.0.left_out.push((name.to_owned(), left_out as u32));
        }
    }
}

pub(crate) fn figures(run: &Run, at: &Settings) -> Figures {
    match &run.measured {
        Measured::Labels(run) => of_labels(run, at),
        Measured::Objects(run) => of_objects(run, at),
    }
}

fn of_labels(run: &LabelRun, at: &Settings) -> Figures {
    let counts = run.counts(threshold(at));
    let mut all = Gathered::default();
    let average = |of| averages(&counts, of, ZeroDivision::LeftOut);
    let single = run.single();
    let (each, micro, weighted) = match single {
        Some(single) => (single.macro_average, single.micro_average, single.weighted_average),
        None => (average(Average::Macro), average(Average::Micro), average(Average::Weighted)),
    };
    if let Some(single) = single {
        all.share("accuracy", single.accuracy.right, single.accuracy.of);
        if run.concepts() >= 6 {
            all.share("top_5", single.top_5.right, single.top_5.of);
        }
    }
    all.mean("macro_precision", each.precision);
    all.mean("macro_recall", each.recall);
    all.mean("macro_f1", each.f1);
    all.plain("micro_f1", micro.f1.value);
    all.plain("weighted_f1", weighted.f1.value);
    all.mean("macro_roc_auc", run.macro_roc_auc());
    all.mean("mean_average_precision", run.mean_average_precision());
    if let Some(single) = single {
        all.plain("log_loss", single.log_loss);
    }
    all.plain("brier", run.brier());
    all.plain("ece", run.reliability(BINS).and_then(|r| r.expected_error()));
    all.0.classes = label_rows(run, &counts);
    all.0
}

/// A row for each concept, from counts of whatever rule.
pub(crate) fn label_rows(run: &LabelRun, counts: &[Counts]) -> Vec<ClassRow> {
    let rows = run.classes().iter().zip(counts).zip(0..);
    rows.map(|((class, counts), concept)| ClassRow {
        average_precision: class.average_precision,
        roc_auc: class.roc_auc,
        best_f1: class.best_f1.map(|b| b.f1),
        best_threshold: class.best_f1.map(|b| b.threshold),
        ..row(concept, *counts)
    })
    .collect()
}

fn row(concept: u32, counts: Counts) -> ClassRow {
    let Counts { true_positives, false_positives, false_negatives, .. } = counts;
    ClassRow {
        concept,
        positives: (true_positives + false_negatives) as u32,
        predicted: (true_positives + false_positives) as u32,
        true_positives: true_positives as u32,
        false_positives: false_positives as u32,
        false_negatives: false_negatives as u32,
        precision: counts.precision(),
        recall: counts.recall(),
        f1: counts.f1(),
        ..ClassRow::default()
    }
}

fn of_objects(run: &ObjectRun, at: &Settings) -> Figures {
    let classes = object_rows(run, at);
    let evaluation = run.evaluation(at.masks);
    let (summary, lines) = (evaluation.summary(), evaluation.classes());
    let mut all = Gathered::default();
    for (name, of) in [
        ("map_50_95", (|c| c.ap) as fn(&labelscope_metrics::detection::ClassFigures) -> Option<f64>),
        ("map_50", |c| c.ap50),
        ("map_75", |c| c.ap75),
        ("ap_small", |c| c.ap_small),
        ("ap_medium", |c| c.ap_medium),
        ("ap_large", |c| c.ap_large),
    ] {
        all.mean(name, mean(lines.iter().map(of)));
    }
    for (name, coco) in [("ar_1", "AR1"), ("ar_10", "AR10"), ("ar_100", "AR100")] {
        all.plain(name, summary.get(coco));
    }
    let whole: Counts = run.counts(at).into_iter().sum();
    let Counts { true_positives, false_positives, false_negatives, .. } = whole;
    all.share("precision", true_positives, true_positives + false_positives);
    all.share("recall", true_positives, true_positives + false_negatives);
    all.plain("f1", whole.f1());
    all.mean("macro_f1", mean(classes.iter().map(|c| c.f1)));
    all.0.classes = classes;
    all.0
}

/// A row for each concept, at the threshold and the overlap.
pub(crate) fn object_rows(run: &ObjectRun, at: &Settings) -> Vec<ClassRow> {
    let evaluation = run.evaluation(at.masks);
    let area = evaluation.area_index(crate::objects::area(at.area).name);
    let last = evaluation.params().max_detections.len().saturating_sub(1);
    let rankings = run.rankings(at);
    let rows = rankings.iter().zip(run.counts(at)).enumerate();
    rows.map(|(class, (ranking, counts))| {
        let best = ranking.best_f1();
        ClassRow {
            average_precision: ranking.average_precision(),
            average_precision_range: area.and_then(|area| evaluation.average_precision_over_ious(class, area, last)),
            best_f1: best.map(|b| b.1),
            best_threshold: best.map(|b| b.0),
            ..row(class as u32, counts)
        }
    })
    .collect()
}
