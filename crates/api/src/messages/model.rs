//! Models, as far as labels and evaluations need them. What lies inside of them passes through as JSON.

use super::{BookmarkOrigin, EvalInfo, EvalMetrics, Image, Status, Visibility};
use crate::wire::{Struct, Timestamp, message, reply};
use serde_json::Value;

message! {
    /// A model, of which predictions name a version.
    pub struct Model {
        id: String,
        name: String,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        output_info: Option<Value>,
        model_version: Option<Box<ModelVersion>>,
        display_name: String,
        user_id: String,
        default_eval_info: Option<EvalInfo>,
        model_type_id: String,
        task: String,
        visibility: Option<Visibility>,
        description: String,
        metadata: Option<Struct>,
        presets: Option<Struct>,
        notes: String,
        toolkits: Vec<String>,
        use_cases: Vec<String>,
        languages: Vec<String>,
        languages_full: Vec<Value>,
        check_consents: Vec<String>,
        is_starred: bool,
        star_count: i32,
        workflow_recommended: Option<bool>,
        bookmark_origin: Option<BookmarkOrigin>,
        image: Option<Image>,
        license_type: Option<Value>,
        source: Option<Value>,
        creator: String,
        version_count: i32,
        billing_type: Option<Value>,
        featured_order: Option<i32>,
        deploy_restriction: Option<Value>,
        replica_count: u32,
        open_router_info: Option<Value>,
    }
    always {
        app_id: String,
    }
}

message! {
    /// One trained state of a model.
    pub struct ModelVersion {
        id: String,
        created_at: Option<Timestamp>,
        status: Option<Status>,
        active_concept_count: u32,
        metrics: Option<Box<EvalMetrics>>,
        total_input_count: u32,
        pretrained_model_config: Option<Value>,
        completed_at: Option<Timestamp>,
        description: String,
        visibility: Option<Visibility>,
        app_id: String,
        user_id: String,
        modified_at: Option<Timestamp>,
        metadata: Option<Struct>,
        license: String,
        output_info: Option<Value>,
        input_info: Option<Value>,
        train_info: Option<Value>,
        import_info: Option<Value>,
        train_log: String,
        inference_compute_info: Option<Value>,
        build_info: Option<Value>,
        method_signatures: Vec<Value>,
        special_handling: Vec<Value>,
        num_threads: i32,
    }
}

reply! {
    /// Several models.
    pub struct MultiModelResponse {
    }
    always {
        models: Vec<Model>,
    }
}

reply! {
    /// One model.
    pub struct SingleModelResponse {
        model: Option<Box<Model>>,
        workflow_count: i32,
    }
}

reply! {
    /// Several versions of a model.
    pub struct MultiModelVersionResponse {
    }
    always {
        model_versions: Vec<ModelVersion>,
    }
}

reply! {
    /// One version of a model.
    pub struct SingleModelVersionResponse {
        model_version: Option<ModelVersion>,
    }
}
