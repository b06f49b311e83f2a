use crate::messages::{ConceptMappingJob, MultiConceptMappingJobResponse};
use crate::operation::operation;

operation! {
    /// Starts jobs that look for the counterparts of concepts in a knowledge graph and note them there as synonyms.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/concepts/mappings/jobs" | "/v2/concepts/mappings/jobs"
    PostConceptMappingJobs {
        concept_mapping_jobs: Vec<ConceptMappingJob>,
    }
    -> MultiConceptMappingJobResponse
}
