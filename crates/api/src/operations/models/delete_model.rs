use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes a model with its versions.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}" | "/v2/models/{model_id}"
    DeleteModel path { model_id } {}
    -> BaseResponse
}
