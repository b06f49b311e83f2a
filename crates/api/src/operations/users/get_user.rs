use crate::messages::SingleUserResponse;
use crate::operation::operation;

operation! {
    /// Gets a user; `me` is the owner of the credential.
    Read GET "/v2/users/{user_app_id.user_id}"
    GetUser {
        additional_fields: Vec<String>,
    }
    -> SingleUserResponse
}
