use crate::messages::SingleInputsAddJobResponse;
use crate::operation::operation;

operation! {
    /// Cancels a job that adds inputs. What it has added stays.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/jobs/add/{id}" | "/v2/inputs/jobs/add/{id}"
    CancelInputsAddJob path { id } {
    }
    -> SingleInputsAddJobResponse
}
