use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes a saved search.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/searches/{id}" | "/v2/searches/{id}"
    DeleteSearch path { id } {}
    -> BaseResponse
}
