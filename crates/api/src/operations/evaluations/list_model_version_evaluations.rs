use crate::messages::{EvalMetrics, MultiEvalMetricsResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists evaluations of a model version.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions/{model_version_id}/evaluations" | "/v2/models/{model_id}/versions/{model_version_id}/evaluations"
    ListModelVersionEvaluations path { model_id, model_version_id } {
        page: u32,
        per_page: u32,
    }
    -> MultiEvalMetricsResponse
}

paged!(ListModelVersionEvaluations, eval_metrics: EvalMetrics);
