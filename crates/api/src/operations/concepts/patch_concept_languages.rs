use crate::messages::{ConceptLanguage, MultiConceptLanguageResponse};
use crate::operation::operation;

operation! {
    /// Changes names of a concept in other languages. `action` is `overwrite`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/{concept_id}/languages" | "/v2/concepts/{concept_id}/languages"
    PatchConceptLanguages path { concept_id } {
        concept_languages: Vec<ConceptLanguage>,
        action: String,
    }
    -> MultiConceptLanguageResponse
}
