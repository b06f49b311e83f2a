use crate::messages::{DatasetVersion, MultiDatasetVersionResponse, RequestOrigin};
use crate::operation::{operation, paged};

operation! {
    /// Lists the versions of a dataset, newest first.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/versions" | "/v2/datasets/{dataset_id}/versions"
    ListDatasetVersions path { dataset_id } {
        page: u32,
        per_page: u32,
        request_origins: Vec<RequestOrigin>,
    }
    -> MultiDatasetVersionResponse
}

paged!(ListDatasetVersions, dataset_versions: DatasetVersion);
