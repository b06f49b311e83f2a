use crate::messages::SingleModelTypeResponse;
use crate::operation::operation;

operation! {
    /// Gets a kind of models.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/types/{model_type_id}" | "/v2/models/types/{model_type_id}"
    GetModelType path { model_type_id } {}
    -> SingleModelTypeResponse
}
