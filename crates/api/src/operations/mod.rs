//! One file an operation, grouped by resource. [`ALL`] is the table that client, server, docs and tests read.

use crate::operation::{Meta, Operation};

mod annotations;
mod apps;
mod concepts;
mod dataset_inputs;
mod dataset_versions;
mod datasets;
mod inputs;
mod users;

pub use annotations::*;
pub use apps::*;
pub use concepts::*;
pub use dataset_inputs::*;
pub use dataset_versions::*;
pub use datasets::*;
pub use inputs::*;
pub use users::*;

/// Every operation, in the order of the documentation.
pub const ALL: &[Meta] = &[
    GetUser::META,
    ListApps::META,
    GetApp::META,
    PostApps::META,
    ListConcepts::META,
    GetConcept::META,
    PostConcepts::META,
    PatchConcepts::META,
    PostConceptsSearches::META,
    GetConceptCounts::META,
    ListInputs::META,
    GetInput::META,
    PostInputs::META,
    DeleteInput::META,
    DeleteInputs::META,
    GetInputCount::META,
    StreamInputs::META,
    ListAnnotations::META,
    PostAnnotations::META,
    PatchAnnotations::META,
    DeleteAnnotation::META,
    DeleteAnnotations::META,
    ListDatasets::META,
    GetDataset::META,
    PostDatasets::META,
    PatchDatasets::META,
    DeleteDatasets::META,
    ListDatasetInputs::META,
    GetDatasetInput::META,
    PostDatasetInputs::META,
    DeleteDatasetInputs::META,
    ListDatasetVersions::META,
    GetDatasetVersion::META,
    PostDatasetVersions::META,
    PatchDatasetVersions::META,
    DeleteDatasetVersions::META,
    PutDatasetVersionExports::META,
    ListDatasetVersionMetricsGroups::META,
];
