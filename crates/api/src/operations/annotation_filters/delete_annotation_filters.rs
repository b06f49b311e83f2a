use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes annotation filters.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotation_filters" | "/v2/annotation_filters"
    DeleteAnnotationFilters {
        annotation_filter_ids: Vec<String>,
    }
    -> BaseResponse
}
