use crate::messages::SingleInputResponse;
use crate::operation::operation;

operation! {
    /// Gets one input.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/{input_id}" | "/v2/inputs/{input_id}"
    GetInput path { input_id } {
    }
    -> SingleInputResponse
}
