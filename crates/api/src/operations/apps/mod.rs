//! Apps: one file an operation.

mod delete_app;
mod get_app;
mod get_resource_counts;
mod list_apps;
mod patch_app;
mod patch_apps;
mod post_apps;

pub use delete_app::DeleteApp;
pub use get_app::GetApp;
pub use get_resource_counts::GetResourceCounts;
pub use list_apps::ListApps;
pub use patch_app::PatchApp;
pub use patch_apps::PatchApps;
pub use post_apps::PostApps;
