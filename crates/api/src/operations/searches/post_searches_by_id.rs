use crate::messages::{Hit, MultiSearchResponse, Pagination};
use crate::operation::{operation, paged_in_body};

operation! {
    /// Runs a saved search.
    Read POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/searches/{id}" | "/v2/searches/{id}"
    PostSearchesByID path { id } {
        pagination: Option<Pagination>,
    }
    -> MultiSearchResponse
}

paged_in_body!(PostSearchesByID, hits: Hit);
