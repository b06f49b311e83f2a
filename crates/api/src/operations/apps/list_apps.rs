use crate::messages::{App, MultiAppResponse, Visibility};
use crate::operation::{operation, paged};

operation! {
    /// Lists the apps of a user, the one changed last first unless sorted otherwise.
    Read GET "/v2/users/{user_app_id.user_id}/apps" | "/v2/apps"
    ListApps {
        page: u32,
        per_page: u32,
        additional_fields: Vec<String>,
        sort_ascending: bool,
        sort_by_name: bool,
        sort_by_modified_at: bool,
        sort_by_created_at: bool,
        sort_by_star_count: bool,
        sort_by_id: bool,
        sort_by_relevance: bool,
        featured_only: bool,
        starred_only: bool,
        template_only: bool,
        visibility: Option<Visibility>,
        search: String,
        query: String,
        name: String,
        id: String,
    }
    -> MultiAppResponse
}

paged!(ListApps, apps: App);
