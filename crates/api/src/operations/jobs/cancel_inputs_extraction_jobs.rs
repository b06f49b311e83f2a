use crate::messages::MultiInputsExtractionJobResponse;
use crate::operation::operation;

operation! {
    /// Cancels extraction jobs. What they have added stays.
    Idempotent PATCH "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/jobs/extraction" | "/v2/inputs/jobs/extraction"
    CancelInputsExtractionJobs {
        ids: Vec<String>,
    }
    -> MultiInputsExtractionJobResponse
}
