//! Names and definitions of concepts in other languages.

use crate::wire::{message, reply};

message! {
    /// What a concept is called in one language.
    pub struct ConceptLanguage {
        /// The language's code, such as `ja`.
        id: String,
        name: String,
        definition: String,
    }
}

reply! {
    /// A concept in several languages.
    pub struct MultiConceptLanguageResponse {
    }
    always {
        concept_languages: Vec<ConceptLanguage>,
    }
}

reply! {
    /// A concept in one language.
    pub struct SingleConceptLanguageResponse {
        concept_language: Option<ConceptLanguage>,
    }
}
