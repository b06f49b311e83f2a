use crate::messages::MultiInputResponse;
use crate::operation::operation;

operation! {
    /// Lists inputs in order of arrival (or by id), each page from the last id of the one before: as quick at the end as at the start.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/stream" | "/v2/inputs/stream"
    StreamInputs {
        per_page: u32,
        last_id: String,
        order_by_id: bool,
        descending: bool,
    }
    -> MultiInputResponse
}
