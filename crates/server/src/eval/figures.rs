//! Our figures, by the names that other programs give them.

use labelscope_metrics::classification::{
    Average, Averages, Scores, SingleLabel, Ties, ZeroDivision, averages, class_figures, pooled_figures,
};
use labelscope_metrics::detection::{Overlap, Params, evaluate, overlaps};
use labelscope_metrics::{Content, Counts, Labels, Objects, TestSet, Threshold, mean, weighted_mean};
use std::collections::BTreeMap;

type Figures = BTreeMap<String, Option<f64>>;

pub(super) fn all(set: &TestSet, masks: bool) -> Figures {
    match &set.content {
        Content::Labels(labels) => of_labels(set, labels),
        Content::Objects(objects) => of_objects(set, objects, masks),
    }
}

/// COCO's twelve numbers, and those of each category by its name.
fn of_objects(set: &TestSet, objects: &Objects, masks: bool) -> Figures {
    let laid = overlaps(objects, if masks { Overlap::Masks } else { Overlap::Boxes });
    let found = evaluate(objects, set.concepts.len(), &laid, &Params::default());
    let mut out: Figures = found.summary().rows().map(|(name, value)| (name.to_owned(), value)).collect();
    for (concept, f) in set.concepts.iter().zip(found.classes()) {
        let [ar1, ar10, ar100] = f.ar;
        let count = |n: u32| Some(f64::from(n));
        let figures = [
            ("AP", f.ap),
            ("AP50", f.ap50),
            ("AP75", f.ap75),
            ("APsmall", f.ap_small),
            ("APmedium", f.ap_medium),
            ("APlarge", f.ap_large),
            ("AR1", ar1),
            ("AR10", ar10),
            ("AR100", ar100),
            ("n_gt", count(f.objects)),
            ("n_gt_crowd", count(f.crowds)),
            ("n_det", count(f.predictions)),
        ];
        out.extend(figures.map(|(name, value)| (format!("{}.{name}", concept.name), value)));
    }
    out
}

/// scikit-learn's figures of inputs with one class each, the class of the highest score being predicted.
fn of_labels(set: &TestSet, labels: &Labels) -> Figures {
    let mut out = Figures::new();
    let Some(scores) = Scores::new(&labels.scores, &labels.truth, set.concepts.len()) else { return out };
    let classes = class_figures(&scores, Threshold::default().into());
    let pooled = pooled_figures(&scores, Threshold::default().into());
    let weighted = |f: fn(&labelscope_metrics::classification::ClassFigures) -> Option<f64>| {
        weighted_mean(classes.iter().map(|c| (f(c), c.positives as f64))).value
    };
    out.insert("n_items".into(), Some(set.inputs.len() as f64));
    for (name, value) in [
        ("average_precision_macro", mean(classes.iter().map(|c| c.average_precision)).value),
        ("roc_auc_macro", mean(classes.iter().map(|c| c.roc_auc)).value),
        ("average_precision_micro", pooled.average_precision),
        ("roc_auc_micro", pooled.roc_auc),
        ("average_precision_weighted", weighted(|c| c.average_precision)),
        ("roc_auc_weighted", weighted(|c| c.roc_auc)),
    ] {
        out.insert(format!("aggregate_ranking.{name}"), value);
    }
    for (concept, c) in set.concepts.iter().zip(&classes) {
        let name = &concept.name;
        out.insert(format!("{name}.average_precision"), c.average_precision);
        out.insert(format!("{name}.roc_auc"), c.roc_auc);
        out.insert(format!("{name}.positives"), Some(c.positives as f64));
    }
    if let Some(single) = SingleLabel::new(scores, &[]) {
        of_single_labels(set, &single, &mut out);
    }
    out
}

fn of_single_labels(set: &TestSet, single: &SingleLabel<'_, f64>, out: &mut Figures) {
    let confusion = single.confusion(Ties::FirstIndex);
    let counts: Vec<Counts> = (0..set.concepts.len() as u32).map(|class| confusion.counts(class)).collect();
    // scikit-learn's default: what is undefined counts as 0.
    let of = |average| averages(&counts, average, ZeroDivision::Zero);
    let each = of(Average::Macro);
    for (name, value) in [
        ("accuracy", single.top_k(1, Ties::FirstIndex).value()),
        ("balanced_accuracy", each.recall.value),
        ("log_loss", single.log_loss()),
        ("brier_multiclass", single.brier()),
    ] {
        out.insert(name.to_owned(), value);
    }
    for (name, Averages { precision, recall, f1 }) in
        [("macro", each), ("micro", of(Average::Micro)), ("weighted", of(Average::Weighted))]
    {
        for (figure, value) in [("precision", precision), ("recall", recall), ("f1", f1)] {
            out.insert(format!("aggregate_prf.{name}.{figure}"), value.value);
        }
    }
    for (concept, c) in set.concepts.iter().zip(&counts) {
        for (figure, value) in [
            ("precision", c.precision().or(Some(0.0))),
            ("recall", c.recall().or(Some(0.0))),
            ("f1", c.f1().or(Some(0.0))),
            ("support", Some(c.positives() as f64)),
            ("predicted", Some(c.predicted() as f64)),
        ] {
            out.insert(format!("{}.{figure}", concept.name), value);
        }
    }
    for k in [1, 2, 3, 5] {
        for (rule, ties) in [
            ("ties_lower_index_first", Ties::FirstIndex),
            ("ties_higher_index_first", Ties::LastIndex),
            ("true_class_wins_ties", Ties::TruthWins),
            ("true_class_loses_ties", Ties::TruthLoses),
            ("sklearn_top_k_accuracy_score", Ties::LastIndex),
        ] {
            out.insert(format!("top_k_accuracy.{k}.{rule}"), single.top_k(k, ties).value());
        }
    }
}
