//! Files that are sent in parts.

use super::{Input, InputIdConflictResolution, Upload};
use crate::wire::{Base64, Int64, Secret, UInt64, message, reply};

message! {
    /// A stretch of a file.
    pub struct UploadContentPart {
        /// The offset of its first byte.
        range_start: UInt64,
        /// From 1.
        part_number: Int64,
        data: Base64,
    }
}

message! {
    /// An archive to be sent, and what its files are to become.
    pub struct InputsUpload {
        inputs_add_job_id: String,
        app_pat: Secret,
        upload: Option<Upload>,
        input_id_conflict_resolution: InputIdConflictResolution,
        input_template: Option<Box<Input>>,
    }
}

reply! {
    /// Several uploads.
    pub struct MultiUploadResponse {
        uploads: Vec<Upload>,
    }
}

reply! {
    /// One upload.
    pub struct SingleUploadResponse {
        upload: Option<Upload>,
    }
}
