use crate::messages::{Input, MultiInputResponse, Status};
use crate::operation::{operation, paged};

operation! {
    /// Lists inputs, filtered by ids and by status.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs" | "/v2/inputs"
    ListInputs {
        page: u32,
        per_page: u32,
        status: Option<Status>,
        ids: Vec<String>,
    }
    -> MultiInputResponse
}

paged!(ListInputs, inputs: Input);
