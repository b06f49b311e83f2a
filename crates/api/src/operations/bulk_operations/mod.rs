//! Changes to many inputs: one file an operation.

mod cancel_bulk_operations;
mod get_bulk_operation;
mod list_bulk_operations;
mod post_bulk_operations;

pub use cancel_bulk_operations::CancelBulkOperations;
pub use get_bulk_operation::GetBulkOperation;
pub use list_bulk_operations::ListBulkOperations;
pub use post_bulk_operations::PostBulkOperations;
