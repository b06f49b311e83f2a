use crate::messages::{Hit, MultiSearchResponse, Pagination, Query, Search};
use crate::operation::{Effect, effect_of_searches, operation, paged_in_body};

operation! {
    /// Finds inputs by the older form of a query, as the legacy clients send it.
    Read POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/searches" | "/v2/searches"
    PostSearches as effect {
        query: Option<Query>,
        searches: Vec<Search>,
        pagination: Option<Pagination>,
    }
    -> MultiSearchResponse
}

fn effect(op: &PostSearches) -> Effect {
    effect_of_searches(&op.searches)
}

paged_in_body!(PostSearches, hits: Hit);
