use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes uploads, and what has arrived of them.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/uploads" | "/v2/uploads"
    DeleteUploads {
        ids: Vec<String>,
    }
    -> BaseResponse
}
