use crate::messages::MultiKnowledgeGraphResponse;
use crate::operation::operation;

operation! {
    /// Lists the knowledge graphs of an app.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/knowledge_graphs" | "/v2/concepts/knowledge_graphs"
    ListKnowledgeGraphs {}
    -> MultiKnowledgeGraphResponse
}
