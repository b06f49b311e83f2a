use crate::messages::{SingleUploadResponse, UploadContentPart};
use crate::operation::operation;

operation! {
    /// Sends stretches of a file, in any order; a stretch that is sent again replaces itself.
    Idempotent PUT "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/uploads/{upload_id}/content_parts" | "/v2/uploads/{upload_id}/content_parts"
    PutUploadContentParts path { upload_id } {
        content_parts: Vec<UploadContentPart>,
    }
    -> SingleUploadResponse
}
