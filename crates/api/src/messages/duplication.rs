//! Copies of apps.

use super::{App, Status};
use crate::wire::{Timestamp, message, reply};

message! {
    /// A copy of an app: where to, what, and how far it is.
    pub struct AppDuplication {
        id: String,
        destination_app: Option<Box<App>>,
        existing_app_id: String,
        new_app_id: String,
        new_app_name: String,
        status: Option<Status>,
        created_at: Option<Timestamp>,
        last_modified_at: Option<Timestamp>,
        filter: Option<AppDuplicationFilters>,
        progress: Vec<AppCopyProgress>,
    }
}

message! {
    /// What is to be copied.
    pub struct AppDuplicationFilters {
        copy_inputs: bool,
        copy_concepts: bool,
        copy_annotations: bool,
        copy_models: bool,
        copy_workflows: bool,
    }
}

message! {
    /// How many of one kind have been copied.
    pub struct AppCopyProgress {
        field: String,
    }
    always {
        value: i32,
    }
}

reply! {
    /// Several copies of apps.
    pub struct MultiAppDuplicationsResponse {
        app_duplications: Vec<AppDuplication>,
    }
}

reply! {
    /// One copy of an app.
    pub struct SingleAppDuplicationResponse {
        app_duplication: Option<AppDuplication>,
    }
}
