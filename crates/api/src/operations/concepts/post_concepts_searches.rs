use crate::messages::{Concept, ConceptExtraInfoRequest, ConceptQuery, MultiConceptResponse, Pagination};
use crate::operation::{Paged, operation};

operation! {
    /// Finds concepts by name, in a language; `name` may end in `*`.
    Read POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/searches" | "/v2/concepts/searches"
    PostConceptsSearches {
        concept_query: Option<ConceptQuery>,
        extra_info: Option<ConceptExtraInfoRequest>,
        pagination: Option<Pagination>,
    }
    -> MultiConceptResponse
}

impl Paged for PostConceptsSearches {
    type Item = Concept;
    fn set_page(&mut self, page: u32, per_page: u32) {
        self.pagination = Some(Pagination { page, per_page });
    }
    fn page(&self) -> (u32, u32) {
        self.pagination.as_ref().map_or((0, 0), |p| (p.page, p.per_page))
    }
    fn items(reply: MultiConceptResponse) -> Vec<Concept> {
        reply.concepts
    }
}
