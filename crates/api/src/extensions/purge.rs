use crate::messages::BaseResponse;
use crate::operation::operation;

operation! {
    /// Takes inputs out of the database for good: out of every revision, every version and every file, so that nothing of
    /// them can be had again. Only that there was one, and when it went, stays known. Cannot be undone.
    Idempotent POST "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/purge"
    PurgeInputs {
        ids: Vec<String>,
    }
    -> BaseResponse
}
