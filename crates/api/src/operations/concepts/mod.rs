//! Concepts: one file an operation.

mod get_concept;
mod get_concept_counts;
mod list_concepts;
mod patch_concepts;
mod post_concepts;
mod post_concepts_searches;

pub use get_concept::GetConcept;
pub use get_concept_counts::GetConceptCounts;
pub use list_concepts::ListConcepts;
pub use patch_concepts::PatchConcepts;
pub use post_concepts::PostConcepts;
pub use post_concepts_searches::PostConceptsSearches;
