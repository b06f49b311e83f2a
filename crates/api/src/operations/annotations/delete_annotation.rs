use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes one annotation.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/{input_id}/annotations/{annotation_id}" | "/v2/inputs/{input_id}/annotations/{annotation_id}"
    DeleteAnnotation path { input_id, annotation_id } {
    }
    -> BaseResponse
}
