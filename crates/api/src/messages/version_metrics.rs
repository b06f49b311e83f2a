//! Counts of what a dataset version holds, whole and by group.

use crate::wire::{UInt64, message, open_enum, reply};
use serde_json::Value;

open_enum! {
    /// What the inputs of a group share.
    pub enum MetricsGroupType {
        DATASET_VERSION_METRICS_GROUP_TYPE_NOT_SET = 0,
        INPUT_TYPE = 2,
        CONCEPT_ID = 10,
        CONCEPTS_COUNT = 11,
        BOUNDING_BOXES_COUNT = 20,
        POLYGONS_COUNT = 21,
        POINTS_COUNT = 22,
        MASKS_COUNT = 23,
        PIXELS_COUNT = 30,
        ASPECT_RATIO = 31,
    }
}

message! {
    /// Counts of what a version, or a group of its inputs, holds. Absent means not counted; 0 means none.
    pub struct DatasetVersionMetrics {
        inputs_count: Option<UInt64>,
        unlabeled_inputs_count: Option<UInt64>,
        inputs_with_metadata_count: Option<UInt64>,
        inputs_with_geo_count: Option<UInt64>,
        regions_count: Option<UInt64>,
        region_location_matrix: Option<MatrixUint64>,
        bounding_boxes_count: Option<UInt64>,
        polygons_count: Option<UInt64>,
        points_count: Option<UInt64>,
        masks_count: Option<UInt64>,
        region_inputs_count: Option<UInt64>,
        region_frames_count: Option<UInt64>,
        frames_count: Option<UInt64>,
        frame_inputs_count: Option<UInt64>,
        embeddings_count: Option<UInt64>,
        positive_input_tags_count: Option<UInt64>,
        positive_region_tags_count: Option<UInt64>,
        positive_frame_tags_count: Option<UInt64>,
    }
}

message! {
    /// A matrix of counts, row by row.
    pub struct MatrixUint64 {
        n_cols: UInt64,
        data: Vec<UInt64>,
    }
}

message! {
    /// The counts of the inputs that share a value, such as a concept or a number of boxes.
    pub struct DatasetVersionMetricsGroup {
        parent_path: String,
        r#type: MetricsGroupType,
        value: Option<Value>,
        metrics: Option<DatasetVersionMetrics>,
    }
}

reply! {
    /// Several metric groups.
    pub struct MultiDatasetVersionMetricsGroupResponse {
    }
    always {
        dataset_version_metrics_groups: Vec<DatasetVersionMetricsGroup>,
    }
}
