//! Files that are sent in parts: one file an operation.

mod delete_uploads;
mod get_upload;
mod list_uploads;
mod post_inputs_uploads;
mod post_uploads;
mod put_upload_content_parts;

pub use delete_uploads::DeleteUploads;
pub use get_upload::GetUpload;
pub use list_uploads::ListUploads;
pub use post_inputs_uploads::PostInputsUploads;
pub use post_uploads::PostUploads;
pub use put_upload_content_parts::PutUploadContentParts;
