use crate::messages::{InputsUpload, MultiInputsAddJobResponse};
use crate::operation::operation;

operation! {
    /// Announces archives whose files are to become inputs. Their bytes follow with `PutUploadContentParts`; with the last
    /// one the extraction begins.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/uploads" | "/v2/inputs/uploads"
    PostInputsUploads {
        inputs_uploads: Vec<InputsUpload>,
    }
    -> MultiInputsAddJobResponse
}
