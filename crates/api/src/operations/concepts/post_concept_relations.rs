use crate::messages::{ConceptRelation, MultiConceptRelationResponse};
use crate::operation::operation;

operation! {
    /// Makes relations with `concept_id` as the subject. Each needs `object_concept.id` and `predicate`.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/{concept_id}/relations"
    PostConceptRelations path { concept_id } {
        concept_relations: Vec<ConceptRelation>,
    }
    -> MultiConceptRelationResponse
}
