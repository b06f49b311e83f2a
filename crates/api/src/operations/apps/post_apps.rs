use crate::messages::{App, MultiAppResponse};
use crate::operation::operation;

operation! {
    /// Makes apps. An id that is taken fails the call.
    Once POST "/v2/users/{user_app_id.user_id}/apps"
    PostApps {
        apps: Vec<App>,
    }
    -> MultiAppResponse
}
