use crate::messages::{InputsExtractionJob, MultiInputsExtractionJobResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists the jobs that take inputs out of archives and data sources, the newest first.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/jobs/extraction" | "/v2/inputs/jobs/extraction"
    ListInputsExtractionJobs {
        page: u32,
        per_page: u32,
    }
    -> MultiInputsExtractionJobResponse
}

paged!(ListInputsExtractionJobs, inputs_extraction_jobs: InputsExtractionJob);
