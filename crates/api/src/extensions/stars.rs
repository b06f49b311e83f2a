use crate::messages::SingleDatasetResponse;
use crate::operation::operation;

operation! {
    /// Sets or takes away the caller's star on a dataset.
    Idempotent POST "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/star"
    StarDataset path { dataset_id } {
        /// True sets the star, false takes it away.
        starred: bool,
    }
    -> SingleDatasetResponse
}
