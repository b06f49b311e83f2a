//! Questions about test sets, which this worker holds as long as it lives.

use std::cell::RefCell;
use std::io::Read;

use labelscope_explorer::Session;
use labelscope_messages::evaluation::Explore;
use labelscope_messages::{Answer, Failure, Progress};
use wasm_bindgen::prelude::*;

use crate::blob_reader::BlobReader;
use crate::file_of;

thread_local! {
    static SESSION: RefCell<Session> = RefCell::default();
}

/// Answers a question. Pieces of test sets come as bytes beside the message, replies of a server as a file.
pub fn answer(explore: &Explore, message: &JsValue, on_progress: &dyn Fn(Progress)) -> Result<Answer, Failure> {
    let beside = match explore {
        Explore::Take { .. } => bytes_of(message)?,
        Explore::TakeReply { .. } | Explore::SecondOpinion { .. } => {
            let mut bytes = Vec::new();
            let file = file_of(message)?;
            let read = BlobReader::new(&file, on_progress).and_then(|mut reader| reader.read_to_end(&mut bytes));
            read.map_err(|error| failure(&error))?;
            bytes
        }
        _ => Vec::new(),
    };
    let explored = SESSION.with(|session| session.borrow_mut().answer(explore, &beside));
    explored.map(|explored| Answer::Explored { explored }).map_err(|problem| failure(&problem))
}

fn failure(why: &dyn std::fmt::Display) -> Failure {
    Failure { reason: why.to_string(), place: None }
}

fn bytes_of(message: &JsValue) -> Result<Vec<u8>, Failure> {
    let bytes = js_sys::Reflect::get(message, &"bytes".into()).ok().filter(JsValue::is_object);
    let bytes = bytes.and_then(|bytes| bytes.dyn_into::<js_sys::ArrayBuffer>().ok());
    bytes
        .map(|bytes| js_sys::Uint8Array::new(&bytes).to_vec())
        .ok_or_else(|| failure(&"a piece comes without its bytes"))
}
