//! Evaluations: what a model version says against what is true.

use super::{Annotation, Concept, Dataset, Input, Model, Status};
use crate::wire::{Struct, message, reply};

message! {
    /// One evaluation: who was measured, on what, and what came out.
    pub struct EvalMetrics {
        status: Option<Status>,
        user_id: String,
        app_id: String,
        id: String,
        model: Option<Box<Model>>,
        ground_truth_dataset: Option<Box<Dataset>>,
        predictions_dataset: Option<Box<Dataset>>,
        summary: Option<MetricsSummary>,
        confusion_matrix: Option<ConfusionMatrix>,
        cooccurrence_matrix: Option<CooccurrenceMatrix>,
        label_counts: Option<LabelDistribution>,
        binary_metrics: Vec<BinaryMetrics>,
        test_set: Vec<EvalTestSetEntry>,
        metrics_by_area: Vec<BinaryMetrics>,
        metrics_by_class: Vec<BinaryMetrics>,
        tracker_metrics: Vec<TrackerMetrics>,
        eval_info: Option<EvalInfo>,
        extended_metrics: Option<ExtendedMetrics>,
    }
}

message! {
    /// How to evaluate.
    pub struct EvalInfo {
        /// Settings such as the threshold and the IoUs.
        params: Option<Struct>,
    }
}

message! {
    /// The numbers of the whole: means over concepts, and mean average precision of detections.
    pub struct MetricsSummary {
        top1_accuracy: f32,
        top5_accuracy: f32,
        mean_avg_precision_iou_50: f32,
        mean_avg_precision_iou_range: f32,
    }
    always {
        macro_avg_roc_auc: f32,
        macro_std_roc_auc: f32,
        macro_avg_f1_score: f32,
        macro_std_f1_score: f32,
        macro_avg_precision: f32,
        macro_avg_recall: f32,
    }
}

message! {
    /// What was predicted where something else was true.
    pub struct ConfusionMatrix {
        matrix: Vec<ConfusionMatrixEntry>,
        concept_ids: Vec<String>,
    }
}

message! {
    /// One cell: how much of the actual concept was predicted as the other, 0 to 1.
    pub struct ConfusionMatrixEntry {
        predicted: String,
        actual: String,
        predicted_concept: Option<Concept>,
        actual_concept: Option<Concept>,
    }
    always {
        value: f32,
    }
}

message! {
    /// Which concepts stand on the same inputs.
    pub struct CooccurrenceMatrix {
        matrix: Vec<CooccurrenceMatrixEntry>,
        concept_ids: Vec<String>,
    }
}

message! {
    /// One cell: on how many inputs both concepts stand.
    pub struct CooccurrenceMatrixEntry {
        row: String,
        col: String,
        count: u32,
    }
}

message! {
    /// How often each concept is true.
    pub struct LabelDistribution {
        positive_label_counts: Vec<LabelCount>,
    }
}

message! {
    /// On how many inputs a concept stands.
    pub struct LabelCount {
        concept_name: String,
        count: u32,
        concept: Option<Concept>,
    }
}

message! {
    /// One concept against the rest: counts, curves and averages.
    pub struct BinaryMetrics {
        concept: Option<Concept>,
        roc_curve: Option<Roc>,
        precision_recall_curve: Option<PrecisionRecallCurve>,
        avg_precision: f32,
        area_name: String,
        area_min: f64,
        area_max: f64,
        iou: f32,
    }
    always {
        num_pos: u32,
        num_neg: u32,
        num_tot: u32,
        roc_auc: f32,
        f1: f32,
    }
}

message! {
    /// The receiver operating characteristic: false and true positive rates by threshold.
    pub struct Roc {
        fpr_per_image: Vec<f32>,
        fpr_per_object: Vec<f32>,
    }
    always {
        fpr: Vec<f32>,
        tpr: Vec<f32>,
        thresholds: Vec<f32>,
    }
}

message! {
    /// Precision and recall by threshold.
    pub struct PrecisionRecallCurve {
    }
    always {
        recall: Vec<f32>,
        precision: Vec<f32>,
        thresholds: Vec<f32>,
    }
}

message! {
    /// One input: what was predicted and what is true.
    pub struct EvalTestSetEntry {
        input: Option<Box<Input>>,
        predicted_concepts: Vec<Concept>,
        ground_truth_concepts: Vec<Concept>,
        annotation: Option<Box<Annotation>>,
        predicted_annotation: Option<Box<Annotation>>,
        ground_truth_annotation: Option<Box<Annotation>>,
    }
}

message! {
    /// How well objects were followed through a video.
    pub struct TrackerMetrics {
        mot_mota: f32,
        mot_num_switches: i32,
        morse_frag: f32,
        avg_precision: f32,
        aiid: String,
        unique_switch_rate: f32,
    }
}

message! {
    /// Numbers beyond those of the API.
    pub struct ExtendedMetrics {
        user_metrics: Option<Struct>,
    }
}

message! {
    /// Which parts of an evaluation are wanted beside the summary.
    pub struct FieldsValue {
        confusion_matrix: bool,
        cooccurrence_matrix: bool,
        label_counts: bool,
        binary_metrics: bool,
        test_set: bool,
        metrics_by_area: bool,
        metrics_by_class: bool,
    }
}

reply! {
    /// Several evaluations.
    pub struct MultiEvalMetricsResponse {
        eval_metrics: Vec<EvalMetrics>,
    }
}

reply! {
    /// One evaluation.
    pub struct SingleEvalMetricsResponse {
        eval_metrics: Option<EvalMetrics>,
    }
}
