use crate::messages::GetResourceCountsResponse;
use crate::operation::operation;

operation! {
    /// Counts what an app holds.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/resource_counts" | "/v2/resource_counts"
    GetResourceCounts {}
    -> GetResourceCountsResponse
}
