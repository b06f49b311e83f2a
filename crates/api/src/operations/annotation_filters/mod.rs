//! Annotation filters: one file an operation.

mod delete_annotation_filters;
mod get_annotation_filter;
mod list_annotation_filters;
mod patch_annotation_filters;
mod post_annotation_filters;

pub use delete_annotation_filters::DeleteAnnotationFilters;
pub use get_annotation_filter::GetAnnotationFilter;
pub use list_annotation_filters::ListAnnotationFilters;
pub use patch_annotation_filters::PatchAnnotationFilters;
pub use post_annotation_filters::PostAnnotationFilters;
