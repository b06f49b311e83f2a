use crate::messages::{DatasetVersionMetricsGroup, MetricsGroupType, MultiDatasetVersionMetricsGroupResponse};
use crate::operation::{operation, paged};
use serde_json::Value;

operation! {
    /// Lists counts of a version by group: concept, number of boxes, pixels and so on.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/versions/{dataset_version_id}/metrics" | "/v2/datasets/{dataset_id}/versions/{dataset_version_id}/metrics"
    ListDatasetVersionMetricsGroups path { dataset_id, dataset_version_id } {
        page: u32,
        per_page: u32,
        parent_paths: Vec<String>,
        types: Vec<MetricsGroupType>,
        values: Vec<Value>,
    }
    -> MultiDatasetVersionMetricsGroupResponse
}

paged!(ListDatasetVersionMetricsGroups, dataset_version_metrics_groups: DatasetVersionMetricsGroup);
