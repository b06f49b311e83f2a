//! COCO instances files: images, categories, and annotations with boxes, polygons and run-length masks.
//!
//! Format: <https://cocodataset.org/#format-data>, section "Object Detection".

pub mod compare;
pub(crate) mod convert;
mod model;
pub(crate) mod read;
pub(crate) mod whole;
mod write;

pub use model::{Annotation, Category, Counts, Image, Segmentation};
pub use read::{Error, Place, Sink, Summary, read};
pub use write::Writer;
