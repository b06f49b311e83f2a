use crate::messages::{Concept, MultiConceptResponse};
use crate::operation::operation;

operation! {
    /// Changes names, definitions and metadata of concepts. `action` is `overwrite`: what a concept names is replaced, the rest stays.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts" | "/v2/concepts"
    PatchConcepts {
        concepts: Vec<Concept>,
        action: String,
    }
    -> MultiConceptResponse
}
