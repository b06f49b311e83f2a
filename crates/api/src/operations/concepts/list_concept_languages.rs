use crate::messages::{ConceptLanguage, MultiConceptLanguageResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists what a concept is called in other languages.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/{concept_id}/languages" | "/v2/concepts/{concept_id}/languages"
    ListConceptLanguages path { concept_id } {
        page: u32,
        per_page: u32,
    }
    -> MultiConceptLanguageResponse
}

paged!(ListConceptLanguages, concept_languages: ConceptLanguage);
