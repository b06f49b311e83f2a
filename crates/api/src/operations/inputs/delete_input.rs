use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes one input and all that is said about it.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/{input_id}" | "/v2/inputs/{input_id}"
    DeleteInput path { input_id } {
    }
    -> BaseResponse
}
