//! How concepts relate, and the graphs that relations belong to.

use super::{Concept, Visibility};
use crate::wire::{message, reply};

message! {
    /// Subject, predicate, object: `honey hyponym food` says that honey is a food.
    pub struct ConceptRelation {
        id: String,
        subject_concept: Option<Concept>,
        object_concept: Option<Concept>,
        /// `hypernym` (the subject is the wider), `hyponym` (the subject is the narrower) or `synonym`.
        predicate: String,
        /// The graph it belongs to; empty for the global one.
        knowledge_graph_id: String,
        visibility: Option<Visibility>,
    }
}

message! {
    /// A named set of relations.
    pub struct KnowledgeGraph {
        id: String,
        name: String,
        description: String,
        examples_app_id: String,
        sampled_examples_app_id: String,
    }
}

message! {
    /// Concepts whose counterparts in a knowledge graph are to be found.
    pub struct ConceptMappingJob {
        knowledge_graph_id: String,
        concept_ids: Vec<String>,
    }
}

reply! {
    /// The ids of the jobs that were started.
    pub struct MultiConceptMappingJobResponse {
        ids: Vec<String>,
    }
}

reply! {
    /// Several relations.
    pub struct MultiConceptRelationResponse {
    }
    always {
        concept_relations: Vec<ConceptRelation>,
    }
}

reply! {
    /// Several knowledge graphs.
    pub struct MultiKnowledgeGraphResponse {
    }
    always {
        knowledge_graphs: Vec<KnowledgeGraph>,
    }
}
