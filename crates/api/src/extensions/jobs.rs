use super::{Import, ImportResult};
use crate::messages::DatasetVersionExport;
use crate::operation::{operation, paged};
use crate::wire::{Int64, Timestamp, message, open_enum, reply};

open_enum! {
    /// What a job does.
    pub enum JobKind {
        UNKNOWN = 0,
        IMPORT = 1,
        EXPORT = 2,
        /// Counting what a new dataset version holds.
        VERSION = 3,
        /// Finding the counterparts of concepts in a knowledge graph.
        MAPPING = 4,
        /// Fetching the files of inputs that were sent as addresses.
        FETCH = 5,
        /// Evaluating a model version.
        EVALUATION = 6,
        /// Changing many inputs.
        BULK_OPERATION = 7,
        /// Taking inputs out of an archive or a data source.
        EXTRACTION = 8,
        /// Copying an app.
        DUPLICATION = 9,
    }
}

open_enum! {
    /// How a job stands.
    pub enum JobState {
        UNKNOWN = 0,
        /// Made, and waiting for its files.
        WAITING = 1,
        QUEUED = 2,
        RUNNING = 3,
        DONE = 4,
        FAILED = 5,
        CANCELLED = 6,
    }
}

message! {
    /// Why a job failed.
    pub struct JobError {
        /// A code of the API.
        code: i32,
        /// What is wrong, in a sentence.
        message: String,
        /// Where in the file: `annotations[12].bbox, line 3, column 7`.
        place: String,
        /// What to do about it.
        advice: String,
    }
}

message! {
    /// Something that takes time, in one shape for all kinds.
    pub struct Job {
        id: String,
        kind: JobKind,
        state: JobState,
        user_id: String,
        app_id: String,
        /// The step it is at, in words: `reading annotations`.
        phase: String,
        /// The step's number, from 1, of `phase_count`.
        phase_number: u32,
        phase_count: u32,
        /// What `done` and `total` count: `images`, `inputs`, `bytes`.
        unit: String,
        created_at: Option<Timestamp>,
        started_at: Option<Timestamp>,
        finished_at: Option<Timestamp>,
        dataset_id: String,
        dataset_version_id: String,
        error: Option<JobError>,
        /// What an import is to do.
        import: Option<Import>,
        /// What an import did.
        result: Option<ImportResult>,
        /// The export that the job makes, with the address of the archive once it is done.
        export: Option<DatasetVersionExport>,
        /// SHA-256 of the archive, in hexadecimal.
        sha256: String,
        /// What the user should know of the outcome, in a sentence or two.
        notes: String,
        /// Can it be cancelled now?
        cancellable: bool,
    }
    always {
        done: Int64,
        /// 0 where it is not known yet.
        total: Int64,
    }
}

reply! {
    /// One job.
    pub struct JobReply {
        job: Option<Job>,
    }
}

reply! {
    /// Several jobs, newest first.
    pub struct MultiJobReply {}
    always {
        jobs: Vec<Job>,
    }
}

operation! {
    /// Lists the jobs of an app, newest first.
    Read GET "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/jobs"
    ListJobs {
        page: u32,
        per_page: u32,
        /// Only those of one dataset.
        dataset_id: String,
    }
    -> MultiJobReply
}

paged!(ListJobs, jobs: Job);

operation! {
    /// Gets one job.
    Read GET "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/jobs/{job_id}"
    GetJob path { job_id } {}
    -> JobReply
}

operation! {
    /// Cancels a job: what it has written is taken back, and nothing half-done stays.
    Idempotent POST "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/jobs/{job_id}/cancel"
    CancelJob path { job_id } {}
    -> JobReply
}
