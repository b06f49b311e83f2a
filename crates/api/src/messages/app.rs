//! Apps: what concepts, inputs and datasets belong to.

use super::{Image, Visibility};
use crate::wire::{Int64, Struct, Timestamp, message, open_enum, reply};
use serde_json::Value;

open_enum! {
    /// Where an app's embeddings are kept.
    pub enum EmbeddingsStorage {
        EMBEDDING_STORAGE_NOT_SET = 0,
        POSTGRES = 1,
        QDRANT = 2,
    }
}

message! {
    /// A container of concepts, inputs, datasets and models.
    pub struct App {
        id: String,
        name: String,
        default_language: String,
        default_workflow_id: String,
        default_workflow: Option<Value>,
        user_id: String,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        legal_consent_status: u32,
        metadata: Option<Struct>,
        description: String,
        sample_ms: u32,
        visibility: Option<Visibility>,
        data_tier_id: String,
        is_starred: bool,
        star_count: i32,
        notes: String,
        image: Option<Image>,
        is_template: Option<bool>,
        extra_info: Option<AppExtraInfo>,
        embeddings_storage: EmbeddingsStorage,
    }
}

message! {
    /// Facts about an app that are asked for apart.
    pub struct AppExtraInfo {
        search_revision_marker: String,
        counts: Option<AppResourceCounts>,
    }
}

message! {
    /// How many resources an app holds.
    pub struct AppResourceCounts {
        datasets: Int64,
        models: Int64,
        workflows: Int64,
        inputs: Int64,
        pipelines: Int64,
    }
}

reply! {
    /// Several apps.
    pub struct MultiAppResponse {
    }
    always {
        apps: Vec<App>,
    }
}

reply! {
    /// One app.
    pub struct SingleAppResponse {
        app: Option<App>,
    }
}

reply! {
    /// How many resources an app holds.
    pub struct GetResourceCountsResponse {
        datasets: Int64,
        models: Int64,
        workflows: Int64,
        inputs: Int64,
        pipelines: Int64,
    }
}
