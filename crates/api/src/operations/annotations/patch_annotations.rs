use crate::messages::{Annotation, MultiAnnotationResponse};
use crate::operation::operation;

operation! {
    /// Changes annotations by `merge`, `overwrite` or `remove`.
    Once PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotations" | "/v2/annotations"
    PatchAnnotations {
        annotations: Vec<Annotation>,
        action: String,
        delete_if_empty_data: bool,
    }
    -> MultiAnnotationResponse
}
