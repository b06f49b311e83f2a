//! Test sets of evaluations, held by a worker of their own, and what the pages ask about them.

use crate::data::{Context, scope};
use crate::worker::{WorkerError, WorkerHost};
use labelscope_api::extensions::GetEvaluationTestSet;
use labelscope_messages::evaluation::{Explore, Explored, Overview};
use labelscope_messages::{Answer, Request};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

thread_local! {
    /// A worker that keeps what it holds: its requests are never cancelled, since that ends it.
    static HOST: WorkerHost = WorkerHost::new("worker.js");
}

/// Asks, with a file that it is about, or bytes that are given away.
async fn send(
    explore: Explore,
    file: Option<Blob>,
    bytes: Option<js_sys::ArrayBuffer>,
) -> Result<Explored, WorkerError> {
    let answer = HOST.with(|host| host.request_with(Request::Explore { explore }, file, bytes, |_| {})).await?;
    let Answer::Explored { explored } = answer else { return Err(WorkerError::OtherVersion) };
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

/// Asks whatever the function says, whenever that changes; nothing while it says nothing.
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
        let Some(asking) = question() else { return };
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
    /// So much of it is here: pieces done, and pieces in all.
    Coming(u32, u32),
    Open(Overview),
    /// Why it did not come, and what to do.
    Failed(String),
}

/// Brings the test set of an evaluation to the worker, once a page: [`Opening::Open`] when it is there.
pub(crate) fn opened(context: Context, run: impl Fn() -> Option<String> + 'static) -> RwSignal<Opening> {
    let opening = RwSignal::new(Opening::Coming(0, 0));
    Effect::new(move |_| {
        let Some(run) = run() else { return };
        opening.set(Opening::Coming(0, 0));
        spawn_local(async move {
            let _ = (context, scope(context), run, GetEvaluationTestSet::default());
            let _ = opening.try_set(Opening::Failed("SCAFFOLD".to_owned()));
        });
    });
    opening
}
