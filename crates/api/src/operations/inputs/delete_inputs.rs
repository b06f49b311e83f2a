use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Deletes inputs. An empty list deletes nothing and succeeds.
    Idempotent DELETE "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs" | "/v2/inputs"
    DeleteInputs {
        ids: Vec<String>,
    }
    -> BaseResponse
}
