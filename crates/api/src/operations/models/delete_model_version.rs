use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes a version of a model.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions/{version_id}" | "/v2/models/{model_id}/versions/{version_id}"
    DeleteModelVersion path { model_id, version_id } {}
    -> BaseResponse
}
