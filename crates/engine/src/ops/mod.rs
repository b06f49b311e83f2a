//! The handlers, by resource. Each takes the operation as declared and gives its reply.

// A handler is given its operation, whether it takes it apart or only looks at it.
#![allow(clippy::needless_pass_by_value)]

pub(crate) mod add_jobs;
pub(crate) mod annotation_filters;
pub(crate) mod annotations;
pub(crate) mod apps;
mod bulk_check;
pub(crate) mod bulk_operations;
mod bulk_targets;
pub(crate) mod concept_searches;
pub(crate) mod concepts;
pub(crate) mod data_sources;
pub(crate) mod dataset_inputs;
pub(crate) mod datasets;
pub(crate) mod duplications;
pub(crate) mod evaluations;
pub(crate) mod evaluations_post;
pub(crate) mod exports;
pub(crate) mod extensions;
pub(crate) mod extraction_jobs;
pub(crate) mod imports;
pub(crate) mod input_template;
pub(crate) mod inputs;
pub(crate) mod inputs_patch;
pub(crate) mod inputs_post;
pub(crate) mod jobs;
pub(crate) mod knowledge_graphs;
pub(crate) mod languages;
pub(crate) mod mappings;
pub(crate) mod model_types;
pub(crate) mod model_versions;
pub(crate) mod models;
pub(crate) mod purge;
pub(crate) mod relations;
pub(crate) mod searches;
pub(crate) mod stars;
pub(crate) mod status_codes;
pub(crate) mod test_sets;
pub(crate) mod uploads;
pub(crate) mod users;
pub(crate) mod version_metrics;
pub(crate) mod versions;

use crate::fault::{Fault, status};
use labelscope_api::messages::{Status, StatusCode};

/// The status of a reply whose items may fail one by one.
pub(crate) fn mixed(succeeded: usize, failed: usize) -> Status {
    match (succeeded, failed) {
        (_, 0) => status(StatusCode::SUCCESS, "Ok"),
        (0, _) => status(StatusCode::FAILURE, "Failure"),
        _ => status(StatusCode::MIXED_STATUS, "Mixed Success"),
    }
}

/// The one order that is asked for, of flags with their names and columns. Two at once are refused.
pub(crate) fn order<'a>(flags: &[(bool, &'static str, &'a str)]) -> Result<Option<&'a str>, Fault> {
    let mut asked = flags.iter().filter(|(set, _, _)| *set);
    match (asked.next(), asked.next()) {
        (Some((_, first, _)), Some((_, second, _))) => {
            Err(Fault::invalid(format!("{first} and {second} are both set; a list is sorted by one of them")))
        }
        (first, _) => Ok(first.map(|(_, _, column)| *column)),
    }
}
