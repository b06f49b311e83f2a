//! The numbers of an evaluation. What is undefined is printed as 0, since the API always prints it, and named in the notes;
//! so is what this release does not compute.

use super::{
    BTreeSet, BinaryMetrics, Concept, ConceptValue, Counts, Entry, EvalTestSetEntry, EvaluationType, FULL, LabelCount,
    LabelDistribution, POSITIVE, Truth, average_precision, input, json, roc_auc,
};
use labelscope_api::messages::MetricsSummary;
use serde_json::Value;

pub(super) struct Figures {
    pub summary: Option<MetricsSummary>,
    pub concept_ids: Vec<String>,
    /// By the name of the field.
    pub parts: Vec<(&'static str, Value)>,
    /// What stands under `labelscope` in the extended metrics.
    pub notes: Value,
}

type Named = (i64, Concept, u32);

pub(super) fn all(entries: &[Entry], concepts: &[Named], kind: EvaluationType, base_url: &str) -> Figures {
    let counts = LabelDistribution {
        positive_label_counts: concepts
            .iter()
            .map(|(_, concept, count)| LabelCount {
                concept_name: concept.name.clone(),
                count: *count,
                concept: Some(valued(concept, 1.0)),
            })
            .collect(),
    };
    let test_set: Vec<EvalTestSetEntry> = {
        let every = kind == EvaluationType::Classification && entries.len() * concepts.len() <= FULL;
        entries.iter().map(|entry| test_entry(entry, concepts, every, base_url)).collect()
    };
    let mut parts = vec![("label_counts", json!(counts)), ("test_set", json!(test_set))];
    let mut missing = vec!["confusion_matrix", "cooccurrence_matrix"];
    let mut undefined = BTreeSet::new();
    let mut summary = None;
    if kind == EvaluationType::Classification {
        let (binary, whole) = classification(entries, concepts, &mut undefined);
        parts.push(("binary_metrics", json!(binary)));
        summary = Some(whole);
        missing.extend([
            "binary_metrics.roc_curve",
            "binary_metrics.precision_recall_curve",
            "summary.top1_accuracy",
            "summary.top5_accuracy",
        ]);
    } else {
        missing.extend(["summary", "binary_metrics", "metrics_by_class", "metrics_by_area"]);
    }
    let notes = json!({
        "inputs": entries.len(),
        "inputs_without_predictions": entries.iter().filter(|e| !e.predicted).count(),
        "threshold": POSITIVE,
        "disputed": disputed(entries, concepts),
        "missing": missing,
        "undefined": undefined,
    });
    let concept_ids = concepts.iter().map(|(_, concept, _)| concept.id.clone()).collect();
    Figures { summary, concept_ids, parts, notes }
}

fn valued(concept: &Concept, value: f64) -> Concept {
    Concept {
        id: concept.id.clone(),
        name: concept.name.clone(),
        value: ConceptValue(value as f32),
        ..Concept::default()
    }
}

/// Vendor clients look up a concept by its place in the first entry, so each entry has them all in the same order.
fn test_entry(entry: &Entry, concepts: &[Named], every: bool, base_url: &str) -> EvalTestSetEntry {
    let predicted = concepts.iter().filter_map(|(key, concept, _)| {
        let score = entry.scores.get(key).copied();
        score.or(every.then_some(0.0)).map(|score| valued(concept, score))
    });
    let truth = concepts.iter().filter_map(|(key, concept, _)| match entry.truth.get(key)? {
        Truth::Positive => Some(valued(concept, 1.0)),
        Truth::Negative => Some(valued(concept, 0.0)),
        Truth::Disputed => None,
    });
    EvalTestSetEntry {
        input: Some(Box::new(input::bare(base_url, entry.row.clone(), Vec::new()))),
        predicted_concepts: predicted.collect(),
        ground_truth_concepts: truth.collect(),
        ..EvalTestSetEntry::default()
    }
}

/// Pairs of input and concept that workers contradict each other on; they are in no figure.
fn disputed(entries: &[Entry], concepts: &[Named]) -> Vec<Value> {
    let name = |key: &i64| concepts.iter().find(|(k, _, _)| k == key).map(|(_, concept, _)| concept.id.clone());
    let pairs = entries.iter().flat_map(|entry| {
        let concepts = entry.truth.iter().filter(|(_, truth)| **truth == Truth::Disputed).map(|(key, _)| key);
        concepts.map(|key| json!({"input_id": entry.row.id, "concept_id": name(key)}))
    });
    pairs.collect()
}

/// Each concept against the rest, and the means over the concepts for which a figure is defined.
fn classification(
    entries: &[Entry],
    concepts: &[Named],
    undefined: &mut BTreeSet<String>,
) -> (Vec<BinaryMetrics>, MetricsSummary) {
    let mut out = Vec::with_capacity(concepts.len());
    let (mut auc, mut f1, mut precision, mut recall) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (key, concept, _) in concepts {
        let judged = entries.iter().filter(|e| e.truth.get(key) != Some(&Truth::Disputed));
        // What nobody says is not so, and what is not predicted has no score.
        let items: Vec<(f64, bool)> = judged
            .map(|e| (e.scores.get(key).copied().unwrap_or(0.0), e.truth.get(key) == Some(&Truth::Positive)))
            .collect();
        let mut counts = Counts::default();
        for (score, positive) in &items {
            match (*score >= POSITIVE, *positive) {
                (true, true) => counts.true_positives += 1,
                (true, false) => counts.false_positives += 1,
                (false, true) => counts.false_negatives += 1,
                (false, false) => {}
            }
        }
        let mut told = |name: &str, value: Option<f64>| {
            if value.is_none() {
                undefined.insert(format!("binary_metrics[{}].{name}", concept.id));
            }
            value.unwrap_or(0.0) as f32
        };
        let positives = items.iter().filter(|(_, positive)| *positive).count();
        let area = roc_auc(&items);
        out.push(BinaryMetrics {
            concept: Some(valued(concept, 1.0)),
            num_pos: positives as u32,
            num_neg: (items.len() - positives) as u32,
            num_tot: items.len() as u32,
            roc_auc: told("roc_auc", area),
            f1: told("f1", counts.f1()),
            avg_precision: told("avg_precision", average_precision(&items)),
            ..BinaryMetrics::default()
        });
        auc.extend(area);
        f1.extend(counts.f1());
        precision.extend(counts.precision());
        recall.extend(counts.recall());
    }
    let mut mean_of = |name: &str, values: &[f64]| {
        let (mean, deviation) = mean(values).unwrap_or_else(|| {
            undefined.insert(format!("summary.{name}"));
            (0.0, 0.0)
        });
        (mean as f32, deviation as f32)
    };
    let (macro_avg_roc_auc, macro_std_roc_auc) = mean_of("macro_avg_roc_auc", &auc);
    let (macro_avg_f1_score, macro_std_f1_score) = mean_of("macro_avg_f1_score", &f1);
    let summary = MetricsSummary {
        macro_avg_roc_auc,
        macro_std_roc_auc,
        macro_avg_f1_score,
        macro_std_f1_score,
        macro_avg_precision: mean_of("macro_avg_precision", &precision).0,
        macro_avg_recall: mean_of("macro_avg_recall", &recall).0,
        ..MetricsSummary::default()
    };
    (out, summary)
}

/// Mean and standard deviation of the whole (not of a sample).
fn mean(values: &[f64]) -> Option<(f64, f64)> {
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    Some((mean, variance.sqrt()))
}
