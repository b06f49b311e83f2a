use crate::messages::{MultiSearchResponse, Search};
use crate::operation::{operation, paged};

operation! {
    /// Lists saved searches.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/searches" | "/v2/searches"
    ListSearches {
        page: u32,
        per_page: u32,
    }
    -> MultiSearchResponse
}

paged!(ListSearches, searches: Search);
