use crate::messages::SingleDatasetResponse;
use crate::operation::operation;

operation! {
    /// Gets one dataset.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}" | "/v2/datasets/{dataset_id}"
    GetDataset path { dataset_id } {
        additional_fields: Vec<String>,
    }
    -> SingleDatasetResponse
}
