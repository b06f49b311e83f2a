use crate::messages::SingleModelVersionResponse;
use crate::operation::operation;

operation! {
    /// Gets a version of a model.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions/{version_id}" | "/v2/models/{model_id}/versions/{version_id}"
    GetModelVersion path { model_id, version_id } {}
    -> SingleModelVersionResponse
}
