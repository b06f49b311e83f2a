//! Every address of the workbench, made in one place. The app stands first, behind the connection where one is worked
//! through; ids are percent-encoded.

use crate::data;
use labelscope_api::wire::encode_segment;

/// First words of addresses that name no app.
pub(crate) const RESERVED: [&str; 3] = ["sign-in", "settings", "via"];

/// The first page of a connection; of the own server without one.
pub(crate) fn through(connection: &str) -> String {
    if connection.is_empty() { "/".to_owned() } else { format!("/via/{}", encode_segment(connection)) }
}

/// The first page of the server that is worked on.
pub(crate) fn home() -> String {
    data::current().map_or_else(|| "/".to_owned(), |c| through(&c.id))
}

pub(crate) fn concepts(app: &str) -> String {
    format!("{}/concepts", self::app(app))
}

pub(crate) fn datasets(app: &str) -> String {
    format!("{}/datasets", self::app(app))
}

pub(crate) fn dataset(app: &str, id: &str) -> String {
    format!("{}/datasets/{}", self::app(app), encode_segment(id))
}

pub(crate) fn version(app: &str, dataset: &str, id: &str) -> String {
    format!("{}/datasets/{}/versions/{}", self::app(app), encode_segment(dataset), encode_segment(id))
}

pub(crate) fn inputs(app: &str) -> String {
    format!("{}/inputs", self::app(app))
}

pub(crate) fn jobs(app: &str) -> String {
    format!("{}/jobs", self::app(app))
}

/// One thing on the jobs page: what kind, as the page calls it, and which.
pub(crate) fn job(app: &str, view: &str, id: &str) -> String {
    format!("{}?view={view}&id={}", jobs(app), value(id))
}

pub(crate) fn import(app: &str, dataset: &str) -> String {
    if dataset.is_empty() {
        format!("{}/import", self::app(app))
    } else {
        format!("{}/import?dataset={}", self::app(app), encode_segment(dataset))
    }
}

/// Concepts with one of them opened.
pub(crate) fn concept(app: &str, id: &str) -> String {
    format!("{}?concept={}", concepts(app), value(id))
}

pub(crate) fn relations(app: &str) -> String {
    format!("{}?view=relations", concepts(app))
}

pub(crate) fn evaluations(app: &str) -> String {
    format!("{}/evaluations", self::app(app))
}

pub(crate) fn evaluation(app: &str, id: &str) -> String {
    format!("{}/evaluations/{}", self::app(app), encode_segment(id))
}

/// Runs beside each other; the first is the reference.
pub(crate) fn compare(app: &str, runs: &[String]) -> String {
    let runs: Vec<String> = runs.iter().map(|r| value(r).replace(',', "%2C")).collect();
    format!("{}/compare?runs={}", self::app(app), runs.join(","))
}

/// Import of predictions; model and dataset as chosen already, or empty.
pub(crate) fn predictions(app: &str, model: &str, dataset: &str) -> String {
    format!("{}/predictions?model={}&dataset={}", self::app(app), value(model), value(dataset))
}

/// The dialog of a new evaluation, with what is known already.
pub(crate) fn new_evaluation(app: &str, model: &str, version: &str, dataset: &str) -> String {
    let (model, version, dataset) = (value(model), value(version), value(dataset));
    format!("{}?new=1&new_model={model}&new_version={version}&new_dataset={dataset}", evaluations(app))
}

pub(crate) fn models(app: &str) -> String {
    format!("{}/models", self::app(app))
}

pub(crate) fn model(app: &str, id: &str) -> String {
    format!("{}/models/{}", self::app(app), encode_segment(id))
}

/// An app's own first page.
pub(crate) fn app(id: &str) -> String {
    match data::current() {
        Some(c) => format!("{}/{}", through(&c.id), encode_segment(id)),
        None => format!("/{}", encode_segment(id)),
    }
}

/// Settings, at one of their sections.
pub(crate) fn settings(app: &str, section: &str) -> String {
    format!("{}/settings/{section}", self::app(app))
}

pub(crate) fn apps(app: &str) -> String {
    settings(app, "apps")
}

/// A value as it stands behind `=` in an address.
pub(crate) fn value(text: &str) -> String {
    encode_segment(text).replace('&', "%26").replace('+', "%2B")
}
