use crate::messages::{ModelType, MultiModelTypeResponse};
use crate::operation::{operation, paged};

operation! {
    /// Lists the kinds of models.
    Read GET "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/types" | "/v2/models/types"
    ListModelTypes {
        page: u32,
        per_page: u32,
    }
    -> MultiModelTypeResponse
}

paged!(ListModelTypes, model_types: ModelType);
