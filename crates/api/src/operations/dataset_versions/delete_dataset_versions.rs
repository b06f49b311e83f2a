use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes versions with their exports.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/versions" | "/v2/datasets/{dataset_id}/versions"
    DeleteDatasetVersions path { dataset_id } {
        dataset_version_ids: Vec<String>,
    }
    -> BaseResponse
}
