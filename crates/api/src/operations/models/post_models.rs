use crate::messages::{Model, SingleModelResponse};
use crate::operation::operation;

operation! {
    /// Registers models: `model`, or several as `models`.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models" | "/v2/models"
    PostModels {
        model: Option<Box<Model>>,
        models: Vec<Model>,
    }
    -> SingleModelResponse
}
