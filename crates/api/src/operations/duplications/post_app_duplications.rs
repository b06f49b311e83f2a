use crate::messages::{AppDuplication, MultiAppDuplicationsResponse};
use crate::operation::operation;

operation! {
    /// Copies the app into another of the caller's, new or existing.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/duplications"
    PostAppDuplications {
        app_duplications: Vec<AppDuplication>,
    }
    -> MultiAppDuplicationsResponse
}
