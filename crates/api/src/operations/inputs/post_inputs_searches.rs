use crate::messages::{Hit, MultiSearchResponse, Pagination, Search};
use crate::operation::{Effect, effect_of_searches, operation, paged_in_body};

operation! {
    /// Finds inputs by filters, ordered by ranks; with `save` the search is kept and not run.
    Read POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/searches" | "/v2/inputs/searches"
    PostInputsSearches as effect {
        searches: Vec<Search>,
        pagination: Option<Pagination>,
        only_count: bool,
    }
    -> MultiSearchResponse
}

fn effect(op: &PostInputsSearches) -> Effect {
    effect_of_searches(&op.searches)
}

paged_in_body!(PostInputsSearches, hits: Hit);
