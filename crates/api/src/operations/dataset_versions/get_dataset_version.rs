use crate::messages::SingleDatasetVersionResponse;
use crate::operation::operation;

operation! {
    /// Gets one version, with the state of its exports.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/versions/{dataset_version_id}" | "/v2/datasets/{dataset_id}/versions/{dataset_version_id}"
    GetDatasetVersion path { dataset_id, dataset_version_id } {
    }
    -> SingleDatasetVersionResponse
}
