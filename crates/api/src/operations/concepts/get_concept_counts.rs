use crate::messages::{ConceptCount, MultiConceptCountResponse};
use crate::operation::{operation, paged};

operation! {
    /// Counts on how many inputs each concept stands, positive and negative.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/status" | "/v2/concepts/status"
    GetConceptCounts {
        page: u32,
        per_page: u32,
    }
    -> MultiConceptCountResponse
}

paged!(GetConceptCounts, concept_counts: ConceptCount);
