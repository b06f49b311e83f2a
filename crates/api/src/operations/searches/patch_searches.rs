use crate::messages::{MultiSearchResponse, Search};
use crate::operation::operation;

operation! {
    /// Changes saved searches. `action` is `overwrite`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/searches" | "/v2/searches"
    PatchSearches {
        searches: Vec<Search>,
        action: String,
    }
    -> MultiSearchResponse
}
