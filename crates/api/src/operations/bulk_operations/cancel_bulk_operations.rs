use crate::messages::MultiBulkOperationsResponse;
use crate::operation::operation;

operation! {
    /// Cancels bulk operations. What they have changed stays.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/bulk_operations" | "/v2/bulk_operations"
    CancelBulkOperations {
        ids: Vec<String>,
    }
    -> MultiBulkOperationsResponse
}
