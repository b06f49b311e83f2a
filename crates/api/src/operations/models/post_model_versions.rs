use crate::messages::{EvalInfo, ModelVersion, SingleModelResponse};
use crate::operation::operation;

operation! {
    /// Registers versions of a model.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions" | "/v2/models/{model_id}/versions"
    PostModelVersions path { model_id } {
        model_versions: Vec<ModelVersion>,
        description: String,
        eval_info: Option<EvalInfo>,
        do_migration: bool,
    }
    -> SingleModelResponse
}
