use crate::messages::{Concept, MultiConceptResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists the concepts of an app. `id` filters by a part of the id.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts" | "/v2/concepts"
    ListConcepts {
        page: u32,
        per_page: u32,
        id: String,
    }
    -> MultiConceptResponse
}

paged!(ListConcepts, concepts: Concept);
