//! Jobs that add inputs: one file an operation.

mod cancel_inputs_add_job;
mod cancel_inputs_extraction_jobs;
mod get_inputs_add_job;
mod get_inputs_extraction_job;
mod list_inputs_add_jobs;
mod list_inputs_extraction_jobs;
mod post_inputs_data_sources;

pub use cancel_inputs_add_job::CancelInputsAddJob;
pub use cancel_inputs_extraction_jobs::CancelInputsExtractionJobs;
pub use get_inputs_add_job::GetInputsAddJob;
pub use get_inputs_extraction_job::GetInputsExtractionJob;
pub use list_inputs_add_jobs::ListInputsAddJobs;
pub use list_inputs_extraction_jobs::ListInputsExtractionJobs;
pub use post_inputs_data_sources::PostInputsDataSources;
