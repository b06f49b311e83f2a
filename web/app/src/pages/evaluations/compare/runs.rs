//! Which runs stand beside each other, and how that is changed.

use super::super::one::{Address, list, listed};
use super::super::{brief, measured, measured_on, state};
use super::board::Board;
use crate::components::{Dialog, ErrorPanel, Icon, Pill, Popover, Tone};
use crate::data::{Context, query, scope};
use crate::explore::{Opening, opened};
use crate::{format, routes};
use labelscope_api::messages::EvalMetrics;
use labelscope_api::operations::{GetEvaluation, ListEvaluations};
use labelscope_messages::evaluation::Overview;
use leptos::prelude::*;

/// So many stand beside each other at most.
pub(super) const MOST: usize = 5;
/// Evaluations that are offered.
const OFFERED: u32 = 200;

/// One run as the page shows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub id: String,
    pub name: String,
    /// What it was measured on: dataset and version.
    pub dataset: (String, String),
    pub evaluation: Option<EvalMetrics>,
    /// Why the evaluation itself could not be had.
    pub missing: bool,
    pub opening: Opening,
}

/// The runs of the address. There is a place for each that there can be, so that what one is about outlives the others.
#[derive(Clone, Copy)]
pub(super) struct Runs {
    pub context: Context,
    pub address: Address,
    /// The reference first.
    pub ids: Memo<Vec<String>>,
    each: Memo<Vec<Run>>,
    /// All test sets are with the worker.
    pub open: Memo<bool>,
    /// The address named more than there may be.
    pub too_many: Memo<bool>,
}

impl Runs {
    pub fn new(context: Context, address: Address) -> Self {
        let part = address.part("runs");
        let named = Memo::new(move |_| {
            let mut ids: Vec<String> = Vec::new();
            for id in listed(part.get()) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            ids
        });
        let ids = Memo::new(move |_| named.with(|n| n.iter().take(MOST).cloned().collect::<Vec<_>>()));
        let places: [_; MOST] = std::array::from_fn(|i| {
            let id = Memo::new(move |_| ids.with(|ids| ids.get(i).cloned()));
            let asked = query(move || {
                context.jobs.track();
                Some(GetEvaluation { user_app_id: scope(context), evaluation_id: id.get()?, fields: None })
            });
            let evaluation = Memo::new(move |_| {
                let wanted = id.get()?;
                asked.value.get().and_then(|r| r.eval_metrics.clone()).filter(|e| e.id == wanted)
            });
            let ready = Memo::new(move |_| evaluation.with(|e| e.as_ref().is_some_and(is_ready)));
            let opening = opened(context, move || id.get().filter(|_| ready.get()));
            (id, evaluation, Memo::new(move |_| asked.error.get().is_some()), opening)
        });
        let places = StoredValue::new(places);
        let each = Memo::new(move |_| {
            let mut runs: Vec<Run> = places.with_value(|places| {
                let all = places.iter().filter_map(|(id, evaluation, missing, opening)| {
                    let (id, evaluation) = (id.get()?, evaluation.get());
                    let name = evaluation.as_ref().map_or_else(|| brief(&id), |e| measured(e).0);
                    let dataset = evaluation.as_ref().map(measured_on).unwrap_or_default();
                    Some(Run { id, name, dataset, evaluation, missing: missing.get(), opening: opening.get() })
                });
                all.collect()
            });
            tell_apart(&mut runs);
            runs
        });
        let open = Memo::new(move |_| {
            each.with(|runs| runs.len() > 1 && runs.iter().all(|r| matches!(r.opening, Opening::Open(_))))
        });
        Self { context, address, ids, each, open, too_many: Memo::new(move |_| named.with(|n| n.len() > MOST)) }
    }

    pub fn each(self) -> Vec<Run> {
        self.each.get()
    }

