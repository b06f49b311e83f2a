//! Kinds of models. What lies inside of them passes through as JSON.

use crate::wire::{message, open_enum, reply};
use serde_json::Value;

open_enum! {
    /// How models of a kind are measured.
    pub enum EvaluationType {
        Undefined = 0,
        Classification = 1,
        Detection = 2,
        Segmentation = 3,
        Clustering = 4,
        Tracker = 5,
        Generation = 6,
    }
}

message! {
    /// A kind of model, such as `visual-classifier`.
    pub struct ModelType {
        id: String,
        title: String,
        description: String,
        /// What goes in, as fields of data: `image`, `text`.
        input_fields: Vec<String>,
        /// What comes out: `concepts`, `regions[...].data.concepts`.
        output_fields: Vec<String>,
        trainable: bool,
        creatable: bool,
        internal_only: bool,
        model_type_fields: Vec<Value>,
        requires_sequential_frames: bool,
        expected_input_layers: Vec<Value>,
        expected_output_layers: Vec<Value>,
        evaluation_type: EvaluationType,
        method_signatures: Vec<Value>,
    }
}

reply! {
    /// Several kinds of models.
    pub struct MultiModelTypeResponse {
        model_importers: Option<Value>,
        triton_conda_envs_info: Vec<Value>,
    }
    always {
        model_types: Vec<ModelType>,
    }
}

reply! {
    /// One kind of models.
    pub struct SingleModelTypeResponse {
        model_type: Option<ModelType>,
    }
}
