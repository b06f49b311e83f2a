use crate::messages::{Dataset, MultiDatasetResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists datasets with their latest version, the one changed last first unless sorted otherwise.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets" | "/v2/users/{user_app_id.user_id}/datasets" | "/v2/datasets"
    ListDatasets {
        page: u32,
        per_page: u32,
        additional_fields: Vec<String>,
        sort_ascending: bool,
        sort_by_created_at: bool,
        sort_by_star_count: bool,
        sort_by_modified_at: bool,
        sort_by_id: bool,
        sort_by_relevance: bool,
        starred_only: bool,
        bookmark: bool,
        search: String,
        id: String,
    }
    -> MultiDatasetResponse
}

paged!(ListDatasets, datasets: Dataset);
