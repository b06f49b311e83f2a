//! Annotations: what one worker says about an input.

use super::{Data, Model, Status, User};
use crate::wire::{Struct, Timestamp, message, reply};
use serde_json::Value;

message! {
    /// What one worker says about an input: labels on all of it, or on a region.
    pub struct Annotation {
        id: String,
        input_id: String,
        data: Option<Box<Data>>,
        annotation_info: Option<Struct>,
        user_id: String,
        model_version_id: String,
        embed_model_version_id: String,
        status: Option<Status>,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        trusted: bool,
        input_level: bool,
        consensus_info: Option<Struct>,
        task_id: String,
        worker: Option<Box<Worker>>,
    }
}

message! {
    /// Who made an annotation: a person, a model version or a workflow.
    pub struct Worker {
        user: Option<Box<User>>,
        model: Option<Box<Model>>,
        workflow: Option<Value>,
    }
}

reply! {
    /// Several annotations.
    pub struct MultiAnnotationResponse {
    }
    always {
        annotations: Vec<Annotation>,
    }
}

reply! {
    /// One annotation.
    pub struct SingleAnnotationResponse {
        annotation: Option<Annotation>,
    }
}
