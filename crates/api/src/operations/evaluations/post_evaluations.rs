use crate::messages::{EvalMetrics, MultiEvalMetricsResponse};
use crate::operation::operation;

operation! {
    /// Starts evaluations of a model version against a dataset. An id that is there is evaluated anew.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/evaluations" | "/v2/evaluations"
    PostEvaluations {
        eval_metrics: Vec<EvalMetrics>,
    }
    -> MultiEvalMetricsResponse
}
