use crate::messages::SingleInputCountResponse;
use crate::operation::operation;

operation! {
    /// Counts inputs by state.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/status" | "/v2/inputs/status"
    GetInputCount {
    }
    -> SingleInputCountResponse
}