    /// What a run is about, once its test set is here.
    pub fn about(self, at: usize) -> Option<Overview> {
        self.each.with(|runs| match &runs.get(at)?.opening {
            Opening::Open(about) => Some(about.clone()),
            _ => None,
        })
    }

    pub fn set(self, ids: Vec<String>) {
        // The run that stands against the reference may be gone.
        let against = self.address.get("against").filter(|a| ids.iter().skip(1).any(|id| id == a));
        self.address.set(&[("runs", list(ids)), ("against", against)]);
    }

    fn add(self, id: String) {
        let mut ids = self.ids.get_untracked();
        ids.push(id);
        self.set(ids);
    }
}

/// Is its test set to be had?
pub(super) fn is_ready(e: &EvalMetrics) -> bool {
    e.status.as_ref().is_some_and(|s| s.code.0 == 21300)
}

/// Two runs of one model get their versions, and two of one version their own ids.
fn tell_apart(runs: &mut [Run]) {
    let version = |r: &Run| r.evaluation.as_ref().map(|e| measured(e).1).unwrap_or_default();
    for how in [(|r: &Run, v: String| (r.name.clone(), v)) as fn(&Run, String) -> (String, String), |r, _| {
        (r.name.clone(), r.id.clone())
    }] {
        let names: Vec<String> = runs.iter().map(|r| r.name.clone()).collect();
        for run in runs.iter_mut() {
            if names.iter().filter(|n| **n == run.name).count() > 1 {
                let (name, mark) = how(run, version(run));
                if !mark.is_empty() && mark != name {
                    run.name = format!("{name} {}", mark.chars().take(8).collect::<String>());
                }
            }
        }
    }
}

/// The colour of a run: the reference is grey.
pub(super) fn colour(at: usize) -> usize {
    if at == 0 { 8 } else { at }
}

/// The runs as chips, and whether they can be compared at all.
#[component]
pub(super) fn Chips(runs: Runs, board: Memo<Option<Board>>) -> impl IntoView {
    let move_to_front = move |at: usize| {
        let mut ids = runs.ids.get_untracked();
        if at < ids.len() {
            let id = ids.remove(at);
            ids.insert(0, id);
            runs.set(ids);
        }
    };
    let leave = move |id: &str| runs.set(runs.ids.get_untracked().into_iter().filter(|i| i != id).collect());
    let swap = move || view! { <button type="button" class="btn iconly quiet s" aria-label="Swap the runs" title="Swap the runs" on:click=move |_| move_to_front(1)><Icon name="compare"/></button> };
    let chip = move |at: usize, run: Run| {
        let (id, name) = (run.id.clone(), run.name.clone());
        let label = if at == 0 { format!("Reference {name}") } else { name.clone() };
        view! {
            <span class="run-chip"><span class="swatch" style=format!("--c:var(--cat-{})", colour(at))></span>{(at == 0).then(|| view! { <span class="faint">"Reference "</span> })}<a class="lk" href=routes::evaluation(&runs.context.app.get(), &id) title=id.clone()>{name}</a>
                <Popover label=format!("What to do with {label}") icon="down">
                    <div class="stack-s">
                        {(at > 0).then(|| view! { <button type="button" class="btn s" on:click=move |_| move_to_front(at)>"Make it the reference"</button> })}
                        {let id = id.clone(); view! { <button type="button" class="btn s" on:click=move |_| leave(&id)>"Take it out"</button> }}
                    </div>
                </Popover></span>
        }
    };
    view! {
        <div class="row wrap run-chips">
            {move || {
                let all = runs.each();
                let two = all.len() == 2;
                all.into_iter().enumerate().map(|(at, run)| view! { {(two && at == 1).then(swap)}{chip(at, run)} }).collect_view()
            }}
            <span class="small faint" role="status">{move || board.get().and_then(Board::truth_in_words)}</span>
            {move || runs.too_many.get().then(|| view! { <span class="small muted">{format!("The first {MOST} of the address are shown.")}</span> })}
        </div>
    }
}

