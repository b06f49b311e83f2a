//! Test sets of evaluations, held by a worker of their own, and what the pages ask about them.

mod held;

use crate::data::{self, Context, client, is_own, scope};
use crate::worker::{WorkerError, WorkerHost};
use held::{Begun, Held};
use labelscope_api::Operation;
use labelscope_api::extensions::GetEvaluationTestSet;
use labelscope_api::messages::FieldsValue;
use labelscope_api::operations::GetEvaluation;
use labelscope_client::Error;
use labelscope_messages::evaluation::{Explore, Explored, Overview};
use labelscope_messages::{Answer, Request};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use web_sys::Blob;

/// Bytes of a reply that the page reads at most, where a server gives a test set in one piece.
const CEILING: usize = 64 << 20;

thread_local! {
    /// A worker that keeps what it holds: its requests are never cancelled, since that ends it.
    static HOST: WorkerHost = WorkerHost::new("worker.js");
    static HELD: RefCell<Held> = RefCell::default();
    /// Rises when a test set has come: questions about it are asked then.
    static CAME: ArcRwSignal<u32> = ArcRwSignal::new(0);
    /// Rises when a worker broke down: its test sets are brought again then.
    static LOST: ArcRwSignal<u32> = ArcRwSignal::new(0);
}

/// Asks, with a file that it is about, or bytes that are given away.
async fn send(
    explore: Explore,
    file: Option<Blob>,
    bytes: Option<js_sys::ArrayBuffer>,
) -> Result<Explored, WorkerError> {
    let answer = HOST.with(|host| host.request_with(Request::Explore { explore }, file, bytes, |_| {})).await;
    if matches!(answer, Err(WorkerError::Panicked(_))) {
        // The next request gets another worker, which holds nothing.
        HELD.with(|held| held.borrow_mut().lost());
        LOST.with(|lost| lost.update(|n| *n += 1));
    }
    let Answer::Explored { explored } = answer? else { return Err(WorkerError::OtherVersion) };
    Ok(explored)
}

/// Asks once.
pub(crate) async fn ask(explore: Explore) -> Result<Explored, WorkerError> {
    send(explore, None, None).await
}

/// An answer that follows what is asked. While an answer is on its way, only the latest question waits for its turn.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// The latest answer; it stays while the next is computed, so that nothing jumps.
    pub value: RwSignal<Option<std::sync::Arc<Explored>>>,
    pub error: RwSignal<Option<WorkerError>>,
    pub busy: RwSignal<bool>,
}

/// Asks whatever the function says, whenever that changes; nothing while it says nothing, or while a test set is not there.
pub(crate) fn asked(question: impl Fn() -> Option<Explore> + 'static) -> Asked {
    follow(move || question().map(|explore| (explore, None)))
}

/// The same about a file, which goes with the question.
pub(crate) fn asked_about(question: impl Fn() -> Option<(Explore, Blob)> + 'static) -> Asked {
    follow(move || question().map(|(explore, file)| (explore, Some(file))))
}

fn follow(question: impl Fn() -> Option<(Explore, Option<Blob>)> + 'static) -> Asked {
    let asked = Asked { value: RwSignal::new(None), error: RwSignal::new(None), busy: RwSignal::new(false) };
    let waiting: StoredValue<Option<(Explore, Option<Blob>)>, LocalStorage> = StoredValue::new_local(None);
    Effect::new(move |_| {
        CAME.with(Track::track);
        let Some(asking) = question() else { return };
        if !HELD.with(|held| held.borrow().has_all(&asking.0)) {
            return;
        }
        waiting.set_value(Some(asking));
        if asked.busy.get_untracked() {
            return;
        }
        asked.busy.set(true);
        spawn_local(async move {
            while let Some(Some((explore, file))) = waiting.try_update_value(Option::take) {
                match send(explore, file, None).await {
                    Ok(explored) => {
                        let _ = asked.error.try_set(None);
                        let _ = asked.value.try_set(Some(std::sync::Arc::new(explored)));
                    }
                    Err(error) => {
                        let _ = asked.error.try_set(Some(error));
                    }
                }
            }
            let _ = asked.busy.try_set(false);
        });
    });
    asked
}

/// How a test set comes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Opening {
    /// So much of it is here: pieces done, and pieces in all; 0 of 0 until that is known.
    Coming(u32, u32),
    Open(Overview),
    /// Why it did not come, and what to do.
    Failed(String),
}

/// Brings the test set of an evaluation to the worker, once a page: [`Opening::Open`] when it is there. What is there already
/// is not fetched again, unless the evaluation was done anew; what a worker lost that broke down is fetched once more.
pub(crate) fn opened(context: Context, run: impl Fn() -> Option<String> + 'static) -> RwSignal<Opening> {
    let opening = RwSignal::new(Opening::Coming(0, 0));
    let asked = StoredValue::new(0u32);
    Effect::new(move |before: Option<Option<String>>| {
        LOST.with(Track::track);
        context.revision.track();
        let run = run();
        let number = asked.try_update_value(|n| {
            *n += 1;
            *n
        });
        if before.is_some_and(|before| before != run) {
            HELD.with(|held| held.borrow_mut().leave(opening));
            opening.set(Opening::Coming(0, 0));
        }
        if let (Some(run), Some(number)) = (run.clone(), number) {
            spawn_local(async move {
                let is_latest = move || asked.try_get_value() == Some(number);
                let outcome = open(context, &run, opening, is_latest).await;
                // What is there stays when only the question whether it is still so found no answer.
                let is_open = matches!(opening.try_get_untracked(), Some(Opening::Open(_)))
                    && HELD.with(|held| held.borrow().has(&run));
                if let Err(why) = outcome
                    && is_latest()
                    && !is_open
                {
                    let _ = opening.try_set(Opening::Failed(why));
                }
            });
        }
        run
    });
    opening
}

