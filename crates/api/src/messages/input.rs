//! Inputs: the images, texts, videos and recordings of an app.

use super::{Concept, Data, Status, Worker};
use crate::wire::{Secret, Timestamp, UInt64, message, open_enum, reply};

open_enum! {
    /// What becomes of an input whose id is taken: skip it, or add a suffix.
    pub enum InputIdConflictResolution {
        INPUT_ID_CONFLICT_RESOLUTION_NOT_SET = 0,
        SKIP = 1,
        SUFFIX = 2,
    }
}

message! {
    /// One item of an app and its own labels.
    pub struct Input {
        id: String,
        data: Option<Box<Data>>,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        status: Option<Status>,
        dataset_ids: Vec<String>,
        settings: Option<InputSettings>,
    }
}

message! {
    /// How an input is to be processed.
    pub struct InputSettings {
        worker: Option<Box<Worker>>,
        sample_rate_ms: u32,
        sample_rate_frame: u32,
        pinned_concepts: Vec<Concept>,
    }
}

message! {
    /// How many inputs are in which state.
    pub struct InputCount {
    }
    always {
        processed: u32,
        to_process: u32,
        errors: u32,
        processing: u32,
        reindexed: u32,
        to_reindex: u32,
        reindex_errors: u32,
        reindexing: u32,
    }
}

message! {
    /// A job that adds inputs.
    pub struct InputsAddJob {
        id: String,
        call_back_url: String,
        app_pat: Secret,
        progress: Option<InputsAddJobProgress>,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        extraction_jobs: Vec<InputsExtractionJob>,
        uploads: Vec<Upload>,
        status: Option<Status>,
    }
}

message! {
    /// How many inputs of the job are in which state.
    pub struct InputsAddJobProgress {
        pending_count: UInt64,
        in_progress_count: UInt64,
        success_count: UInt64,
        failed_count: UInt64,
    }
}

message! {
    /// A job that unpacks archives or lists a bucket into inputs.
    pub struct InputsExtractionJob {
        status: Option<Status>,
        id: String,
        url: String,
        progress: Option<InputsExtractionJobProgress>,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        input_id_conflict_resolution: InputIdConflictResolution,
        input_template: Option<Box<Input>>,
    }
}

message! {
    /// What an extraction job found and did.
    pub struct InputsExtractionJobProgress {
        audio_inputs_count: UInt64,
        image_inputs_count: UInt64,
        video_inputs_count: UInt64,
        text_inputs_count: UInt64,
        pending_archives_count: UInt64,
        in_progress_archives_count: UInt64,
        completed_archives_count: UInt64,
        failed_archives_count: UInt64,
    }
}

message! {
    /// A file on its way to the server in parts.
    pub struct Upload {
        id: String,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        expires_at: Option<Timestamp>,
        status: Option<Status>,
        content_name: String,
        content_length: UInt64,
        content_url: String,
    }
}

reply! {
    /// Several inputs.
    pub struct MultiInputResponse {
        inputs_add_job: Option<InputsAddJob>,
    }
    always {
        inputs: Vec<Input>,
    }
}

reply! {
    /// One input.
    pub struct SingleInputResponse {
        input: Option<Input>,
    }
}

reply! {
    /// Inputs by state.
    pub struct SingleInputCountResponse {
        counts: Option<InputCount>,
    }
}

reply! {
    /// Several jobs that add inputs.
    pub struct MultiInputsAddJobResponse {
    }
    always {
        inputs_add_jobs: Vec<InputsAddJob>,
    }
}

reply! {
    /// One job that adds inputs.
    pub struct SingleInputsAddJobResponse {
        inputs_add_job: Option<InputsAddJob>,
    }
}

reply! {
    /// Several extraction jobs.
    pub struct MultiInputsExtractionJobResponse {
        inputs_extraction_jobs: Vec<InputsExtractionJob>,
    }
}

reply! {
    /// One extraction job.
    pub struct SingleInputsExtractionJobResponse {
        inputs_extraction_job: Option<InputsExtractionJob>,
    }
}
