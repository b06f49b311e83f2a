use crate::messages::{Hit, MultiSearchResponse, Pagination, Search};
use crate::operation::{Effect, Paged, operation};

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

/// A search that is to be saved is a write.
fn effect(op: &PostInputsSearches) -> Effect {
    if op.searches.iter().any(|s| s.save) { Effect::Once } else { Effect::Read }
}

impl Paged for PostInputsSearches {
    type Item = Hit;
    fn set_page(&mut self, page: u32, per_page: u32) {
        self.pagination = Some(Pagination { page, per_page });
    }
    fn page(&self) -> (u32, u32) {
        self.pagination.as_ref().map_or((0, 0), |p| (p.page, p.per_page))
    }
    fn items(reply: MultiSearchResponse) -> Vec<Hit> {
        reply.hits
    }
}
