//! Files on their way to the server, with progress.

use futures::channel::oneshot;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

/// Ends the upload when it is dropped before its end.
struct Guard(XmlHttpRequest);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.abort();
    }
}

/// Sends a file as the body of a PUT. `fetch` tells no progress of what it sends; this does.
pub(crate) async fn put_file(path: &str, file: &File, seen: impl Fn(f64) + 'static) -> Result<(), String> {
    let broken = |_| "the browser refused to send the file".to_owned();
    let request = XmlHttpRequest::new().map_err(broken)?;
    request.open_with_async("PUT", path, true).map_err(broken)?;
    let (tell, told) = oneshot::channel::<()>();
    let tell = Rc::new(RefCell::new(Some(tell)));
    let on_progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |e: ProgressEvent| seen(e.loaded()));
    let on_end = Closure::<dyn FnMut()>::new(move || {
        if let Some(tell) = tell.borrow_mut().take() {
            let _ = tell.send(());
        }
    });
    let upload = request.upload().map_err(broken)?;
    upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    request.set_onloadend(Some(on_end.as_ref().unchecked_ref()));
    request.send_with_opt_blob(Some(file)).map_err(broken)?;
    let guard = Guard(request);
    let _ = told.await;
    let request = &guard.0;
    let status = request.status().unwrap_or(0);
    if status == 200 {
        return Ok(());
    }
    if status == 0 {
        return Err("the connection broke; the server cannot be reached".to_owned());
    }
    let text = request.response_text().ok().flatten().unwrap_or_default();
    let reply: labelscope_api::messages::BaseResponse = serde_json::from_str(&text).unwrap_or_default();
    Err(reply
        .status
        .map_or_else(|| format!("HTTP {status}"), |s| if s.details.is_empty() { s.description } else { s.details }))
}
