//! The inputs of a dataset: one file an operation.

mod delete_dataset_inputs;
mod get_dataset_input;
mod list_dataset_inputs;
mod post_dataset_inputs;

pub use delete_dataset_inputs::DeleteDatasetInputs;
pub use get_dataset_input::GetDatasetInput;
pub use list_dataset_inputs::ListDatasetInputs;
pub use post_dataset_inputs::PostDatasetInputs;
