//! Inputs: one file an operation.

mod delete_input;
mod delete_inputs;
mod get_input;
mod get_input_count;
mod list_inputs;
mod patch_inputs;
mod patch_inputs_searches;
mod post_inputs;
mod post_inputs_searches;
mod stream_inputs;

pub use delete_input::DeleteInput;
pub use delete_inputs::DeleteInputs;
pub use get_input::GetInput;
pub use get_input_count::GetInputCount;
pub use list_inputs::ListInputs;
pub use patch_inputs::PatchInputs;
pub use patch_inputs_searches::PatchInputsSearches;
pub use post_inputs::PostInputs;
pub use post_inputs_searches::PostInputsSearches;
pub use stream_inputs::StreamInputs;
