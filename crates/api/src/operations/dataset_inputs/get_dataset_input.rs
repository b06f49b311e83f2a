use crate::messages::SingleDatasetInputResponse;
use crate::operation::operation;

operation! {
    /// Gets one input of a dataset.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/inputs/{input_id}" | "/v2/datasets/{dataset_id}/inputs/{input_id}"
    GetDatasetInput path { dataset_id, input_id } {
    }
    -> SingleDatasetInputResponse
}
