use crate::messages::{DatasetVersion, MultiDatasetVersionResponse};
use crate::operation::operation;

operation! {
    /// Freezes a dataset as it is now.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/versions" | "/v2/datasets/{dataset_id}/versions"
    PostDatasetVersions path { dataset_id } {
        dataset_versions: Vec<DatasetVersion>,
    }
    -> MultiDatasetVersionResponse
}
