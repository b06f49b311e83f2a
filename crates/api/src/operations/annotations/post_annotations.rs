use crate::messages::{Annotation, MultiAnnotationResponse};
use crate::operation::operation;

operation! {
    /// Adds annotations, up to 128.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotations" | "/v2/annotations"
    PostAnnotations {
        annotations: Vec<Annotation>,
    }
    -> MultiAnnotationResponse
}
