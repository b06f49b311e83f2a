use crate::messages::SingleInputsAddJobResponse;
use crate::operation::operation;

operation! {
    /// One job that adds inputs: its counters, its extraction jobs and its uploads.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/jobs/add/{id}" | "/v2/inputs/jobs/add/{id}"
    GetInputsAddJob path { id } {
    }
    -> SingleInputsAddJobResponse
}
