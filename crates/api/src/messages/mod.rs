//! The messages of the API, one file a subject. Fields bear the wire's names.
//!
//! A field that is absent, `null` or empty reads the same, but for `Option` fields: there, presence means something.
//! What lies far from labels and datasets (the inside of models, workflows, bulk operations) is JSON that passes through.

mod annotation;
mod app;
mod common;
mod concept;
mod data;
mod dataset;
mod dataset_version;
mod input;
mod media;
mod model;
mod region;
mod search;
mod status;
mod user;
mod version_metrics;

pub use annotation::*;
pub use app::*;
pub use common::*;
pub use concept::*;
pub use data::*;
pub use dataset::*;
pub use dataset_version::*;
pub use input::*;
pub use media::*;
pub use model::*;
pub use region::*;
pub use search::*;
pub use status::*;
pub use user::*;
pub use version_metrics::*;
