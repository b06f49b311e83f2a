use crate::messages::SingleAppResponse;
use crate::operation::operation;

operation! {
    /// Gets one app.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}" | "/v2/app"
    GetApp {
        additional_fields: Vec<String>,
    }
    -> SingleAppResponse
}
