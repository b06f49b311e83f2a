use crate::messages::{InputsDataSource, MultiInputsAddJobResponse};
use crate::operation::operation;
use crate::wire::Secret;

operation! {
    /// Adds the inputs that lie at addresses: below a prefix of a bucket, a folder or a site. Each address becomes an extraction
    /// job within an add job.
    Once POST "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs/data_sources" | "/v2/inputs/data_sources"
    PostInputsDataSources {
        data_sources: Vec<InputsDataSource>,
        call_back_url: String,
        app_pat: Secret,
    }
    -> MultiInputsAddJobResponse
}
