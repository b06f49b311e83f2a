//! One change to many inputs, as a job.

use super::{Concept, Dataset, Geo, Search, Status};
use crate::wire::{Struct, Timestamp, message, open_enum, reply};

open_enum! {
    /// How inputs are shared out.
    pub enum DatasetSplitMethod {
        NOT_SET = 0,
        RANDOM_PERCENTAGE_SPLIT = 1,
    }
}

message! {
    /// What is changed (one of `input_ids`, `search`, `dataset` and `annotation_search`), how, and how far it is.
    pub struct BulkOperation {
        id: String,
        input_ids: Option<InputIds>,
        search: Option<Box<Search>>,
        dataset: Option<Box<Dataset>>,
        annotation_search: Option<Box<Search>>,
        operation: Option<BulkOperationKind>,
        app_id: String,
        status: Option<Status>,
        progress: Option<BulkOperationProgress>,
        created_by: String,
        created_at: Option<Timestamp>,
        last_modified_at: Option<Timestamp>,
    }
}

message! {
    /// Inputs by id.
    pub struct InputIds {
        input_ids: Vec<String>,
    }
}

message! {
    /// The change: one of its fields.
    pub struct BulkOperationKind {
        add_concepts: Option<AddConcepts>,
        delete_concepts: Option<DeleteConcepts>,
        add_metadata: Option<AddMetadata>,
        delete_metadata: Option<DeleteMetadata>,
        overwrite_geo: Option<OverwriteGeo>,
        delete_geo: Option<DeleteGeo>,
        delete_from_dataset: Option<DeleteFromDataset>,
        add_to_dataset: Option<AddToDataset>,
        split_into_datasets: Option<SplitIntoDatasets>,
        delete_annotations: Option<BulkDeleteAnnotations>,
    }
}

message! {
    /// How far it is.
    pub struct BulkOperationProgress {
        processed: u32,
        last_processed_id: String,
    }
}

message! {
    /// Adds concepts to the inputs.
    pub struct AddConcepts {
        concepts: Vec<Concept>,
    }
}

message! {
    /// Takes concepts from the inputs.
    pub struct DeleteConcepts {
        concepts: Vec<Concept>,
        user_ids: Vec<String>,
    }
}

message! {
    /// Adds metadata, key by key.
    pub struct AddMetadata {
        metadata: Option<Struct>,
    }
}

message! {
    /// Takes metadata away, key by key.
    pub struct DeleteMetadata {
        metadata: Option<Struct>,
    }
}

message! {
    /// Sets the place.
    pub struct OverwriteGeo {
        geo: Option<Geo>,
    }
}

message! {
    /// Takes the place away.
    pub struct DeleteGeo {
    }
}

message! {
    /// Puts the inputs into a dataset.
    pub struct AddToDataset {
        dataset_id: String,
    }
}

message! {
    /// Takes the inputs out of a dataset.
    pub struct DeleteFromDataset {
        dataset_id: String,
    }
}

message! {
    /// Shares the inputs out among datasets.
    pub struct SplitIntoDatasets {
        dataset_splits: Vec<DatasetSplit>,
        method: DatasetSplitMethod,
    }
}

message! {
    /// A dataset and its share.
    pub struct DatasetSplit {
        dataset: Option<Box<Dataset>>,
        percentage: u32,
    }
}

message! {
    /// Deletes annotations of the inputs.
    pub struct BulkDeleteAnnotations {
    }
}

reply! {
    /// Several bulk operations, under a key in the singular.
    pub struct MultiBulkOperationsResponse {
        bulk_operation: Vec<BulkOperation>,
    }
}

reply! {
    /// One bulk operation.
    pub struct SingleBulkOperationsResponse {
        bulk_operation: Option<BulkOperation>,
    }
}
