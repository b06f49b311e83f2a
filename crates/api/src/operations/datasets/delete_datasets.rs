use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes datasets with their versions and exports. Their inputs stay.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets" | "/v2/datasets"
    DeleteDatasets {
        dataset_ids: Vec<String>,
    }
    -> BaseResponse
}
