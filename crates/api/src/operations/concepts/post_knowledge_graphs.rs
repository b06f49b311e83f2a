use crate::messages::{KnowledgeGraph, MultiKnowledgeGraphResponse};
use crate::operation::operation;

operation! {
    /// Makes knowledge graphs.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/knowledge_graphs" | "/v2/concepts/knowledge_graphs"
    PostKnowledgeGraphs {
        knowledge_graphs: Vec<KnowledgeGraph>,
    }
    -> MultiKnowledgeGraphResponse
}
