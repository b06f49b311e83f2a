use crate::messages::{FieldsValue, SingleEvalMetricsResponse};
use crate::operation::operation;

operation! {
    /// Gets an evaluation of a model version: its summary, and the parts that `fields` names.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions/{model_version_id}/evaluations/{evaluation_id}" | "/v2/models/{model_id}/versions/{model_version_id}/evaluations/{evaluation_id}"
    GetModelVersionEvaluation path { model_id, model_version_id, evaluation_id } {
        fields: Option<FieldsValue>,
    }
    -> SingleEvalMetricsResponse
}
