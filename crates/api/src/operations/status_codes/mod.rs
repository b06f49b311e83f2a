//! Status codes: one file an operation.

mod get_status_code;
mod list_status_codes;

pub use get_status_code::GetStatusCode;
pub use list_status_codes::ListStatusCodes;
