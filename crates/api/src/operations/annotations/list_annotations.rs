use crate::messages::{Annotation, MultiAnnotationResponse, Status};
use crate::operation::{operation, paged};

operation! {
    /// Lists annotations. `ids` and `input_ids` pair up by position. Untrusted ones only on request.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotations" | "/v2/annotations"
    ListAnnotations {
        ids: Vec<String>,
        input_ids: Vec<String>,
        user_ids: Vec<String>,
        model_version_ids: Vec<String>,
        workflow_version_ids: Vec<String>,
        statuses: Vec<Status>,
        list_all_annotations: bool,
        return_model_output: bool,
        page: u32,
        per_page: u32,
        task_id: String,
    }
    -> MultiAnnotationResponse
}

paged!(ListAnnotations, annotations: Annotation);
