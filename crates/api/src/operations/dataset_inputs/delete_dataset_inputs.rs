use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Takes inputs out of a dataset. The inputs stay in the app.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/inputs" | "/v2/datasets/{dataset_id}/inputs"
    DeleteDatasetInputs path { dataset_id } {
        input_ids: Vec<String>,
    }
    -> BaseResponse
}
