//! Annotations: one file an operation.

mod delete_annotation;
mod delete_annotations;
mod get_annotation;
mod list_annotations;
mod patch_annotations;
mod patch_annotations_searches;
mod post_annotations;
mod post_annotations_searches;

pub use delete_annotation::DeleteAnnotation;
pub use delete_annotations::DeleteAnnotations;
pub use get_annotation::GetAnnotation;
pub use list_annotations::ListAnnotations;
pub use patch_annotations::PatchAnnotations;
pub use patch_annotations_searches::PatchAnnotationsSearches;
pub use post_annotations::PostAnnotations;
pub use post_annotations_searches::PostAnnotationsSearches;