fn told(error: &Error) -> String {
    format!("{error} {}", error.advice())
}

/// Finds out whether the test set is there as it is now, and brings it if it is not.
async fn open(
    context: Context,
    run: &str,
    opening: RwSignal<Opening>,
    is_latest: impl Fn() -> bool,
) -> Result<(), String> {
    let place = place(context);
    let op = GetEvaluation { user_app_id: scope(context), evaluation_id: run.to_owned(), fields: None };
    let reply = client().send(&op).await.map_err(|e| told(&e))?;
    // An evaluation has no time of its own; done anew, its predictions are another version, or its numbers differ.
    let stamp = reply.eval_metrics.and_then(|e| serde_json::to_string(&e).ok()).unwrap_or_default();
    if !is_latest() {
        return Ok(());
    }
    match HELD.with(|held| held.borrow_mut().begin(run, &format!("{place} {stamp}"), opening)) {
        Begun::Open(overview) => {
            if opening.try_get_untracked() != Some(Opening::Open(overview.clone())) {
                let _ = opening.try_set(Opening::Open(overview));
            }
            Ok(())
        }
        Begun::Waiting => Ok(()),
        Begun::Never => Err("Computing with this test set failed twice. Reload the page to try again.".to_owned()),
        Begun::New { forget } => {
            for run in forget {
                let _ = send(Explore::Forget { run }, None, None).await;
            }
            let outcome = bring(context, run).await;
            let is_there = outcome.is_ok();
            let end = outcome.map_or_else(Opening::Failed, Opening::Open);
            HELD.with(|held| held.borrow_mut().end(run, end));
            if is_there {
                CAME.with(|came| came.update(|n| *n += 1));
            }
            Ok(())
        }
    }
}

/// Whose evaluation it is: another server, user or app may have one of the same id.
fn place(context: Context) -> String {
    let connection = data::current().map(|c| c.id.clone()).unwrap_or_default();
    let scope = scope(context);
    format!("{connection}/{}/{}", scope.user_id, scope.app_id)
}

async fn bring(context: Context, run: &str) -> Result<Overview, String> {
    let explored = if is_own() { pieces(context, run).await? } else { whole(context, run).await? };
    match explored {
        Explored::Overview(overview) => Ok(overview),
        _ => Err(WorkerError::OtherVersion.to_string()),
    }
}

/// Piece by piece, each given away as soon as it is here.
async fn pieces(context: Context, run: &str) -> Result<Explored, String> {
    let (client, scope) = (client(), scope(context));
    let losses = || HELD.with(|held| held.borrow().losses());
    let (mut page, mut known, mut begun) = (1, None, losses());
    loop {
        let op = GetEvaluationTestSet { user_app_id: scope.clone(), evaluation_id: run.to_owned(), page };
        let reply = client.send(&op).await.map_err(|e| told(&e))?;
        let piece = reply.test_set.unwrap_or_default();
        let size = (piece.pages.0, piece.inputs_total.0);
        if *known.get_or_insert(size) != size {
            return Err("It was evaluated anew while its test set was read. Open the evaluation again.".to_owned());
        }
        let pages = u32::try_from(size.0).unwrap_or_default().max(1);
        let bytes = js_sys::Uint8Array::from(piece.columns.0.as_slice()).buffer();
        let last = page >= pages;
        let take = Explore::Take { run: run.to_owned(), last };
        let explored = send(take, None, Some(bytes)).await.map_err(|e| e.to_string())?;
        if losses() != begun {
            // The worker broke down over something else, and the pieces before are gone with it.
            let _ = send(Explore::Forget { run: run.to_owned() }, None, None).await;
            (page, begun) = (1, losses());
            continue;
        }
        if last {
            return Ok(explored);
        }
        let watched = HELD.with(|held| held.borrow_mut().progress(run, page, pages));
        if !watched {
            let _ = send(Explore::Forget { run: run.to_owned() }, None, None).await;
            return Err("Nobody waits for it.".to_owned());
        }
        page += 1;
    }
}

/// The reply of GetEvaluation as it comes, for the worker to read.
async fn whole(context: Context, run: &str) -> Result<Explored, String> {
    let client = client();
    let fields = FieldsValue { test_set: true, ..FieldsValue::default() };
    let op = GetEvaluation { user_app_id: scope(context), evaluation_id: run.to_owned(), fields: Some(fields) };
    let request = op.request(client.base()).map_err(|e| told(&e.into()))?;
    let reply = client.send_raw(request, op.effect()).await.map_err(|e| told(&e))?;
    if reply.status >= 300 {
        // What is refused is small, and says why.
        return Err(match GetEvaluation::reply(reply.status, &reply.body) {
            Err(error) => told(&error.into()),
            Ok(_) => format!("The server answered with HTTP {}. Try again.", reply.status),
        });
    }
    if reply.body.len() > CEILING {
        return Err(format!(
            "The test set has {} MB; of other servers up to {} MB are read. Export the inputs, and import them with their predictions into the local engine.",
            reply.body.len() >> 20,
            CEILING >> 20
        ));
    }
    let body = js_sys::Array::of1(&js_sys::Uint8Array::from(reply.body.as_ref()));
    let file =
        Blob::new_with_u8_array_sequence(&body).map_err(|_| "The browser has no room for the reply.".to_owned())?;
    send(Explore::TakeReply { run: run.to_owned() }, Some(file), None).await.map_err(|e| e.to_string())
}
