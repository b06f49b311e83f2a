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

pub(crate) fn import(app: &str, dataset: &str) -> String {
    if dataset.is_empty() {
        format!("/{}/import", encode_segment(app))
    } else {
        format!("/{}/import?dataset={}", encode_segment(app), encode_segment(dataset))
    }
}
