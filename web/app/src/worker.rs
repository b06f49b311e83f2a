//! The page's side of the worker: starts it when first needed, talks to it, starts it again when it is lost.
//!
//! The worker does one request at a time, so the queue is kept here. Dropping a [`Pending`] cancels it: a queued request
//! is forgotten, a running one ends the worker (which computes without a pause and could not hear us).

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use futures::channel::oneshot;
use labelscope_messages::{Answer, CocoPreview, Event, Failure, PROTOCOL, Progress, Request};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessageEvent, WorkerOptions, WorkerType};

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// The request itself failed: the file is not what it should be, say.
    #[error("{}{}", .0.reason, .0.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default())]
    Failed(Failure),
    /// The worker broke down over this request. The next request gets a new one.
    #[error("reading stopped unexpectedly: {0}")]
    Panicked(String),
    /// The worker's files could not be loaded.
    #[error("a part of the workbench could not be loaded: {0}")]
    NotLoaded(String),
    /// The browser holds a worker of another release, and asking the server for a fresh one did not help.
    #[error("this page is older than the server; reload it")]
    OtherVersion,
}

/// Reads a chosen file as COCO JSON, off the main thread, and says what an import of it would bring.
/// Dropping the future stops the reading.
pub async fn preview_coco(file: &Blob, on_progress: impl Fn(Progress) + 'static) -> Result<CocoPreview, WorkerError> {
    let answer = WORKER.with(|worker| worker.request(Request::PreviewCoco, Some(file.clone()), on_progress)).await?;
    let Answer::CocoPreview(preview) = answer else { return Err(WorkerError::OtherVersion) };
    Ok(preview)
}

thread_local! {
    static WORKER: WorkerHost = WorkerHost::new("worker.js");
}

/// A worker that is started at the first request and whenever the last one was lost.
#[derive(Clone)]
pub struct WorkerHost(Rc<RefCell<State>>);

struct State {
    script: String,
    live: Option<Live>,
    /// Waiting requests; the first is the running one when `running` says so.
    queue: VecDeque<Job>,
    running: bool,
    next_id: u32,
    /// Raised at every start, so that a late message of an ended worker is known as such.
    generation: u32,
    /// The server was already asked for a fresh copy of the script.
    asked_afresh: bool,
}

struct Job {
    id: u32,
    request: Request,
    file: Option<Blob>,
    /// Given away with the request.
    bytes: Option<js_sys::ArrayBuffer>,
    on_progress: Rc<dyn Fn(Progress)>,
    answer: oneshot::Sender<Result<Answer, WorkerError>>,
}

struct Live {
    worker: web_sys::Worker,
    ready: bool,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

/// The envelope of a request; the file travels beside what serde knows.
#[derive(Serialize)]
struct Envelope<'a> {
    id: u32,
    request: &'a Request,
}

impl WorkerHost {
    /// A host for the worker with this script. Nothing is loaded yet.
    pub fn new(script: &str) -> Self {
        Self(Rc::new(RefCell::new(State {
            script: script.to_owned(),
            live: None,
            queue: VecDeque::new(),
            running: false,
            next_id: 1,
            generation: 0,
            asked_afresh: false,
        })))
    }

    /// Queues a request. `on_progress` is told how far it is while it runs.
    pub fn request(&self, request: Request, file: Option<Blob>, on_progress: impl Fn(Progress) + 'static) -> Pending {
        self.request_with(request, file, None, on_progress)
    }

    /// The same with bytes, which are given away.
    pub fn request_with(
        &self,
        request: Request,
        file: Option<Blob>,
        bytes: Option<js_sys::ArrayBuffer>,
        on_progress: impl Fn(Progress) + 'static,
    ) -> Pending {
        let (answer, receiver) = oneshot::channel();
        let id = {
            let mut state = self.0.borrow_mut();
            let id = state.next_id;
            state.next_id += 1;
            state.queue.push_back(Job { id, request, file, bytes, on_progress: Rc::new(on_progress), answer });
            id
        };
        self.advance();
        Pending { id, host: Rc::downgrade(&self.0), receiver }
    }

    /// Starts the worker or the next request, whichever is due.
    fn advance(&self) {
        let mut state = self.0.borrow_mut();
        if state.running || state.queue.is_empty() {
            return;
        }
        let Some(live) = &state.live else {
            drop(state);
            self.start();
            return;
        };
        if !live.ready {
            return;
        }
        let Some(job) = state.queue.front() else { return };
        let posted = envelope(job).and_then(|message| match &job.bytes {
            Some(bytes) => live.worker.post_message_with_transfer(&message, &js_sys::Array::of1(bytes)),
            None => live.worker.post_message(&message),
        });
        state.running = true;
        if let Err(error) = posted {
            drop(state);
            self.finish_first(Err(WorkerError::Panicked(text_of(&error))));
        }
    }

