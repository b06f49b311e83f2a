use crate::messages::SingleSearchResponse;
use crate::operation::operation;

operation! {
    /// Gets a saved search.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/searches/{id}" | "/v2/searches/{id}"
    GetSearch path { id } {}
    -> SingleSearchResponse
}
