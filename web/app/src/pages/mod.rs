//! The pages. Each wires data to components.

mod add;
mod bulk;
mod concepts;
mod copies;
mod dataset;
mod datasets;
mod detail;
mod evaluations;
mod filters;
mod groups;
mod import;
mod inputs;
mod jobs;
mod models;
pub(crate) mod pick;
mod predictions;
mod search;
mod settings;
mod shapes;
mod shot;
mod start;
mod version;
mod versions;

pub(crate) use concepts::Concepts;
pub(crate) use dataset::Dataset;
pub(crate) use datasets::Datasets;
pub(crate) use evaluations::{Compare, Evaluation, Evaluations};
pub(crate) use import::Import;
pub(crate) use inputs::Inputs;
pub(crate) use jobs::Jobs;
pub(crate) use models::{Model, Models};
pub(crate) use predictions::Predictions;
pub(crate) use settings::{Settings, ToApps};
pub(crate) use start::{FirstApp, Home, NoConnection, NotFound, SignIn, Start};
pub(crate) use version::Version;
