use crate::operation::operation;
use crate::wire::{Int64, message, reply};

message! {
    /// How often a concept is used in a dataset.
    pub struct ConceptUse {
        id: String,
        name: String,
    }
    always {
        /// Annotations that carry it as positive.
        annotations: Int64,
        /// Inputs with at least one of them.
        inputs: Int64,
    }
}

message! {
    /// What a dataset holds now, not frozen.
    pub struct DatasetSummary {
        /// Concepts in use, most used first; at most 200.
        concepts: Vec<ConceptUse>,
    }
    always {
        inputs: Int64,
        /// Inputs without an annotation.
        unlabeled_inputs: Int64,
        /// Inputs whose file is not here.
        inputs_without_media: Int64,
        annotations: Int64,
        bounding_boxes: Int64,
        polygons: Int64,
        masks: Int64,
        /// How many concepts are in use, also beyond the list.
        concepts_count: Int64,
        /// The number of the last revision that touched the dataset or its inputs.
        revision: Int64,
    }
}

reply! {
    /// What a dataset holds now.
    pub struct DatasetSummaryReply {
        summary: Option<DatasetSummary>,
    }
}

operation! {
    /// Counts what a dataset holds now.
    Read GET "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/datasets/{dataset_id}/summary"
    GetDatasetSummary path { dataset_id } {}
    -> DatasetSummaryReply
}
