use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes an app with all that it holds.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}"
    DeleteApp {}
    -> BaseResponse
}
