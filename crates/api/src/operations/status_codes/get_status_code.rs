use crate::messages::SingleStatusCodeResponse;
use crate::operation::operation;

operation! {
    /// Gets a status code with its words: the reply's `status` is the answer.
    Read GET "/v2/status_codes/{status_code_id}"
    GetStatusCode path { status_code_id } {}
    -> SingleStatusCodeResponse
}
