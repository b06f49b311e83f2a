//! Models: all of them, one with its versions, registering and deleting.

mod list;
mod one;

pub(crate) use list::Models;
pub(crate) use one::Model;

use crate::components::Tone;
use labelscope_api::messages::ModelVersion;

/// How a version stands, as a pill.
fn state(version: &ModelVersion) -> (Tone, String) {
    let Some(status) = &version.status else { return (Tone::Idle, "No status".to_owned()) };
    match status.code.0 {
        21100 => (Tone::Ok, "Trained".to_owned()),
        21101 | 21103 => (Tone::Run, "Training".to_owned()),
        21102 => (Tone::Idle, "Untrained".to_owned()),
        code if status.description.is_empty() => (Tone::Warn, format!("Code {code}")),
        _ => (Tone::Warn, status.description.clone()),
    }
}
