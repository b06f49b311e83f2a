//! Saved searches: one file an operation.

mod delete_search;
mod get_search;
mod list_searches;
mod patch_searches;
mod post_searches;
mod post_searches_by_id;

pub use delete_search::DeleteSearch;
pub use get_search::GetSearch;
pub use list_searches::ListSearches;
pub use patch_searches::PatchSearches;
pub use post_searches::PostSearches;
pub use post_searches_by_id::PostSearchesByID;
