use crate::messages::{AppDuplication, MultiAppDuplicationsResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists the copies of apps that the user has begun, the newest first.
    Read GET "/v2/users/{user_app_id.user_id}/duplications"
    ListAppDuplications {
        page: u32,
        per_page: u32,
    }
    -> MultiAppDuplicationsResponse
}

paged!(ListAppDuplications, app_duplications: AppDuplication);
