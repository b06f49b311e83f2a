use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes annotations: all of the inputs named, or, with `ids`, just those, paired by position.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/annotations" | "/v2/inputs/annotations" | "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotations" | "/v2/annotations"
    DeleteAnnotations {
        ids: Vec<String>,
        input_ids: Vec<String>,
    }
    -> BaseResponse
}
