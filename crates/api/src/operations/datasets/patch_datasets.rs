use crate::messages::{Dataset, MultiDatasetResponse};
use crate::operation::operation;

operation! {
    /// Changes datasets, all or none. `action` is `overwrite`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets" | "/v2/datasets"
    PatchDatasets {
        datasets: Vec<Dataset>,
        action: String,
    }
    -> MultiDatasetResponse
}
