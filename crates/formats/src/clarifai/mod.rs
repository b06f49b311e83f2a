//! The archives of the API: a ZIP with a `mimetype` and batches of inputs, as protobuf or JSON. Inputs carry `id` and
//! `data` alone.

mod convert;
mod proto;
mod read;
mod write;

pub use read::{Error, Format, read};
pub use write::Writer;

/// The content of `mimetype` in a protobuf archive; no newline.
pub const PROTOBUF_MIME: &str = "application/x.clarifai-data+protobuf";
/// The content of `mimetype` in a JSON archive.
pub const JSON_MIME: &str = "application/x.clarifai-data+json";
/// Inputs in a member of an archive, at most.
pub const BATCH: usize = 500;
