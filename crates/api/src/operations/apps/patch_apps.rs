use crate::messages::{App, MultiAppResponse};
use crate::operation::operation;
use serde_json::Value;

operation! {
    /// Changes apps. `action` is `overwrite` or `remove`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps"
    PatchApps {
        apps: Vec<App>,
        action: String,
        metadata_action: Option<Value>,
        reindex: bool,
    }
    -> MultiAppResponse
}
