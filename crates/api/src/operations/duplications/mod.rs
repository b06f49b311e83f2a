//! Copies of apps: one file an operation.

mod get_app_duplication;
mod list_app_duplications;
mod post_app_duplications;

pub use get_app_duplication::GetAppDuplication;
pub use list_app_duplications::ListAppDuplications;
pub use post_app_duplications::PostAppDuplications;
