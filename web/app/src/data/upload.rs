//! Files on their way to the server, with progress.

use futures::channel::oneshot;
use labelscope_api::extensions::MEDIA_PATH;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

/// Ends the upload when it is dropped before its end.
struct Guard(XmlHttpRequest);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.abort();
    }
}

fn broken(_: JsValue) -> String {
    "the browser refused to send the file".to_owned()
}

/// Sends a file as the body of a PUT.
pub(crate) async fn put_file(path: &str, file: &File, seen: impl Fn(f64) + 'static) -> Result<(), String> {
    send("PUT", path, seen, |request| request.send_with_opt_blob(Some(file))).await.map(drop)
}

/// Stores a picture among the server's media and gives its address.
pub(crate) async fn post_media(file: &File, seen: impl Fn(f64) + 'static) -> Result<String, String> {
    #[derive(serde::Deserialize)]
    struct Stored {
        url: String,
    }
    #[derive(serde::Deserialize)]
    struct Reply {
        #[serde(default)]
        media: Vec<Stored>,
    }
    let form = FormData::new().map_err(broken)?;
    form.append_with_blob_and_filename("file", file, &file.name()).map_err(broken)?;
    let text = send("POST", MEDIA_PATH, seen, |request| request.send_with_opt_form_data(Some(&form))).await?;
    let reply: Option<Reply> = serde_json::from_slice(text.as_bytes()).ok();
    reply.and_then(|r| r.media.into_iter().next()).map(|m| m.url).ok_or_else(|| "the server kept no file".to_owned())
}

/// Sends a body and gives the reply's text. `fetch` tells no progress of what it sends; this does.
async fn send(
    method: &str,
    path: &str,
    seen: impl Fn(f64) + 'static,
    body: impl FnOnce(&XmlHttpRequest) -> Result<(), JsValue>,
) -> Result<String, String> {
    let request = XmlHttpRequest::new().map_err(broken)?;
    request.open_with_async(method, path, true).map_err(broken)?;
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
    body(&request).map_err(broken)?;
    let guard = Guard(request);
    let _ = told.await;
    let request = &guard.0;
    let status = request.status().unwrap_or(0);
    if status == 0 {
        return Err("the connection broke; the server cannot be reached".to_owned());
    }
    let text = request.response_text().ok().flatten().unwrap_or_default();
    if status == 200 {
        return Ok(text);
    }
    let reply: labelscope_api::messages::BaseResponse = serde_json::from_slice(text.as_bytes()).unwrap_or_default();
    Err(reply
        .status
        .map_or_else(|| format!("HTTP {status}"), |s| if s.details.is_empty() { s.description } else { s.details }))
}
