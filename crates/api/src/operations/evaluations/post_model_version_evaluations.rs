use crate::messages::{EvalMetrics, MultiEvalMetricsResponse};
use crate::operation::operation;

operation! {
    /// Starts evaluations of a model version.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions/{model_version_id}/evaluations" | "/v2/models/{model_id}/versions/{model_version_id}/evaluations"
    PostModelVersionEvaluations path { model_id, model_version_id } {
        eval_metrics: Vec<EvalMetrics>,
    }
    -> MultiEvalMetricsResponse
}
