use crate::messages::{EvalMetrics, MultiEvalMetricsResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists evaluations, newest first unless sorted otherwise. Failed ones are hidden unless asked for.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/evaluations" | "/v2/users/{user_app_id.user_id}/evaluations" | "/v2/evaluations"
    ListEvaluations {
        page: u32,
        per_page: u32,
        sort_ascending: bool,
        sort_by_app_id: bool,
        sort_by_roc_auc: bool,
        sort_by_f1: bool,
        sort_by_created_at: bool,
        sort_by_mean_avg_precision: bool,
        sort_by_precision: bool,
        sort_by_recall: bool,
        sort_by_model_id: bool,
        sort_by_eval_dataset_id: bool,
        sort_by_train_dataset_id: bool,
        model_type_id: String,
        eval_dataset_ids: Vec<String>,
        train_dataset_ids: Vec<String>,
        concept_ids: Vec<String>,
        show_failed_metrics: bool,
    }
    -> MultiEvalMetricsResponse
}

paged!(ListEvaluations, eval_metrics: EvalMetrics);
