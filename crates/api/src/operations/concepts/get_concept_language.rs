use crate::messages::SingleConceptLanguageResponse;
use crate::operation::operation;

operation! {
    /// Gets what a concept is called in one language.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/{concept_id}/languages/{language}" | "/v2/concepts/{concept_id}/languages/{language}"
    GetConceptLanguage path { concept_id, language } {}
    -> SingleConceptLanguageResponse
}
