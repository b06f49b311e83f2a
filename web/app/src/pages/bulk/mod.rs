//! What is picked among inputs, and what is done with it.

mod change;
mod operation;

use crate::components::{Dialog, Icon};
use crate::data::{Context, context, mutate, scope};
use crate::format;
use crate::pages::pick::DatasetField;
use change::ChangeMany;
use labelscope_api::messages::{
    BulkOperation, BulkOperationKind, Dataset, DatasetInput, Input, InputIds, Search, StatusCode,
};
use labelscope_api::operations::{DeleteDatasetInputs, DeleteInputs, PostDatasetInputs};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;

/// The inputs that a change is about.
#[derive(Clone, PartialEq)]
pub(crate) enum Target {
    Ids(Vec<String>),
    Dataset(String),
    Search(Box<Search>),
    /// Inputs with one annotation that meets all conditions.
    OnOne(Box<Search>),
}

impl Target {
    fn operation(self, kind: BulkOperationKind) -> BulkOperation {
        let mut op = BulkOperation { operation: Some(kind), ..BulkOperation::default() };
        match self {
            Self::Ids(input_ids) => op.input_ids = Some(InputIds { input_ids }),
            Self::Dataset(id) => op.dataset = Some(Box::new(Dataset { id, ..Dataset::default() })),
            Self::Search(search) => op.search = Some(search),
            Self::OnOne(search) => op.annotation_search = Some(search),
        }
        op
    }
}

/// Inputs in one call at most.
pub(crate) const BATCH: usize = 128;

/// The inputs that are picked.
#[derive(Clone, Copy)]
pub(crate) struct Picked {
    pub ids: RwSignal<BTreeSet<String>>,
    last: RwSignal<Option<String>>,
}

impl Picked {
    pub fn new() -> Self {
        Self { ids: RwSignal::new(BTreeSet::new()), last: RwSignal::new(None) }
    }

    /// Picks one or lets it go; with `range`, all from the last one on.
    pub fn toggle(self, id: &str, all: &[String], range: bool) {
        let at = |wanted: &str| all.iter().position(|i| i == wanted);
        let from = self.last.get_untracked().filter(|_| range).and_then(|l| at(&l));
        self.ids.update(|ids| match (from, at(id)) {
            (Some(a), Some(b)) => ids.extend(all.iter().take(a.max(b) + 1).skip(a.min(b)).cloned()),
            _ => {
                if !ids.remove(id) {
                    ids.insert(id.to_owned());
                }
            }
        });
        self.last.set(Some(id.to_owned()));
    }

    pub fn clear(self) {
        self.ids.set(BTreeSet::new());
        self.last.set(None);
    }

    fn list(self) -> Vec<String> {
        self.ids.get_untracked().into_iter().collect()
    }
}

fn members(ids: &[String]) -> Vec<DatasetInput> {
    ids.iter()
        .map(|id| DatasetInput {
            input: Some(Box::new(Input { id: id.clone(), ..Input::default() })),
            ..DatasetInput::default()
        })
        .collect()
}

/// Puts inputs into a dataset; tells how many joined.
async fn join(context: Context, dataset_id: &str, ids: &[String]) -> Result<usize, labelscope_client::Error> {
    let mut joined = 0;
    for batch in ids.chunks(BATCH) {
        let op = PostDatasetInputs {
            user_app_id: scope(context),
            dataset_id: dataset_id.to_owned(),
            dataset_inputs: members(batch),
            ..PostDatasetInputs::default()
        };
        let reply = mutate(context, &op).await?;
        let mixed = reply.status.as_ref().is_some_and(|s| s.code == StatusCode::MIXED_STATUS);
        let refused = |d: &&DatasetInput| {
            let code = d.input.as_ref().and_then(|i| i.status.as_ref()).map(|s| s.code);
            code.is_some_and(|c| c == StatusCode::INPUT_DOES_NOT_EXIST || c == StatusCode::FAILURE)
        };
        joined += batch.len() - if mixed { reply.dataset_inputs.iter().filter(refused).count() } else { 0 };
    }
    Ok(joined)
}

