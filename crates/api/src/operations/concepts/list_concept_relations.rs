use crate::messages::{ConceptRelation, MultiConceptRelationResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists relations: those of one concept, turned so that it is the subject, or without `concept_id` those of all, each once.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/{concept_id}/relations" | "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/relations"
    ListConceptRelations path { concept_id } {
        predicate: String,
        knowledge_graph_id: String,
        page: u32,
        per_page: u32,
    }
    -> MultiConceptRelationResponse
}

paged!(ListConceptRelations, concept_relations: ConceptRelation);
