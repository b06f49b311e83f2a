//! What the workbench needs and the platform has no operation for, under `/labelscope/v1/`. The same declarations serve
//! client and server. Each extension has a capability, which [`GetInfo`] lists where a server has it, and a fallback: what
//! the workbench does where it is missing, as towards the platform.

mod connections;
mod counts;
mod dataset_summary;
mod imports;
mod info;
mod jobs;
mod purge;
mod stars;
mod test_sets;
mod tokens;

pub use connections::{
    Connection, ConnectionReply, DeleteConnection, ListConnections, MultiConnectionReply, PatchConnection,
    PostConnection, TestConnection,
};
pub use counts::{AppCounts, AppCountsReply, GetAppCounts};
pub use dataset_summary::{ConceptUse, DatasetSummary, DatasetSummaryReply, GetDatasetSummary};
pub use imports::{Import, ImportFile, ImportResult, PostImports, PostSampleImport, StartImport};
pub use info::{GetInfo, Info, InfoReply};
pub use jobs::{CancelJob, GetJob, Job, JobError, JobKind, JobReply, JobState, ListJobs, MultiJobReply};
pub use purge::PurgeInputs;
pub use stars::StarDataset;
pub use test_sets::{GetEvaluationTestSet, TestSetPiece, TestSetReply};
pub use tokens::{DeleteToken, ListTokens, MultiTokenReply, PostToken, Token, TokenReply};

use crate::operation::{Meta, Operation};
use crate::operations::{Described, described};

/// One extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// Method, path and name.
    pub meta: Meta,
    /// The flag in [`Info::capabilities`].
    pub capability: &'static str,
    /// What the workbench does where the flag is missing; it says so on the page.
    pub fallback: &'static str,
}

/// Every extension that is an operation of its own. Beside them stand six plain HTTP resources: [`EVENTS_PATH`],
/// [`MEDIA_PATH`], [`EXPORT_FILE_PATH`], [`IMPORT_FILE_PATH`], [`GATEWAY_PATH`] and [`OPENAPI_PATH`].
pub const ALL: &[Extension] = &[
    Extension { meta: GetInfo::META, capability: "info", fallback: "no extension is used" },
    Extension { meta: GetAppCounts::META, capability: "counts", fallback: "the navigation shows no counts" },
    Extension {
        meta: GetDatasetSummary::META,
        capability: "dataset_summary",
        fallback: "the facts of the latest version are shown, or none",
    },
    Extension {
        meta: StarDataset::META,
        capability: "stars",
        fallback: "stars are shown as they are, and cannot be set",
    },
    Extension {
        meta: PostImports::META,
        capability: "imports",
        fallback: "files of datasets are not taken; inputs are added by themselves",
    },
    Extension {
        meta: StartImport::META,
        capability: "imports",
        fallback: "files of datasets are not taken; inputs are added by themselves",
    },
    Extension { meta: PostSampleImport::META, capability: "imports", fallback: "the sample project is not offered" },
    Extension {
        meta: ListJobs::META,
        capability: "jobs",
        fallback: "no jobs are listed; each shows where it was begun",
    },
    Extension { meta: GetJob::META, capability: "jobs", fallback: "the resource itself is polled" },
    Extension { meta: CancelJob::META, capability: "jobs", fallback: "cancel is shown only where the API has one" },
    Extension { meta: ListConnections::META, capability: "connections", fallback: "connections are not offered" },
    Extension { meta: PostConnection::META, capability: "connections", fallback: "connections are not offered" },
    Extension { meta: PatchConnection::META, capability: "connections", fallback: "connections are not offered" },
    Extension { meta: DeleteConnection::META, capability: "connections", fallback: "connections are not offered" },
    Extension { meta: TestConnection::META, capability: "connections", fallback: "connections are not offered" },
    Extension { meta: ListTokens::META, capability: "tokens", fallback: "tokens are not offered" },
    Extension { meta: PostToken::META, capability: "tokens", fallback: "tokens are not offered" },
    Extension { meta: DeleteToken::META, capability: "tokens", fallback: "tokens are not offered" },
    Extension {
        meta: GetEvaluationTestSet::META,
        capability: "test_sets",
        fallback: "the whole evaluation is read with its test set, up to 64 MB",
    },
    Extension { meta: PurgeInputs::META, capability: "purge", fallback: "inputs are deleted, and their past stays" },
];

/// The same table with everything that can be said of an extension.
pub const DESCRIBED: &[Described] = &[
    described!(GetInfo),
    described!(GetAppCounts),
    described!(GetDatasetSummary),
    described!(StarDataset),
    described!(PostImports),
    described!(StartImport),
    described!(PostSampleImport),
    described!(ListJobs),
    described!(GetJob),
    described!(CancelJob),
    described!(ListConnections),
    described!(PostConnection),
    described!(PatchConnection),
    described!(DeleteConnection),
    described!(TestConnection),
    described!(ListTokens),
    described!(PostToken),
    described!(DeleteToken),
    described!(GetEvaluationTestSet),
    described!(PurgeInputs),
];

/// The extensions that the server itself answers, since they are about it and not about data.
pub const OF_THE_SERVER: &[&str] = &[
    "GetInfo",
    "ListConnections",
    "PostConnection",
    "PatchConnection",
    "DeleteConnection",
    "TestConnection",
    "ListTokens",
    "PostToken",
    "DeleteToken",
];

/// Where calls and media of a connection go: `{GATEWAY_PATH}/{connection_id}/v2/…` and
/// `{GATEWAY_PATH}/{connection_id}/media?url=…`.
pub const GATEWAY_PATH: &str = "/labelscope/v1/gateway";

/// Server-sent events: `revision` with `{"app_id":…,"revision":N}` after a write, `job` with a [`Job`] when one moves.
/// Fallback: replies are refreshed when they are looked at again.
pub const EVENTS_PATH: &str = "/labelscope/v1/events";

/// A kept media file: `GET {MEDIA_PATH}/{size}/{sha256}` with size `orig`, `small` (256 px) or `medium` (1024 px).
/// `POST {MEDIA_PATH}` as `multipart/form-data` stores each file part and answers `{"status":…,"media":[{"sha256","url","bytes","content_type","file_name"}]}`.
pub const MEDIA_PATH: &str = "/labelscope/v1/media";

/// A finished archive: `GET {EXPORT_FILE_PATH}/{export_id}/{file_name}`, with `Range` and `ETag`.
pub const EXPORT_FILE_PATH: &str = "/labelscope/v1/exports";

/// A file of an import: `PUT {IMPORT_FILE_PATH}/{import_id}/files/{file_name}` with the bytes as the body, streamed to disk.
pub const IMPORT_FILE_PATH: &str = "/labelscope/v1/imports";

/// The OpenAPI description of all of this: `GET {OPENAPI_PATH}`.
pub const OPENAPI_PATH: &str = "/labelscope/v1/openapi.json";