/// Chooses another run: those of the same dataset first.
#[component]
pub(super) fn Add(runs: Runs, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title="Add a run"><div class="body"><Offered runs=runs done=Callback::new(move |()| open.set(false))/></div>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button></footer>
        </Dialog>
    }
}

/// Evaluations that can be added.
#[component]
pub(super) fn Offered(runs: Runs, done: Callback<()>) -> impl IntoView {
    let context = runs.context;
    let words = RwSignal::new(String::new());
    let all = query(move || {
        Some(ListEvaluations { user_app_id: scope(context), page: 1, per_page: OFFERED, ..ListEvaluations::default() })
    });
    let offered = move || {
        let taken = runs.ids.get();
        let same = runs.each().first().map(|r| r.dataset.clone());
        let words = words.get().to_lowercase();
        let reply = all.value.get()?;
        let fits = |e: &&EvalMetrics| {
            let ((model, version), (data, _)) = (measured(e), measured_on(e));
            !taken.contains(&e.id)
                && is_ready(e)
                && [model, version, data].iter().any(|t| t.to_lowercase().contains(&words))
        };
        let mut found: Vec<EvalMetrics> = reply.eval_metrics.iter().filter(fits).cloned().collect();
        found.sort_by_key(|e| same.as_ref().is_some_and(|s| *s != measured_on(e)));
        Some((found, reply.eval_metrics.len() as u32 >= OFFERED))
    };
    let row = move |e: EvalMetrics| {
        let ((model, version), (data, cut)) = (measured(&e), measured_on(&e));
        let (tone, word) = state(e.status.as_ref());
        let id = e.id.clone();
        let label = format!("Add {model} on {data}");
        view! {
            <li class="row"><span class="truncate"><b>{model}</b>" "<span class="mono small faint">{brief(&version)}</span>" on "{data}" "<span class="small faint">{brief(&cut)}</span></span>
                <span class="push row"><Pill tone=tone text=word/><button type="button" class="btn s" aria-label=label on:click=move |_| { runs.add(id.clone()); done.run(()); }><Icon name="plus"/>"Add"</button></span></li>
        }
    };
    view! {
        <div class="stack-s offered">
            <label class="field"><span>"Model, version or dataset"</span><input class="input" autocomplete="off" prop:value=move || words.get() on:input=move |e| words.set(event_target_value(&e))/></label>
            {move || all.error.get().map(|e| view! { <ErrorPanel what="The evaluations could not be listed" error=e/> })}
            {move || match offered() {
                None => view! { <div class="skel" style="height:120px"></div> }.into_any(),
                Some((found, _)) if found.is_empty() => view! { <p class="muted">"No other evaluation fits. Evaluate another model version on the same dataset version, then compare."</p>
                    <a class="btn" href=routes::evaluations(&context.app.get()) + "?new=1"><Icon name="plus"/>"New evaluation"</a> }.into_any(),
                Some((found, more)) => view! { <ul role="list">{found.into_iter().map(row).collect_view()}</ul>
                    {more.then(|| view! { <p class="small faint">{format!("The first {OFFERED} evaluations are searched; open others from their list.")}</p> })} }.into_any(),
            }}
        </div>
    }
}

/// "digits, version 1": what a run was measured on.
pub(super) fn measured_in_words((data, cut): &(String, String)) -> String {
    match (data.is_empty(), cut.is_empty()) {
        (true, _) => "all inputs".to_owned(),
        (false, true) => data.clone(),
        (false, false) => format!("{data}, version {}", brief(cut)),
    }
}

/// How a run stands that cannot be compared yet.
pub(super) fn tone(run: &Run) -> (Tone, &'static str) {
    run.evaluation.as_ref().map_or((Tone::Idle, "Looked for"), |e| state(e.status.as_ref()))
}

/// `899 inputs`.
pub(super) fn inputs(n: u32) -> String {
    format::of(i64::from(n), "input", "inputs")
}
