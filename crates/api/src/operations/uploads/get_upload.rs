use crate::messages::SingleUploadResponse;
use crate::operation::operation;

operation! {
    /// One upload, with how much of it has arrived.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/uploads/{upload_id}" | "/v2/uploads/{upload_id}"
    GetUpload path { upload_id } {
    }
    -> SingleUploadResponse
}
