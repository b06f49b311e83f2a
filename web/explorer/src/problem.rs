use labelscope_formats::test_set::TestSetError;
use thiserror::Error;

/// Why a question has no answer. Each is a sentence for the user.
#[derive(Debug, Error)]
pub enum Problem {
    /// Nobody brought this run, or not all of it.
    #[error("the test set of evaluation \"{0}\" is not here; reload the page")]
    NotHeld(String),
    /// Bytes that make no test set.
    #[error(transparent)]
    Piece(#[from] TestSetError),
    /// A piece that does not go with those before.
    #[error(
        "the pieces of the test set of evaluation \"{0}\" do not belong together; it was evaluated anew meanwhile, so reload the page"
    )]
    Pieces(String),
    /// Bytes that are no reply of GetEvaluation.
    #[error("the reply of the server cannot be read: {0}")]
    Reply(#[from] serde_json::Error),
    /// The reply says that there is no evaluation, or nothing of it.
    #[error("the server gives no test set of this evaluation{0}")]
    NoTestSet(String),
    /// Means nothing of labels.
    #[error("{0} are about detections; this evaluation is about labels of inputs as wholes")]
    Detections(&'static str),
    /// Means nothing of detections.
    #[error("{0} are about labels of inputs as wholes; this evaluation is about detections")]
    Labels(&'static str),
    /// Too few, too many, or of different kinds.
    #[error("{0}")]
    Runs(&'static str),
    /// A number that is out of its range, or a position that is not there.
    #[error("{0}")]
    Setting(String),
}
