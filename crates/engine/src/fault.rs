//! Failures of a call, as the API words them.

use labelscope_api::error::RequestError;
use labelscope_api::messages::{Status, StatusCode};

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The caller's mistake, or something that is not there: a code of the API, and what exactly.
    #[error("{details}")]
    Refused {
        /// The API's code.
        code: StatusCode,
        /// What exactly is wrong.
        details: String,
    },
    /// The request could not be read.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// A stored JSON text could not be read or written.
    #[error("a stored value is broken: {0}")]
    Json(#[from] serde_json::Error),
    /// A file could not be read or written.
    #[error("a file could not be read or written: {0}")]
    Io(#[from] std::io::Error),
}

impl Fault {
    pub(crate) fn refused(code: StatusCode, details: impl Into<String>) -> Self {
        Self::Refused { code, details: details.into() }
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::refused(StatusCode::CONN_DOES_NOT_EXIST, format!("{what} \"{id}\" does not exist"))
    }

    pub(crate) fn invalid(details: impl Into<String>) -> Self {
        Self::refused(StatusCode::CONN_INVALID_REQUEST, details)
    }

    /// The same with its place in what was sent.
    pub(crate) fn at(self, place: &str) -> Self {
        match self {
            Self::Refused { code, details } => Self::Refused { code, details: format!("{place}: {details}") },
            other => other,
        }
    }

    /// The API's code.
    #[must_use]
    pub fn code(&self) -> StatusCode {
        match self {
            Self::Refused { code, .. } => *code,
            Self::Request(RequestError::Syntax(_)) => StatusCode::CONN_BAD_REQUEST_FORMAT,
            Self::Request(_) => StatusCode::CONN_INVALID_REQUEST,
            Self::Database(e) if is_full(e) => StatusCode::INTERNAL_SERVER_ISSUE,
            Self::Io(_) => StatusCode::INTERNAL_SERVER_ISSUE,
            Self::Database(_) | Self::Json(_) => StatusCode::INTERNAL_UNCATEGORIZED,
        }
    }

    /// The status of the reply's body.
    #[must_use]
    pub fn status(&self, req_id: &str) -> Status {
        let code = self.code();
        let details = match self {
            Self::Database(e) if is_full(e) => {
                "the disk is full; free some space and try again, nothing was changed".to_owned()
            }
            other => other.to_string(),
        };
        Status { code, description: describe(code).to_owned(), details, req_id: req_id.to_owned(), ..Status::default() }
    }
}

fn is_full(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(e, _) if e.code == rusqlite::ErrorCode::DiskFull)
}

