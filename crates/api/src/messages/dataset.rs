//! Datasets: named selections of inputs.

use super::{AnnotationFilter, BulkOperation, DatasetVersion, DatasetVersionProcessingInfo, Image, Input, Visibility};
use crate::wire::{Struct, Timestamp, message, open_enum, reply};

message! {
    /// A named selection of the inputs of an app.
    pub struct Dataset {
        id: String,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        app_id: String,
        user_id: String,
        description: String,
        metadata: Option<Struct>,
        visibility: Option<Visibility>,
        default_annotation_filter: Option<Box<AnnotationFilter>>,
        default_processing_info: Option<DatasetVersionProcessingInfo>,
        notes: String,
        version: Option<Box<DatasetVersion>>,
        is_starred: bool,
        star_count: i32,
        bookmark_origin: Option<BookmarkOrigin>,
        image: Option<Image>,
    }
}

message! {
    /// An input and when it joined the dataset.
    pub struct DatasetInput {
        created_at: Option<Timestamp>,
        input: Option<Box<Input>>,
    }
}

open_enum! {
    /// What a bookmark points at.
    pub enum BookmarkType {
        unknown = 0,
        model = 1,
        workflow = 2,
        dataset = 3,
    }
}

message! {
    /// Where a bookmarked resource comes from.
    pub struct BookmarkOrigin {
        id: String,
        app_id: String,
        user_id: String,
        resource_type: BookmarkType,
    }
}

reply! {
    /// Several datasets.
    pub struct MultiDatasetResponse {
    }
    always {
        datasets: Vec<Dataset>,
    }
}

reply! {
    /// One dataset.
    pub struct SingleDatasetResponse {
        dataset: Option<Dataset>,
    }
}

reply! {
    /// Several inputs of a dataset.
    pub struct MultiDatasetInputResponse {
        bulk_operation: Option<BulkOperation>,
    }
    always {
        dataset_inputs: Vec<DatasetInput>,
    }
}

reply! {
    /// One input of a dataset.
    pub struct SingleDatasetInputResponse {
        dataset_input: Option<DatasetInput>,
    }
}
