use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes models with their versions.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models" | "/v2/models"
    DeleteModels {
        ids: Vec<String>,
        delete_all: bool,
    }
    -> BaseResponse
}
