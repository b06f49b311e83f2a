use crate::messages::SingleModelResponse;
use crate::operation::operation;

operation! {
    /// Gets a model, with its latest version or the one named.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}" | "/v2/models/{model_id}"
    GetModel path { model_id } {
        version_id: String,
        language: String,
        trained_before: bool,
        additional_fields: Vec<String>,
    }
    -> SingleModelResponse
}
