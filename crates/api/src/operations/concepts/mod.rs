//! Concepts: one file an operation.

mod delete_concept_relations;
mod get_concept;
mod get_concept_counts;
mod get_concept_language;
mod list_concept_languages;
mod list_concept_relations;
mod list_concepts;
mod list_knowledge_graphs;
mod patch_concept_languages;
mod patch_concepts;
mod post_concept_languages;
mod post_concept_mapping_jobs;
mod post_concept_relations;
mod post_concepts;
mod post_concepts_searches;
mod post_knowledge_graphs;

pub use delete_concept_relations::DeleteConceptRelations;
pub use get_concept::GetConcept;
pub use get_concept_counts::GetConceptCounts;
pub use get_concept_language::GetConceptLanguage;
pub use list_concept_languages::ListConceptLanguages;
pub use list_concept_relations::ListConceptRelations;
pub use list_concepts::ListConcepts;
pub use list_knowledge_graphs::ListKnowledgeGraphs;
pub use patch_concept_languages::PatchConceptLanguages;
pub use patch_concepts::PatchConcepts;
pub use post_concept_languages::PostConceptLanguages;
pub use post_concept_mapping_jobs::PostConceptMappingJobs;
pub use post_concept_relations::PostConceptRelations;
pub use post_concepts::PostConcepts;
pub use post_concepts_searches::PostConceptsSearches;
pub use post_knowledge_graphs::PostKnowledgeGraphs;