/// Takes inputs out of a dataset.
async fn leave(context: Context, dataset_id: &str, ids: &[String]) -> Result<(), labelscope_client::Error> {
    for batch in ids.chunks(BATCH) {
        let (dataset_id, input_ids) = (dataset_id.to_owned(), batch.to_vec());
        mutate(context, &DeleteDatasetInputs { user_app_id: scope(context), dataset_id, input_ids }).await?;
    }
    Ok(())
}

/// A dataset and inputs that have just joined it (or left it), so that it can be taken back.
#[derive(Clone, PartialEq)]
struct Done {
    dataset: String,
    ids: Vec<String>,
    joined: bool,
}

/// In the status bar: how many are picked and what can be done with them.
#[component]
pub(crate) fn Actions(
    picked: Picked,
    /// The ids on the page, in order.
    #[prop(into)]
    page: Signal<Vec<String>>,
    /// The dataset that is shown; empty on the page of all inputs.
    #[prop(into)]
    dataset: Signal<String>,
    /// All that the page shows, over all its pages; none where there is no one change for them.
    #[prop(into)]
    all: Signal<Option<Target>>,
    /// How many those are.
    #[prop(into)]
    total: Signal<Option<i64>>,
) -> impl IntoView {
    let context = context();
    let (adding, taking, deleting) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let changing = RwSignal::new(false);
    let target = Signal::derive(move || {
        let ids = picked.ids.get();
        if ids.is_empty() { all.get() } else { Some(Target::Ids(ids.into_iter().collect())) }
    });
    let done = RwSignal::new(None::<Done>);
    let count = move || picked.ids.with(BTreeSet::len);
    let run = Callback::new(move |what: Done| {
        spawn_local(async move {
            let words = format::of(what.ids.len() as i64, "input", "inputs");
            let outcome = if what.joined {
                join(context, &what.dataset, &what.ids)
                    .await
                    .map(|n| format!("{} of {words} joined {}", format::count(n as i64), what.dataset))
            } else {
                leave(context, &what.dataset, &what.ids)
                    .await
                    .map(|()| format!("{words} taken out of {}", what.dataset))
            };
            match outcome {
                Ok(said) => {
                    context.good(said);
                    picked.clear();
                    done.try_set(Some(what));
                }
                Err(error) if what.joined => context.failed("The inputs did not all join", &error),
                Err(error) => context.failed("The inputs were not all taken out", &error),
            }
        });
    });
    let take_out = move |_| {
        if dataset.get_untracked().is_empty() {
            taking.set(true);
        } else {
            run.run(Done { dataset: dataset.get_untracked(), ids: picked.list(), joined: false });
        }
    };
    let whole = move || {
        let page = page.get();
        !page.is_empty() && picked.ids.with(|ids| page.iter().all(|id| ids.contains(id)))
    };
    view! {
        <div class="picked row" role="group" aria-label="Picked inputs">
            {move || (count() > 0).then(|| view! {
                <span class="strong">{format!("{} picked", format::count(count() as i64))}</span>
                {(!whole()).then(|| view! { <button type="button" class="btn quiet s hide-phone" on:click=move |_| picked.ids.update(|ids| ids.extend(page.get_untracked()))>"Pick the page"</button> })}
                <button type="button" class="btn quiet s" on:click=move |_| picked.clear()>"Clear"</button>
                <button type="button" class="btn s" on:click=move |_| adding.set(true)><Icon name="plus"/>"Add to dataset"</button>
                <button type="button" class="btn s" on:click=take_out>{move || if dataset.get().is_empty() { "Remove from dataset" } else { "Remove from this dataset" }}</button>
                <button type="button" class="btn s" on:click=move |_| changing.set(true)><Icon name="sliders"/>"Change"</button>
                <button type="button" class="btn danger s" on:click=move |_| deleting.set(true)><Icon name="trash"/>"Delete"</button>
            })}
            {move || (count() == 0 && all.with(Option::is_some) && total.get() != Some(0)).then(|| view! { <button type="button" class="btn s" on:click=move |_| changing.set(true)><Icon name="sliders"/>{move || total.get().map_or_else(|| "Change all".to_owned(), |n| format!("Change all {}", format::count(n)))}</button> })}
            {move || done.get().filter(|_| count() == 0).map(|d| {
                let words = format!("{} {} {}", format::of(d.ids.len() as i64, "input", "inputs"), if d.joined { "joined" } else { "left" }, d.dataset);
                view! { <span>{words}</span><button type="button" class="btn s" on:click=move |_| { done.set(None); let d = d.clone(); run.run(Done { joined: !d.joined, ..d }); }><Icon name="undo"/>"Undo"</button> }
            })}
        </div>
        <Choose open=adding title="Add to dataset" button="Add to dataset" go=Callback::new(move |dataset| run.run(Done { dataset, ids: picked.list(), joined: true }))/>
        <Choose open=taking title="Remove from dataset" button="Remove from dataset" go=Callback::new(move |dataset| run.run(Done { dataset, ids: picked.list(), joined: false }))/>
        <ChangeMany open=changing target=target total=Signal::derive(move || if count() > 0 { Some(count() as i64) } else { total.get() }) begun=Callback::new(move |()| { picked.clear(); done.set(None); })/>
        <Delete open=deleting ids=Signal::derive(move || picked.ids.get().into_iter().collect()) done=Callback::new(move |()| { picked.clear(); done.set(None); })/>
    }
}

