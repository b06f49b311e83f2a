use crate::messages::{Hit, MultiSearchResponse, Pagination};
use crate::operation::{Paged, operation};

operation! {
    /// Runs a saved search.
    Read POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/searches/{id}" | "/v2/searches/{id}"
    PostSearchesByID path { id } {
        pagination: Option<Pagination>,
    }
    -> MultiSearchResponse
}

impl Paged for PostSearchesByID {
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
