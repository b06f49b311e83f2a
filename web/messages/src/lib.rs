//! What the workbench (the page) and its worker say to each other.
//!
//! Page to worker: `{ id, request, file?, bytes? }`, where `request` is a [`Request`], `file` the `Blob` it is about, handed
//! over by reference, and `bytes` an `ArrayBuffer` that is given away. Worker to page: `{ id, event }`, where `event` is an [`Event`] about the request with that id; id 0
//! is about the worker itself. The worker does one request at a time; the page cancels a running one by ending the worker.
//! Numbers stay below 2^53, so that they are plain numbers on the way.

mod coco;
pub mod evaluation;

use evaluation::{Explore, Explored};
use serde::{Deserialize, Serialize};

pub use coco::{CocoPreview, Problem};

/// The version of these messages, made from their sources. The worker's file name has no hash, so a browser may hold an
/// older worker than the page: each side tells its version first.
pub const PROTOCOL: &str = env!("LABELSCOPE_PROTOCOL");

/// What the page asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Read the file as COCO JSON and say what an import would bring: [`Answer::CocoPreview`].
    PreviewCoco,
    /// Something about test sets of evaluations: [`Answer::Explored`].
    Explore { explore: Explore },
}

/// What the worker tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// It is up, and speaks this version.
    Ready { protocol: String },
    /// So much is done.
    Progress(Progress),
    /// The request is answered.
    Done { answer: Answer },
    /// The request has no answer, for this reason; the worker goes on.
    Failed(Failure),
    /// The worker is lost, and has to be started again.
    Panicked { message: String },
}

/// How far a request is, in bytes of its file.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub done: f64,
    pub total: f64,
}

/// The answer to a [`Request`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    CocoPreview(CocoPreview),
    Explored { explored: Explored },
}

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// One sentence for the user.
    pub reason: String,
    /// Where in the file, where that is known.
    pub place: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol_has_a_version() {
        assert_eq!(PROTOCOL.len(), 16);
    }

    #[test]
    fn events_survive_the_way() {
        let events = [
            Event::Ready { protocol: PROTOCOL.to_owned() },
            Event::Progress(Progress { done: 1.0, total: 2.0 }),
            Event::Done { answer: Answer::CocoPreview(CocoPreview::default()) },
            Event::Failed(Failure { reason: "not JSON".to_owned(), place: Some("line 3, column 1".to_owned()) }),
            Event::Panicked { message: "out of memory".to_owned() },
        ];
        for event in events {
            let text = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
        }
    }
}
