use crate::messages::{Input, MultiInputResponse};
use crate::operation::operation;

operation! {
    /// Changes the data of inputs, each by itself. `action` is `merge`, `overwrite` or `remove`.
    Once PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs" | "/v2/inputs"
    PatchInputs {
        inputs: Vec<Input>,
        action: String,
    }
    -> MultiInputResponse
}
