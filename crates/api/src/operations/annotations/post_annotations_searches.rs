use crate::messages::{Hit, MultiSearchResponse, Pagination, Search};
use crate::operation::{Effect, effect_of_searches, operation, paged_in_body};

operation! {
    /// Finds annotations; every filter must hold on one and the same. With `save` the search is kept and not run.
    Read POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/annotations/searches" | "/v2/annotations/searches"
    PostAnnotationsSearches as effect {
        searches: Vec<Search>,
        pagination: Option<Pagination>,
    }
    -> MultiSearchResponse
}

fn effect(op: &PostAnnotationsSearches) -> Effect {
    effect_of_searches(&op.searches)
}

paged_in_body!(PostAnnotationsSearches, hits: Hit);
