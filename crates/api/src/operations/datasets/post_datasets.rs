use crate::messages::{Dataset, MultiDatasetResponse};
use crate::operation::operation;

operation! {
    /// Makes datasets, all or none.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets" | "/v2/datasets"
    PostDatasets {
        datasets: Vec<Dataset>,
    }
    -> MultiDatasetResponse
}
