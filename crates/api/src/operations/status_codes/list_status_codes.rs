use crate::messages::MultiStatusCodeResponse;
use crate::operation::operation;

operation! {
    /// Lists the status codes with their words.
    Read GET "/v2/status_codes"
    ListStatusCodes {}
    -> MultiStatusCodeResponse
}
