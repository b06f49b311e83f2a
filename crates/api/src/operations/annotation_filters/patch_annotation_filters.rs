use crate::messages::{AnnotationFilter, MultiAnnotationFilterResponse};
use crate::operation::operation;

operation! {
    /// Changes annotation filters. `action` is `overwrite`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotation_filters" | "/v2/annotation_filters"
    PatchAnnotationFilters {
        annotation_filters: Vec<AnnotationFilter>,
        action: String,
    }
    -> MultiAnnotationFilterResponse
}
