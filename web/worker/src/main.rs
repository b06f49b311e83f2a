//! Heavy work off the main thread of the workbench: reading files that the user chose, and computing figures of evaluations.
//!
//! `worker.js` loads this wasm and calls [`start`] and [`handle`]; `labelscope-messages` says what is said.

mod blob_reader;
mod coco;
mod explore;
mod scope;

use labelscope_messages::{Answer, Event, Failure, PROTOCOL, Request};
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use scope::Scope;

fn main() {}

/// Tells the page that the worker is up and which version it speaks.
#[wasm_bindgen]
pub fn start() {
    let scope = Scope::about(0);
    std::panic::set_hook(Box::new(|info| Scope::about_current().tell(&Event::Panicked { message: info.to_string() })));
    scope.tell(&Event::Ready { protocol: PROTOCOL.to_owned() });
}

/// Does what the page asks for and tells it the outcome.
#[wasm_bindgen]
pub fn handle(message: &JsValue) {
    let scope = Scope::of_message(message);
    let event = match answer(&scope, message) {
        Ok(answer) => Event::Done { answer },
        Err(failure) => Event::Failed(failure),
    };
    scope.tell(&event);
}

fn answer(scope: &Scope, message: &JsValue) -> Result<Answer, Failure> {
    let request = js_sys::Reflect::get(message, &"request".into()).unwrap_or_default();
    let request: Request = serde_wasm_bindgen::from_value(request)
        .map_err(|error| Failure { reason: format!("the worker does not know this request: {error}"), place: None })?;
    match request {
        Request::Explore { explore } => {
            explore::answer(&explore, message, &|progress| scope.tell(&Event::Progress(progress)))
        }
        Request::PreviewCoco => coco::preview(&file_of(message)?, |progress| scope.tell(&Event::Progress(progress))),
    }
}

/// The file beside a request.
fn file_of(message: &JsValue) -> Result<Blob, Failure> {
    js_sys::Reflect::get(message, &"file".into())
        .ok()
        .and_then(|file| file.dyn_into().ok())
        .ok_or_else(|| Failure { reason: "the request comes without its file".to_owned(), place: None })
}
