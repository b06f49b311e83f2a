use crate::messages::{Concept, ConceptExtraInfoRequest, ConceptQuery, MultiConceptResponse, Pagination};
use crate::operation::{operation, paged_in_body};

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

paged_in_body!(PostConceptsSearches, concepts: Concept);