/// Asks for a dataset.
#[component]
fn Choose(open: RwSignal<bool>, title: &'static str, button: &'static str, go: Callback<String>) -> impl IntoView {
    let dataset = RwSignal::new(String::new());
    let id = title.to_lowercase().replace(' ', "-");
    let form = id.clone();
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let wanted = dataset.get_untracked();
        if !wanted.is_empty() {
            open.set(false);
            go.run(wanted);
        }
    };
    view! {
        <Dialog open=open title=title>
            <form id=id.clone() class="body" on:submit=submit><DatasetField value=dataset label="Dataset" none="Choose one"/></form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form=form.clone() class="btn primary" disabled=move || dataset.get().is_empty()>{button}</button></footer>
        </Dialog>
    }
}

/// Deletes inputs for good, after it has named them.
#[component]
pub(crate) fn Delete(
    open: RwSignal<bool>,
    #[prop(into)] ids: Signal<Vec<String>>,
    done: Callback<()>,
    /// Set from the beginning on, so that a page asks no more for what goes; taken back when it stays.
    #[prop(optional)]
    gone: Option<RwSignal<bool>>,
) -> impl IntoView {
    let context = context();
    let busy = RwSignal::new(false);
    let go = move |_| {
        let list = ids.get_untracked();
        busy.set(true);
        let hold = move |held: bool| {
            if let Some(gone) = gone {
                gone.try_set(held);
            }
        };
        hold(true);
        spawn_local(async move {
            let mut outcome = Ok(());
            for batch in list.chunks(BATCH) {
                outcome =
                    mutate(context, &DeleteInputs { user_app_id: scope(context), ids: batch.to_vec() }).await.map(drop);
                if outcome.is_err() {
                    break;
                }
            }
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    context.good(format!("{} deleted", format::of(list.len() as i64, "input", "inputs")));
                    open.try_set(false);
                    done.run(());
                }
                Err(error) => {
                    hold(false);
                    context.failed("The inputs were not all deleted", &error);
                }
            }
        });
    };
    let words = move || format::of(ids.with(Vec::len) as i64, "input", "inputs");
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Delete {}", words()))>
            <div class="body">
                <p>"These inputs go from the app and from all its datasets, with everything that is said about them. Versions that are frozen keep them. This cannot be undone."</p>
                <ul class="named" tabindex="0" aria-label="Inputs that are deleted">{move || ids.get().into_iter().take(50).map(|id| view! { <li class="mono">{id}</li> }).collect_view()}</ul>
                {move || { let more = ids.with(Vec::len).saturating_sub(50); (more > 0).then(|| view! { <p class="small muted">{format!("and {} more", format::count(more as i64))}</p> }) }}
            </div>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <button type="button" class="btn danger" disabled=move || busy.get() on:click=go>{move || format!("Delete {}", words())}</button></footer>
        </Dialog>
    }
}

/// Fills a dataset from another one or from a saved search.
pub(crate) async fn join_by(
    context: Context,
    dataset_id: String,
    search: Search,
) -> Result<bool, labelscope_client::Error> {
    let op = PostDatasetInputs {
        user_app_id: scope(context),
        dataset_id,
        search: Some(Box::new(search)),
        ..PostDatasetInputs::default()
    };
    // A large one goes on as a job, which the reply names.
    mutate(context, &op).await.map(|r| r.bulk_operation.is_some())
}
