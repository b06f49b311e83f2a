//! Dataset versions: datasets as they were at one moment.

use super::{AnnotationFilter, DatasetVersionMetrics, Model, Status, Visibility};
use crate::wire::{Struct, Timestamp, UInt64, message, open_enum, reply};
use std::collections::BTreeMap;

open_enum! {
    /// The archive formats of the API.
    pub enum ExportFormat {
        DATASET_VERSION_EXPORT_FORMAT_NOT_SET = 0,
        CLARIFAI_DATA_PROTOBUF = 1,
        CLARIFAI_DATA_JSON = 3,
        COCO = 2,
    }
}

open_enum! {
    /// Who asked for the version.
    pub enum RequestOrigin {
        DATASET_VERSION_REQUEST_ORIGIN_NOT_SET = 0,
        MANUAL = 1,
        TRAINING = 2,
        EVAL_GROUND_TRUTH = 3,
        EVAL_PREDICTIONS = 4,
    }
}

message! {
    /// A dataset frozen at one moment.
    pub struct DatasetVersion {
        id: String,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        app_id: String,
        user_id: String,
        dataset_id: String,
        annotation_filter_config: Option<AnnotationFilterConfig>,
        model_predict_config: Option<ModelPredictConfig>,
        status: Option<Status>,
        description: String,
        processing_info: Option<DatasetVersionProcessingInfo>,
        metrics: BTreeMap<String, DatasetVersionMetrics>,
        export_info: Option<DatasetVersionExportInfo>,
        metadata: Option<Struct>,
        visibility: Option<Visibility>,
        embed_model_version_ids: Vec<String>,
        request_origin: RequestOrigin,
    }
}

message! {
    /// Which annotations a version holds, and whether inputs without any are left out.
    pub struct AnnotationFilterConfig {
        annotation_filter: Option<Box<AnnotationFilter>>,
        ignore_empty_inputs: bool,
    }
}

message! {
    /// Predictions of a model instead of the annotations that are there.
    pub struct ModelPredictConfig {
        model: Option<Box<Model>>,
    }
}

message! {
    /// How inputs are processed into the version.
    pub struct DatasetVersionProcessingInfo {
        frame_interpolation_info: Option<FrameInterpolationInfo>,
    }
}

message! {
    /// Every how many milliseconds of video a frame is made.
    pub struct FrameInterpolationInfo {
        sample_ms: u32,
    }
}

message! {
    /// The exports that were asked for, by format.
    pub struct DatasetVersionExportInfo {
        clarifai_data_protobuf: Option<DatasetVersionExport>,
        clarifai_data_json: Option<DatasetVersionExport>,
        coco: Option<DatasetVersionExport>,
    }
}

message! {
    /// One export of a version: its state, and where the archive is once it is done. `size` is in bytes.
    pub struct DatasetVersionExport {
        format: ExportFormat,
        status: Option<Status>,
        url: String,
        size: UInt64,
        include_embeddings: bool,
    }
}

reply! {
    /// Several dataset versions.
    pub struct MultiDatasetVersionResponse {
    }
    always {
        dataset_versions: Vec<DatasetVersion>,
    }
}

reply! {
    /// One dataset version.
    pub struct SingleDatasetVersionResponse {
        dataset_version: Option<DatasetVersion>,
    }
}

reply! {
    /// The exports that were asked for.
    pub struct MultiDatasetVersionExportResponse {
    }
    always {
        exports: Vec<DatasetVersionExport>,
    }
}
