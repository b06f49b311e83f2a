use crate::messages::{FieldsValue, SingleEvalMetricsResponse};
use crate::operation::operation;

operation! {
    /// Gets an evaluation: its summary, and the parts that `fields` names.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/evaluations/{evaluation_id}" | "/v2/evaluations/{evaluation_id}"
    GetEvaluation path { evaluation_id } {
        fields: Option<FieldsValue>,
    }
    -> SingleEvalMetricsResponse
}
