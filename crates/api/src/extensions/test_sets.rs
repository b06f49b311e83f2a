use crate::operation::operation;
use crate::wire::{Base64, Int64, message, reply};

message! {
    /// A piece of an evaluation's test set.
    pub struct TestSetPiece {
        /// The columns of its inputs, as `labelscope_formats::test_set` writes them: little-endian, exact in f64.
        columns: Base64,
    }
    always {
        /// Inputs in this piece.
        inputs: Int64,
        /// Inputs in all pieces.
        inputs_total: Int64,
        /// Pieces there are.
        pages: Int64,
    }
}

reply! {
    /// A piece of a test set.
    pub struct TestSetReply {
        test_set: Option<TestSetPiece>,
    }
}

operation! {
    /// Reads a piece of an evaluation's test set: truth and predictions as they were measured. Pieces are cut so that one takes no longer
    /// than a blink to send and to read; `page` counts from 1.
    Read GET "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/evaluations/{evaluation_id}/test_set"
    GetEvaluationTestSet path { evaluation_id } {
        page: u32,
    }
    -> TestSetReply
}
