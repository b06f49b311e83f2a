use crate::messages::{Concept, MultiConceptResponse};
use crate::operation::operation;

operation! {
    /// Makes concepts. One id that is taken fails the whole call with code 40003.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts" | "/v2/concepts"
    PostConcepts {
        concepts: Vec<Concept>,
    }
    -> MultiConceptResponse
}
