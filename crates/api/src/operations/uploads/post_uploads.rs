use crate::messages::{MultiUploadResponse, Upload};
use crate::operation::operation;

operation! {
    /// Announces files that are only kept.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/uploads" | "/v2/uploads"
    PostUploads {
        uploads: Vec<Upload>,
    }
    -> MultiUploadResponse
}
