use crate::messages::{BulkOperation, MultiBulkOperationsResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists bulk operations, the newest first.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/bulk_operations" | "/v2/bulk_operations"
    ListBulkOperations {
        page: u32,
        per_page: u32,
    }
    -> MultiBulkOperationsResponse
}

paged!(ListBulkOperations, bulk_operation: BulkOperation);
