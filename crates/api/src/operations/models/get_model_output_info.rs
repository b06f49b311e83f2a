use crate::messages::SingleModelResponse;
use crate::operation::operation;

operation! {
    /// Gets a model with its concepts.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/output_info" | "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions/{version_id}/output_info" | "/v2/models/{model_id}/output_info" | "/v2/models/{model_id}/versions/{version_id}/output_info"
    GetModelOutputInfo path { model_id, version_id } {
        language: String,
        trained_before: bool,
        additional_fields: Vec<String>,
    }
    -> SingleModelResponse
}
