//! The host against small workers of plain JavaScript that behave well, badly, or not at all.

use std::cell::RefCell;

use futures::future::{Either, select};
use js_sys::Array;
use wasm_bindgen_test::*;
use web_sys::{BlobPropertyBag, Url};

use super::*;

wasm_bindgen_test_configure!(run_in_browser);

/// A host whose worker runs this script; `PROTOCOL` and `say(id, event)` are there for it.
fn host(script: &str) -> WorkerHost {
    let text =
        format!("const PROTOCOL = '{PROTOCOL}'; const say = (id, event) => postMessage({{ id, event }});\n{script}");
    let bag = BlobPropertyBag::new();
    bag.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &bag).unwrap();
    WorkerHost::new(&Url::create_object_url_with_blob(&blob).unwrap())
}

/// Answers every request; the file's size is told as the number of images.
const GOOD: &str = r"
    onmessage = ({ data }) => {
        const preview = { images: data.file?.size ?? 0, categories: 0, annotations: 0, boxes: 0, polygons: 0, masks: 0, crowds: 0,
            empty_images: 0, category_names: [], file_names: [], problem_count: 0, problems: [] };
        say(data.id, { kind: 'progress', done: 1, total: 2 });
        say(data.id, { kind: 'done', answer: { kind: 'coco_preview', ...preview } });
    };
    say(0, { kind: 'ready', protocol: PROTOCOL });
";

fn images(answer: Result<Answer, WorkerError>) -> u32 {
    let Ok(Answer::CocoPreview(preview)) = answer else { panic!("{answer:?}") };
    preview.images
}

fn file(bytes: usize) -> Blob {
    Blob::new_with_str_sequence(&Array::of1(&"x".repeat(bytes).into())).unwrap()
}

#[wasm_bindgen_test]
async fn requests_are_answered_in_turn_with_progress() {
    let host = host(GOOD);
    let told = Rc::new(RefCell::new(Vec::new()));
    let listen = Rc::clone(&told);
    let first = host.request(Request::PreviewCoco, Some(file(3)), move |progress| listen.borrow_mut().push(progress));
    let second = host.request(Request::PreviewCoco, Some(file(5)), |_| {});
    assert_eq!(images(first.await), 3);
    assert_eq!(images(second.await), 5);
    assert_eq!(*told.borrow(), [Progress { done: 1.0, total: 2.0 }]);
}

#[wasm_bindgen_test]
async fn a_failed_request_says_where_and_why() {
    let host = host(
        "onmessage = ({ data }) => say(data.id, { kind: 'failed', reason: 'not JSON', place: 'line 3' });
         say(0, { kind: 'ready', protocol: PROTOCOL });",
    );
    let error = host.request(Request::PreviewCoco, None, |_| {}).await.unwrap_err();
    assert_eq!(error.to_string(), "not JSON (line 3)");
}

#[wasm_bindgen_test]
async fn after_a_panic_the_next_request_gets_a_new_worker() {
    // A worker that breaks down at the first request that it gets a file with.
    let host = host(&format!(
        "{GOOD} const good = onmessage; onmessage = (message) => message.data.file
            ? say(message.data.id, {{ kind: 'panicked', message: 'index out of bounds' }}) : good(message);"
    ));
    let broken = host.request(Request::PreviewCoco, Some(file(1)), |_| {});
    let next = host.request(Request::PreviewCoco, None, |_| {});
    assert_eq!(broken.await, Err(WorkerError::Panicked("index out of bounds".to_owned())));
    assert_eq!(images(next.await), 0);
}

#[wasm_bindgen_test]
async fn a_worker_that_does_not_load_fails_every_request_once() {
    let host = WorkerHost::new("no-such-worker.js");
    let first = host.request(Request::PreviewCoco, None, |_| {});
    let second = host.request(Request::PreviewCoco, None, |_| {});
    assert!(matches!(first.await, Err(WorkerError::NotLoaded(_))));
    assert!(matches!(second.await, Err(WorkerError::NotLoaded(_))));
}

#[wasm_bindgen_test]
async fn a_worker_of_another_version_is_fetched_afresh_once_and_then_refused() {
    let host = host("say(0, { kind: 'ready', protocol: 'another' });");
    let error = host.request(Request::PreviewCoco, None, |_| {}).await.unwrap_err();
    // The address of a blob with a query leads nowhere, as does that of a server that is older than the page.
    assert!(matches!(error, WorkerError::OtherVersion | WorkerError::NotLoaded(_)), "{error:?}");
}

#[wasm_bindgen_test]
async fn cancelling_ends_a_running_request_and_the_next_one_is_served() {
    // Never answers a request with a file.
    let host = host(&format!(
        "{GOOD} const good = onmessage; onmessage = (message) => message.data.file
            ? say(message.data.id, {{ kind: 'progress', done: 1, total: 9 }}) : good(message);"
    ));
    let (running, begun) = oneshot::channel();
    let running = RefCell::new(Some(running));
    let endless = host.request(Request::PreviewCoco, Some(file(1)), move |_| {
        running.borrow_mut().take().map(|running| running.send(()));
    });
    let Either::Right((_, endless)) = select(endless, begun).await else { panic!("it has no end") };
    let queued = host.request(Request::PreviewCoco, Some(file(2)), |_| {});
    let next = host.request(Request::PreviewCoco, None, |_| {});
    drop(queued);
    drop(endless);
    assert_eq!(images(next.await), 0);
}
