use crate::messages::{ConceptLanguage, MultiConceptLanguageResponse};
use crate::operation::operation;

operation! {
    /// Adds names of a concept in other languages. The `id` of each is the code of the language.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/{concept_id}/languages" | "/v2/concepts/{concept_id}/languages"
    PostConceptLanguages path { concept_id } {
        concept_languages: Vec<ConceptLanguage>,
    }
    -> MultiConceptLanguageResponse
}
