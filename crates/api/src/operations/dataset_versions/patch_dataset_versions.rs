use crate::messages::{DatasetVersion, MultiDatasetVersionResponse};
use crate::operation::operation;

operation! {
    /// Changes description and metadata of versions. `action` is `overwrite`; what a version holds cannot change.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/versions" | "/v2/datasets/{dataset_id}/versions"
    PatchDatasetVersions path { dataset_id } {
        dataset_versions: Vec<DatasetVersion>,
        action: String,
    }
    -> MultiDatasetVersionResponse
}