/// The API's sentence for a code.
#[must_use]
pub fn describe(code: StatusCode) -> &'static str {
    match code {
        StatusCode::SUCCESS => "Ok",
        StatusCode::MIXED_STATUS => "Mixed Success",
        StatusCode::FAILURE => "Failure",
        StatusCode::CONN_DOES_NOT_EXIST => "Resource does not exist",
        StatusCode::CONN_BAD_REQUEST_FORMAT => "Invalid request format",
        StatusCode::CONN_METHOD_NOT_ALLOWED => "Method not allowed",
        StatusCode::CONN_KEY_NOT_FOUND => "API key not found",
        StatusCode::CONN_KEY_INVALID => "Invalid API key or Invalid API key/application pair",
        StatusCode::CONN_INVALID_REQUEST
        | StatusCode::CONCEPTS_INVALID_REQUEST
        | StatusCode::INPUT_INVALID_REQUEST
        | StatusCode::SEARCH_INVALID_REQUEST => "Invalid request",
        StatusCode::CONN_INVALID_RANGE => "Invalid range",
        StatusCode::INPUT_SUCCESS => "Download complete",
        StatusCode::INPUT_PENDING => "Download pending",
        StatusCode::INPUT_IN_PROGRESS => "Download in progress",
        StatusCode::INPUT_FAILED => "Download failed",
        StatusCode::INPUT_OVER_LIMIT => "Input over limit",
        StatusCode::INPUT_MODIFY_SUCCESS => "Input modified",
        StatusCode::JOB_QUEUED => "Job queued",
        StatusCode::JOB_RUNNING => "Job running",
        StatusCode::JOB_COMPLETED => "Job completed",
        StatusCode::JOB_FAILED => "Job failed",
        StatusCode::JOB_CANCELLED => "Job cancelled",
        StatusCode::JOB_CONFLICT => "Job conflict",
        StatusCode::LIST_OBJECTS_FAILED => "Data source cannot be listed",
        StatusCode::ARCHIVE_EXTRACT_FAILED => "Archive cannot be extracted",
        StatusCode::UPLOAD_IN_PROGRESS => "Upload in progress",
        StatusCode::UPLOAD_DONE => "Upload complete",
        StatusCode::UPLOAD_FAILED => "Upload failed",
        StatusCode::UPLOAD_EXPIRED => "Upload expired",
        StatusCode::UPLOAD_CANCELED => "Upload cancelled",
        StatusCode::UPLOAD_CONFLICT => "Upload conflict",
        StatusCode::CONN_THROTTLED => "Too Many Requests",
        StatusCode::INPUT_DUPLICATE => "Duplicate input",
        StatusCode::INPUT_UNSUPPORTED_FORMAT => "Unsupported input format",
        StatusCode::INPUT_INVALID_ARGUMENT => "Invalid input argument",
        StatusCode::INPUT_INVALID_URL => "Invalid input url",
        StatusCode::ANNOTATION_SUCCESS => "Annotation success",
        StatusCode::ANNOTATION_PENDING => "Annotation pending",
        StatusCode::ANNOTATION_FAILED => "Annotation failed",
        StatusCode::ANNOTATION_INVALID_ARGUMENT => "Invalid annotation argument",
        StatusCode::ANNOTATION_AWAITING_REVIEW => "Annotation awaiting review",
        StatusCode::ANNOTATION_AWAITING_CONSENSUS_REVIEW => "Annotation awaiting consensus review",
        StatusCode::ANNOTATION_REVIEW_DENIED => "Annotation review denied",
        StatusCode::MODEL_TRAINED => "Model is trained and ready",
        StatusCode::MODEL_UNTRAINED => "Model has not been trained",
        StatusCode::MODEL_DOES_NOT_EXIST => "Model does not exist",
        StatusCode::MODEL_INVALID_ARGUMENT => "Invalid model argument",
        StatusCode::MODEL_EVALUATED => "Model was successfully evaluated",
        StatusCode::MODEL_EVALUATING => "Model is being evaluated",
        StatusCode::MODEL_NOT_EVALUATED => "Model is not evaluated",
        StatusCode::MODEL_QUEUED_FOR_EVALUATION => "Model is queued for evaluation",
        StatusCode::MODEL_PREDICTION_FAILED => "Predictions are missing",
        StatusCode::MODEL_EVALUATION_NEED_LABELS => "Model evaluation needs labels",
        StatusCode::MODEL_EVALUATION_NEED_INPUTS => "Model evaluation needs inputs",
        StatusCode::MODEL_EVALUATION_FAILED => "Model evaluation failed",
        StatusCode::APP_DUPLICATION_SUCCESS => "App duplication success",
        StatusCode::APP_DUPLICATION_FAILED => "App duplication failed",
        StatusCode::APP_DUPLICATION_PENDING => "App duplication pending",
        StatusCode::APP_DUPLICATION_IN_PROGRESS => "App duplication in progress",
        StatusCode::APP_DUPLICATION_INVALID_REQUEST => "Invalid app duplication request",
        StatusCode::BULK_OPERATION_SUCCESS => "Bulk operation success",
        StatusCode::BULK_OPERATION_FAILED => "Bulk operation failed",
        StatusCode::BULK_OPERATION_PENDING => "Bulk operation pending",
        StatusCode::BULK_OPERATION_IN_PROGRESS => "Bulk operation in progress",
        StatusCode::BULK_OPERATION_INVALID_REQUEST => "Invalid bulk operation request",
        StatusCode::BULK_OPERATION_CANCELLED => "Bulk operation cancelled",
        StatusCode::BULK_OPERATION_UNEXPECTED_ERROR => "Bulk operation met an unexpected error",
        StatusCode::NOT_IMPLEMENTED => "Not available on this server",
        StatusCode::INTERNAL_SERVER_ISSUE => "Internal server issue",
        StatusCode::INTERNAL_UNCATEGORIZED => "Internal error",
        // A code that a client has set itself.
        _ => "",
    }
}

/// The HTTP status that goes with a code.
#[must_use]
pub fn http_status(code: StatusCode) -> u16 {
    match code {
        // The legacy client takes only 200 and 201 for success.
        StatusCode::SUCCESS | StatusCode::MIXED_STATUS => 200,
        StatusCode::CONN_KEY_NOT_FOUND | StatusCode::CONN_KEY_INVALID => 401,
        StatusCode::CONN_DOES_NOT_EXIST | StatusCode::MODEL_DOES_NOT_EXIST => 404,
        StatusCode::CONN_INVALID_RANGE => 416,
        StatusCode::CONN_THROTTLED => 429,
        StatusCode::NOT_IMPLEMENTED => 501,
        StatusCode::INTERNAL_SERVER_ISSUE | StatusCode::INTERNAL_UNCATEGORIZED => 500,
        _ => 400,
    }
}

/// A status of an item or a reply.
pub(crate) fn status(code: StatusCode, description: &str) -> Status {
    Status { code, description: description.to_owned(), ..Status::default() }
}
