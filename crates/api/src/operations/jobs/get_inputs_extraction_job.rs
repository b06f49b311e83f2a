use crate::messages::SingleInputsExtractionJobResponse;
use crate::operation::operation;

operation! {
    /// One extraction job.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/jobs/extraction/{inputs_extraction_job_id}" | "/v2/inputs/jobs/extraction/{inputs_extraction_job_id}"
    GetInputsExtractionJob path { inputs_extraction_job_id } {
    }
    -> SingleInputsExtractionJobResponse
}
