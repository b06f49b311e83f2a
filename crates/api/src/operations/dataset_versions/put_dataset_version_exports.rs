use crate::messages::{DatasetVersionExport, MultiDatasetVersionExportResponse};
use crate::operation::operation;

operation! {
    /// Asks for exports and tells how they stand: sent again, it polls; a finished export is not made anew.
    Idempotent PUT "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/versions/{dataset_version_id}/exports" | "/v2/datasets/{dataset_id}/versions/{dataset_version_id}/exports"
    PutDatasetVersionExports path { dataset_id, dataset_version_id } {
        exports: Vec<DatasetVersionExport>,
    }
    -> MultiDatasetVersionExportResponse
}
