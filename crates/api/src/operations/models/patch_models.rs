use crate::messages::{Model, MultiModelResponse};
use crate::operation::operation;

operation! {
    /// Changes models. `action` is `merge`, `overwrite` or `remove`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models" | "/v2/models"
    PatchModels {
        models: Vec<Model>,
        action: String,
    }
    -> MultiModelResponse
}
