//! Datasets: one file an operation.

mod delete_datasets;
mod get_dataset;
mod list_datasets;
mod patch_datasets;
mod post_datasets;

pub use delete_datasets::DeleteDatasets;
pub use get_dataset::GetDataset;
pub use list_datasets::ListDatasets;
pub use patch_datasets::PatchDatasets;
pub use post_datasets::PostDatasets;
