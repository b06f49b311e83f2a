use crate::messages::SingleAnnotationResponse;
use crate::operation::operation;

operation! {
    /// Gets one annotation.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/{input_id}/annotations/{annotation_id}" | "/v2/inputs/{input_id}/annotations/{annotation_id}"
    GetAnnotation path { input_id, annotation_id } {}
    -> SingleAnnotationResponse
}
