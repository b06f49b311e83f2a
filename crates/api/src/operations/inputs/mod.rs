//! Inputs: one file an operation.

mod delete_input;
mod delete_inputs;
mod get_input;
mod get_input_count;
mod list_inputs;
mod post_inputs;
mod stream_inputs;

pub use delete_input::DeleteInput;
pub use delete_inputs::DeleteInputs;
pub use get_input::GetInput;
pub use get_input_count::GetInputCount;
pub use list_inputs::ListInputs;
pub use post_inputs::PostInputs;
pub use stream_inputs::StreamInputs;
