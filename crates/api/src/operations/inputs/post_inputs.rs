use crate::messages::{Input, InputIdConflictResolution, MultiInputResponse};
use crate::operation::operation;

operation! {
    /// Adds up to 128 inputs. Each comes back with a status of its own; some may fail while others are added.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs" | "/v2/inputs"
    PostInputs {
        inputs: Vec<Input>,
        inputs_add_job_id: String,
        input_id_conflict_resolution: InputIdConflictResolution,
    }
    -> MultiInputResponse
}
