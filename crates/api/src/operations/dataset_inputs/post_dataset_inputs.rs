use crate::messages::{DatasetInput, MultiDatasetInputResponse, Search};
use crate::operation::operation;

operation! {
    /// Puts inputs into a dataset, by id or by search; some may fail while others join.
    Idempotent POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/inputs" | "/v2/datasets/{dataset_id}/inputs"
    PostDatasetInputs path { dataset_id } {
        dataset_inputs: Vec<DatasetInput>,
        search: Option<Box<Search>>,
    }
    -> MultiDatasetInputResponse
}
