//! Annotations: one file an operation.

mod delete_annotation;
mod delete_annotations;
mod list_annotations;
mod patch_annotations;
mod post_annotations;

pub use delete_annotation::DeleteAnnotation;
pub use delete_annotations::DeleteAnnotations;
pub use list_annotations::ListAnnotations;
pub use patch_annotations::PatchAnnotations;
pub use post_annotations::PostAnnotations;
