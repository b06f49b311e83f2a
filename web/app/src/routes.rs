//! Every address of the workbench, made in one place. The app stands first; ids are percent-encoded.

use labelscope_api::wire::encode_segment;

pub(crate) fn concepts(app: &str) -> String {
    format!("/{}/concepts", encode_segment(app))
}

pub(crate) fn datasets(app: &str) -> String {
    format!("/{}/datasets", encode_segment(app))
}

pub(crate) fn dataset(app: &str, id: &str) -> String {
    format!("/{}/datasets/{}", encode_segment(app), encode_segment(id))
}

pub(crate) fn version(app: &str, dataset: &str, id: &str) -> String {
    format!("/{}/datasets/{}/versions/{}", encode_segment(app), encode_segment(dataset), encode_segment(id))
}

pub(crate) fn inputs(app: &str) -> String {
    format!("/{}/inputs", encode_segment(app))
}

pub(crate) fn jobs(app: &str) -> String {
    format!("/{}/jobs", encode_segment(app))
}

/// One thing on the jobs page: what kind, as the page calls it, and which.
pub(crate) fn job(app: &str, view: &str, id: &str) -> String {
    format!("{}?view={view}&id={}", jobs(app), value(id))
}

pub(crate) fn import(app: &str, dataset: &str) -> String {
    if dataset.is_empty() {
        format!("/{}/import", encode_segment(app))
    } else {
        format!("/{}/import?dataset={}", encode_segment(app), encode_segment(dataset))
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
    format!("/{}/evaluations", encode_segment(app))
}

pub(crate) fn evaluation(app: &str, id: &str) -> String {
    format!("/{}/evaluations/{}", encode_segment(app), encode_segment(id))
}

pub(crate) fn models(app: &str) -> String {
    format!("/{}/models", encode_segment(app))
}

pub(crate) fn model(app: &str, id: &str) -> String {
    format!("/{}/models/{}", encode_segment(app), encode_segment(id))
}

/// An app's own first page.
pub(crate) fn app(id: &str) -> String {
    format!("/{}", encode_segment(id))
}

pub(crate) fn apps(app: &str) -> String {
    format!("/{}/apps", encode_segment(app))
}

/// A value as it stands behind `=` in an address.
pub(crate) fn value(text: &str) -> String {
    encode_segment(text).replace('&', "%26").replace('+', "%2B")
}
