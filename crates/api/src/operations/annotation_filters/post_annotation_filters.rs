use crate::messages::{AnnotationFilter, MultiAnnotationFilterResponse};
use crate::operation::operation;

operation! {
    /// Makes annotation filters.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotation_filters" | "/v2/annotation_filters"
    PostAnnotationFilters {
        annotation_filters: Vec<AnnotationFilter>,
    }
    -> MultiAnnotationFilterResponse
}
