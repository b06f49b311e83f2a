//! Models, their versions and kinds: one file an operation.

mod delete_model;
mod delete_model_version;
mod delete_models;
mod get_model;
mod get_model_output_info;
mod get_model_type;
mod get_model_version;
mod list_model_types;
mod list_model_versions;
mod list_models;
mod patch_model_versions;
mod patch_models;
mod post_model_versions;
mod post_models;

pub use delete_model::DeleteModel;
pub use delete_model_version::DeleteModelVersion;
pub use delete_models::DeleteModels;
pub use get_model::GetModel;
pub use get_model_output_info::GetModelOutputInfo;
pub use get_model_type::GetModelType;
pub use get_model_version::GetModelVersion;
pub use list_model_types::ListModelTypes;
pub use list_model_versions::ListModelVersions;
pub use list_models::ListModels;
pub use patch_model_versions::PatchModelVersions;
pub use patch_models::PatchModels;
pub use post_model_versions::PostModelVersions;
pub use post_models::PostModels;
