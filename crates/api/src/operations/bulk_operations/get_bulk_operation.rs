use crate::messages::SingleBulkOperationsResponse;
use crate::operation::operation;

operation! {
    /// One bulk operation, with how far it is.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/bulk_operations/{id}" | "/v2/bulk_operations/{id}"
    GetBulkOperation path { id } {
    }
    -> SingleBulkOperationsResponse
}
