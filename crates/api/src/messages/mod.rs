//! The messages of the API, one file a subject. Fields bear the wire's names.
//!
//! A field that is absent, `null` or empty reads the same, but for `Option` fields: there, presence means something.
//! What lies far from labels and datasets (the inside of models, workflows, bulk operations) is JSON that passes through.

mod annotation;
mod app;
mod bulk_operation;
mod common;
mod concept;
mod data;
mod data_source;
mod dataset;
mod dataset_version;
mod duplication;
mod evaluation;
mod input;
mod language;
mod media;
mod model;
mod model_type;
mod region;
mod relation;
mod search;
mod status;
mod upload;
mod user;
mod version_metrics;

pub use annotation::*;
pub use app::*;
pub use bulk_operation::*;
pub use common::*;
pub use concept::*;
pub use data::*;
pub use data_source::*;
pub use dataset::*;
pub use dataset_version::*;
pub use duplication::*;
pub use evaluation::*;
pub use input::*;
pub use language::*;
pub use media::*;
pub use model::*;
pub use model_type::*;
pub use region::*;
pub use relation::*;
pub use search::*;
pub use status::*;
pub use upload::*;
pub use user::*;
pub use version_metrics::*;
