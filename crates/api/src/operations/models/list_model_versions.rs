use crate::messages::{ModelVersion, MultiModelVersionResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists versions of a model, newest first.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions" | "/v2/models/{model_id}/versions"
    ListModelVersions path { model_id } {
        page: u32,
        per_page: u32,
        concept_ids: Vec<String>,
        trained_only: bool,
        min_replicas: u32,
        sort_ascending: bool,
        sort_by_status_code: bool,
        sort_by_num_inputs: bool,
        sort_by_description: bool,
        sort_by_created_at: bool,
    }
    -> MultiModelVersionResponse
}

paged!(ListModelVersions, model_versions: ModelVersion);
