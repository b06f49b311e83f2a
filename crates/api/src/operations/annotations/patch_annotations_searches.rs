use crate::messages::{MultiSearchResponse, Search};
use crate::operation::operation;

operation! {
    /// Changes saved searches. `action` is `overwrite`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotations/searches" | "/v2/annotations/searches"
    PatchAnnotationsSearches {
        searches: Vec<Search>,
        action: String,
    }
    -> MultiSearchResponse
}
