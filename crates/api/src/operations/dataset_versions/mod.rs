//! Dataset versions: one file an operation.

mod delete_dataset_versions;
mod get_dataset_version;
mod list_dataset_version_metrics_groups;
mod list_dataset_versions;
mod patch_dataset_versions;
mod post_dataset_versions;
mod put_dataset_version_exports;

pub use delete_dataset_versions::DeleteDatasetVersions;
pub use get_dataset_version::GetDatasetVersion;
pub use list_dataset_version_metrics_groups::ListDatasetVersionMetricsGroups;
pub use list_dataset_versions::ListDatasetVersions;
pub use patch_dataset_versions::PatchDatasetVersions;
pub use post_dataset_versions::PostDatasetVersions;
pub use put_dataset_version_exports::PutDatasetVersionExports;
