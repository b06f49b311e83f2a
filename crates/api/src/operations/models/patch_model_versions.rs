use crate::messages::{ModelVersion, MultiModelVersionResponse};
use crate::operation::operation;

operation! {
    /// Changes versions of a model. `action` is `merge`, `overwrite` or `remove`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions"
    PatchModelVersions path { model_id } {
        model_versions: Vec<ModelVersion>,
        action: String,
    }
    -> MultiModelVersionResponse
}
