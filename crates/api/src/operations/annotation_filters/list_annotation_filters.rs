use crate::messages::{AnnotationFilter, MultiAnnotationFilterResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists annotation filters.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotation_filters" | "/v2/annotation_filters"
    ListAnnotationFilters {
        page: u32,
        per_page: u32,
    }
    -> MultiAnnotationFilterResponse
}

paged!(ListAnnotationFilters, annotation_filters: AnnotationFilter);
