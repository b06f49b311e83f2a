use crate::messages::SingleConceptResponse;
use crate::operation::operation;

operation! {
    /// Gets one concept.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/{concept_id}" | "/v2/concepts/{concept_id}"
    GetConcept path { concept_id } {
    }
    -> SingleConceptResponse
}
