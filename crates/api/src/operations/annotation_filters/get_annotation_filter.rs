use crate::messages::SingleAnnotationFilterResponse;
use crate::operation::operation;

operation! {
    /// Gets an annotation filter.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotation_filters/{annotation_filter_id}" | "/v2/annotation_filters/{annotation_filter_id}"
    GetAnnotationFilter path { annotation_filter_id } {}
    -> SingleAnnotationFilterResponse
}
