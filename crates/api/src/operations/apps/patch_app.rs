use crate::messages::{App, SingleAppResponse};
use crate::operation::operation;
use serde_json::Value;

operation! {
    /// Changes one app. `action` is `overwrite` or `remove`.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}"
    PatchApp {
        app: Option<Box<App>>,
        action: String,
        metadata_action: Option<Value>,
        reindex: bool,
    }
    -> SingleAppResponse
}
