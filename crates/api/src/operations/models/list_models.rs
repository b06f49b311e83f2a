use crate::messages::{Model, MultiModelResponse, Visibility};
use crate::operation::{operation, paged};
use serde_json::Value;

operation! {
    /// Lists models.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models" | "/v2/users/{user_app_id.user_id}/models" | "/v2/models"
    ListModels {
        page: u32,
        per_page: u32,
        additional_fields: Vec<String>,
        show_replicas: bool,
        sort_ascending: bool,
        sort_by_name: bool,
        sort_by_num_inputs: bool,
        sort_by_modified_at: bool,
        sort_by_created_at: bool,
        sort_by_star_count: bool,
        sort_by_relevance: bool,
        model_type_id: String,
        trained_only: bool,
        input_fields: Vec<String>,
        output_fields: Vec<String>,
        license: String,
        featured_only: bool,
        starred_only: bool,
        toolkits: Vec<String>,
        use_cases: Vec<String>,
        languages: Vec<String>,
        dont_fetch_from_main: bool,
        bookmark: bool,
        model_version_ids: Vec<String>,
        license_type: Option<Value>,
        source: u32,
        creator: String,
        min_replicas: u32,
        visibility: Option<Visibility>,
        search: String,
        query: String,
        name: String,
        filter_by_user_id: bool,
    }
    -> MultiModelResponse
}

paged!(ListModels, models: Model);
