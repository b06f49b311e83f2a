//! Apps: one file an operation.

mod get_app;
mod list_apps;
mod post_apps;

pub use get_app::GetApp;
pub use list_apps::ListApps;
pub use post_apps::PostApps;
