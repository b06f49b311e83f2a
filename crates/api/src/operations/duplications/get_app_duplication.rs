use crate::messages::SingleAppDuplicationResponse;
use crate::operation::operation;

operation! {
    /// One copy of an app, with how far it is.
    Read GET "/v2/users/{user_app_id.user_id}/duplications/{app_duplication_id}"
    GetAppDuplication path { app_duplication_id } {
    }
    -> SingleAppDuplicationResponse
}
