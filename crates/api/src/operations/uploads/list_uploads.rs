use crate::messages::{MultiUploadResponse, Upload};
use crate::operation::{operation, paged};

operation! {
    /// Lists uploads, the newest first.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/uploads" | "/v2/uploads"
    ListUploads {
        page: u32,
        per_page: u32,
    }
    -> MultiUploadResponse
}

paged!(ListUploads, uploads: Upload);
