use crate::messages::{DatasetInput, MultiDatasetInputResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists the inputs of a dataset.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/inputs" | "/v2/datasets/{dataset_id}/inputs"
    ListDatasetInputs path { dataset_id } {
        page: u32,
        per_page: u32,
    }
    -> MultiDatasetInputResponse
}

paged!(ListDatasetInputs, dataset_inputs: DatasetInput);