    fn start(&self) {
        let (script, generation) = {
            let mut state = self.0.borrow_mut();
            state.generation += 1;
            // Another address is another entry in the browser's cache.
            let fresh = if state.asked_afresh { format!("?fresh={}", js_sys::Date::now()) } else { String::new() };
            (format!("{}{fresh}", state.script), state.generation)
        };
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = match web_sys::Worker::new_with_options(&script, &options) {
            Ok(worker) => worker,
            Err(error) => return self.fail_all(&WorkerError::NotLoaded(text_of(&error))),
        };
        let host = Rc::downgrade(&self.0);
        let on_message = Closure::new({
            let host = host.clone();
            move |message: MessageEvent| {
                if let Some(host) = WorkerHost::alive(&host, generation) {
                    host.receive(&message.data());
                }
            }
        });
        let on_error = Closure::new(move |event: web_sys::Event| {
            // Told to the user by the request that it ends; the console need not hear of it too.
            event.prevent_default();
            if let Some(host) = WorkerHost::alive(&host, generation) {
                let told = js_sys::Reflect::get(&event, &"message".into()).ok().and_then(|text| text.as_string());
                host.lost(told.unwrap_or_else(|| "its files are not there".to_owned()));
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        self.0.borrow_mut().live = Some(Live { worker, ready: false, _on_message: on_message, _on_error: on_error });
    }

    fn alive(host: &Weak<RefCell<State>>, generation: u32) -> Option<Self> {
        let state = host.upgrade()?;
        let current = state.borrow().generation == generation && state.borrow().live.is_some();
        current.then_some(Self(state))
    }

    fn receive(&self, data: &JsValue) {
        let id = js_sys::Reflect::get(data, &"id".into()).ok().and_then(|id| id.as_f64()).unwrap_or_default();
        let event = js_sys::Reflect::get(data, &"event".into()).unwrap_or_default();
        let is_first = self.0.borrow().queue.front().is_some_and(|job| (f64::from(job.id) - id).abs() < 0.5);
        match serde_wasm_bindgen::from_value::<Event>(event) {
            Ok(Event::Ready { protocol }) if protocol == PROTOCOL => {
                if let Some(live) = &mut self.0.borrow_mut().live {
                    live.ready = true;
                }
                self.advance();
            }
            Ok(Event::Panicked { message }) => self.lost(message),
            Ok(Event::Progress(progress)) if is_first => {
                // Taken out first: nothing is borrowed while others' code runs.
                let told = self.0.borrow().queue.front().map(|job| Rc::clone(&job.on_progress));
                if let Some(told) = told {
                    told(progress);
                }
            }
            Ok(Event::Done { answer }) if is_first => self.finish_first(Ok(answer)),
            Ok(Event::Failed(failure)) if is_first => self.finish_first(Err(WorkerError::Failed(failure))),
            Ok(Event::Progress(_) | Event::Done { .. } | Event::Failed(_)) => {}
            // Another version, or words that only another version uses.
            Ok(Event::Ready { .. }) | Err(_) => self.replace_by_fresh(),
        }
    }

    fn finish_first(&self, answer: Result<Answer, WorkerError>) {
        let job = {
            let mut state = self.0.borrow_mut();
            state.running = false;
            state.queue.pop_front()
        };
        if let Some(job) = job {
            // Nobody waits any more: then it is not for anybody.
            let _ = job.answer.send(answer);
        }
        self.advance();
    }

    fn fail_all(&self, error: &WorkerError) {
        let jobs = {
            let mut state = self.0.borrow_mut();
            state.running = false;
            std::mem::take(&mut state.queue)
        };
        for job in jobs {
            let _ = job.answer.send(Err(error.clone()));
        }
    }

    /// The worker broke down. If it never came up, no other request would fare better.
    fn lost(&self, message: String) {
        let was_ready = self.0.borrow().live.as_ref().is_some_and(|live| live.ready);
        let was_running = self.0.borrow().running;
        self.end();
        if !was_ready {
            self.fail_all(&WorkerError::NotLoaded(message));
        } else if was_running {
            self.finish_first(Err(WorkerError::Panicked(message)));
        } else {
            self.advance();
        }
    }

    fn replace_by_fresh(&self) {
        self.end();
        let tried = std::mem::replace(&mut self.0.borrow_mut().asked_afresh, true);
        if tried {
            self.fail_all(&WorkerError::OtherVersion);
        } else {
            self.0.borrow_mut().running = false;
            self.advance();
        }
    }

    fn end(&self) {
        let Some(live) = self.0.borrow_mut().live.take() else { return };
        live.worker.terminate();
        live.worker.set_onmessage(None);
        live.worker.set_onerror(None);
        // We may be inside one of its closures, which must live until it returns.
        wasm_bindgen_futures::spawn_local(async move { drop(live) });
    }

    fn cancel(&self, id: u32) {
        let is_running = {
            let state = self.0.borrow();
            state.running && state.queue.front().is_some_and(|job| job.id == id)
        };
        if is_running {
            self.end();
            self.0.borrow_mut().running = false;
        }
        let job = {
            let mut state = self.0.borrow_mut();
            // A request that is answered already is not in the queue, and nothing happens.
            state.queue.iter().position(|job| job.id == id).and_then(|at| state.queue.remove(at))
        };
        drop(job);
        if is_running {
            self.advance();
        }
    }
}

/// An answer to come. Dropping it cancels the request.
#[must_use = "dropping it cancels the request"]
pub struct Pending {
    id: u32,
    host: Weak<RefCell<State>>,
    receiver: oneshot::Receiver<Result<Answer, WorkerError>>,
}

impl Future for Pending {
    type Output = Result<Answer, WorkerError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let gone = |_| Err(WorkerError::Panicked("the page let go of it".to_owned()));
        Pin::new(&mut self.receiver).poll(context).map(|answer| answer.unwrap_or_else(gone))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(state) = self.host.upgrade() {
            WorkerHost(state).cancel(self.id);
        }
    }
}

fn envelope(job: &Job) -> Result<JsValue, JsValue> {
    let message = serde_wasm_bindgen::to_value(&Envelope { id: job.id, request: &job.request })?;
    if let Some(file) = &job.file {
        js_sys::Reflect::set(&message, &"file".into(), file)?;
    }
    if let Some(bytes) = &job.bytes {
        js_sys::Reflect::set(&message, &"bytes".into(), bytes)?;
    }
    Ok(message)
}

fn text_of(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| String::from(error.message()))
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
