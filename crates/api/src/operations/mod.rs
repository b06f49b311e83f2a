//! One file an operation, grouped by resource. [`ALL`] is the table that client, server, docs and tests read.

use crate::describe::Shape;
use crate::operation::{Meta, Operation};

mod annotation_filters;
mod annotations;
mod apps;
mod bulk_operations;
mod concepts;
mod dataset_inputs;
mod dataset_versions;
mod datasets;
mod duplications;
mod evaluations;
mod inputs;
mod jobs;
mod models;
mod searches;
mod status_codes;
mod uploads;
mod users;

pub use annotation_filters::*;
pub use annotations::*;
pub use apps::*;
pub use bulk_operations::*;
pub use concepts::*;
pub use dataset_inputs::*;
pub use dataset_versions::*;
pub use datasets::*;
pub use duplications::*;
pub use evaluations::*;
pub use inputs::*;
pub use jobs::*;
pub use models::*;
pub use searches::*;
pub use status_codes::*;
pub use uploads::*;
pub use users::*;

/// An operation as data: its facts, its documentation, and what goes and comes.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// Name, method, paths, effect.
    pub meta: Meta,
    /// What it does, in a sentence or two.
    pub doc: &'static str,
    /// The fields of the request; those of the path are among them.
    pub request: fn() -> Shape,
    /// The reply.
    pub reply: fn() -> Shape,
    /// Reads the JSON of a request and writes it again, as a server and a client would.
    pub request_again: fn(&[u8]) -> Result<serde_json::Value, String>,
    /// Reads the JSON of a reply and writes it again.
    pub reply_again: fn(&[u8]) -> Result<serde_json::Value, String>,
}

pub(crate) fn request_again<O: Operation>(body: &[u8]) -> Result<serde_json::Value, String> {
    let op = O::from_parts(Vec::new(), "", body).map_err(|e| e.to_string())?;
    serde_json::to_value(op).map_err(|e| e.to_string())
}

pub(crate) fn reply_again<O: Operation>(body: &[u8]) -> Result<serde_json::Value, String> {
    let reply: O::Reply = serde_json::from_slice(body).map_err(|e| e.to_string())?;
    serde_json::to_value(reply).map_err(|e| e.to_string())
}

/// An operation as data.
macro_rules! described {
    ($name:ident) => {
        crate::operations::Described {
            meta: <$name as crate::operation::Operation>::META,
            doc: $name::DOC,
            request: <$name as crate::describe::Describe>::shape,
            reply: <<$name as crate::operation::Operation>::Reply as crate::describe::Describe>::shape,
            request_again: crate::operations::request_again::<$name>,
            reply_again: crate::operations::reply_again::<$name>,
        }
    };
}
pub(crate) use described;

macro_rules! table {
    ($( $name:ident ),* $(,)?) => {
        /// Every operation, in the order of the documentation.
        pub const ALL: &[Meta] = &[$( $name::META ),*];

        /// The same table with everything that can be said of an operation.
        pub const DESCRIBED: &[Described] = &[$( described!($name) ),*];
    };
}

table! {
    GetUser,
    ListApps,
    GetApp,
    PostApps,
    PatchApps,
    PatchApp,
    DeleteApp,
    GetResourceCounts,
    ListConcepts,
    GetConcept,
    PostConcepts,
    PatchConcepts,
    PostConceptsSearches,
    GetConceptCounts,
    ListConceptLanguages,
    GetConceptLanguage,
    PostConceptLanguages,
    PatchConceptLanguages,
    ListConceptRelations,
    PostConceptRelations,
    DeleteConceptRelations,
    ListKnowledgeGraphs,
    PostKnowledgeGraphs,
    PostConceptMappingJobs,
    ListInputs,
    GetInput,
    PostInputs,
    PatchInputs,
    DeleteInput,
    DeleteInputs,
    GetInputCount,
    StreamInputs,
    PostInputsSearches,
    PatchInputsSearches,
    ListAnnotations,
    GetAnnotation,
    PostAnnotations,
    PatchAnnotations,
    DeleteAnnotation,
    DeleteAnnotations,
    PostAnnotationsSearches,
    PatchAnnotationsSearches,
    ListSearches,
    GetSearch,
    PostSearches,
    PostSearchesByID,
    PatchSearches,
    DeleteSearch,
    ListAnnotationFilters,
    GetAnnotationFilter,
    PostAnnotationFilters,
    PatchAnnotationFilters,
    DeleteAnnotationFilters,
    ListDatasets,
    GetDataset,
    PostDatasets,
    PatchDatasets,
    DeleteDatasets,
    ListDatasetInputs,
    GetDatasetInput,
    PostDatasetInputs,
    DeleteDatasetInputs,
    ListDatasetVersions,
    GetDatasetVersion,
    PostDatasetVersions,
    PatchDatasetVersions,
    DeleteDatasetVersions,
    PutDatasetVersionExports,
    ListDatasetVersionMetricsGroups,
    ListModels,
    GetModel,
    PostModels,
    PatchModels,
    DeleteModel,
    DeleteModels,
    GetModelOutputInfo,
    ListModelVersions,
    GetModelVersion,
    PostModelVersions,
    PatchModelVersions,
    DeleteModelVersion,
    ListModelTypes,
    GetModelType,
    ListEvaluations,
    PostEvaluations,
    GetEvaluation,
    ListModelVersionEvaluations,
    PostModelVersionEvaluations,
    GetModelVersionEvaluation,
    PostInputsDataSources,
    ListInputsAddJobs,
    GetInputsAddJob,
    CancelInputsAddJob,
    ListInputsExtractionJobs,
    GetInputsExtractionJob,
    CancelInputsExtractionJobs,
    PostInputsUploads,
    PostUploads,
    ListUploads,
    GetUpload,
    DeleteUploads,
    PutUploadContentParts,
    PostAppDuplications,
    ListAppDuplications,
    GetAppDuplication,
    PostBulkOperations,
    ListBulkOperations,
    GetBulkOperation,
    CancelBulkOperations,
    ListStatusCodes,
    GetStatusCode,
}
