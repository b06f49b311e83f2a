use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes relations of a concept by their ids.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/{concept_id}/relations"
    DeleteConceptRelations path { concept_id } {
        ids: Vec<String>,
    }
    -> BaseResponse
}
