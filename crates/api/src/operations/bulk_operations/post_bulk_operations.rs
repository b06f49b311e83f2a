use crate::messages::{BulkOperation, MultiBulkOperationsResponse};
use crate::operation::operation;

operation! {
    /// Begins changes to many inputs at once.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/bulk_operations" | "/v2/bulk_operations"
    PostBulkOperations {
        bulk_operations: Vec<BulkOperation>,
    }
    -> MultiBulkOperationsResponse
}
