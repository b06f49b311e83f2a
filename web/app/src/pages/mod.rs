//! The pages. Each wires data to components.

mod add;
mod apps;
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
mod search;
mod shapes;
mod shot;
mod start;
mod version;
mod versions;

pub(crate) use apps::Apps;
pub(crate) use concepts::Concepts;
pub(crate) use dataset::Dataset;
pub(crate) use datasets::Datasets;
pub(crate) use evaluations::{Evaluation, Evaluations};
pub(crate) use import::Import;
pub(crate) use inputs::Inputs;
pub(crate) use jobs::Jobs;
pub(crate) use models::{Model, Models};
pub(crate) use start::{Home, NotFound, SignIn, Start};
pub(crate) use version::Version;
