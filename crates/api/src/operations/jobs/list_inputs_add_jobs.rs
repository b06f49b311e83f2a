use crate::messages::{InputsAddJob, MultiInputsAddJobResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists the jobs that add inputs, the newest first.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/jobs/add" | "/v2/inputs/jobs/add"
    ListInputsAddJobs {
        page: u32,
        per_page: u32,
    }
    -> MultiInputsAddJobResponse
}

paged!(ListInputsAddJobs, inputs_add_jobs: InputsAddJob);
