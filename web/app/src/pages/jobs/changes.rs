//! Bulk operations: changes to many inputs at once.

use super::followed::{Kind, followed};
use super::standing::{about, change, ended_early, goes_on, standing, why};
use super::{Line, single};
use crate::components::{ErrorPanel, Pill, Progress};
use crate::data::{Context, context, mutate, query, scope, tick_to_end};
use crate::{format, routes};
use labelscope_api::messages::BulkOperation;
use labelscope_api::operations::{CancelBulkOperations, GetBulkOperation, ListBulkOperations, PostBulkOperations};
use leptos::prelude::*;
use leptos::task::spawn_local;

fn cancel(context: Context, id: String) {
    spawn_local(async move {
        match mutate(context, &CancelBulkOperations { user_app_id: scope(context), ids: vec![id] }).await {
            Ok(_) => context.good("Cancelled; what was changed stays"),
            Err(error) => context.failed("The change was not cancelled", &error),
        }
    });
}

/// The same change to the same inputs once more.
fn again(context: Context, op: BulkOperation) {
    let BulkOperation { input_ids, search, dataset, annotation_search, operation, .. } = op;
    let op = BulkOperation { input_ids, search, dataset, annotation_search, operation, ..BulkOperation::default() };
    spawn_local(async move {
        match mutate(context, &PostBulkOperations { user_app_id: scope(context), bulk_operations: vec![op] }).await {
            Ok(_) => context.good("Begun anew"),
            Err(error) => context.failed("The change was not begun", &error),
        }
    });
}

/// `85 inputs changed`.
fn processed(op: &BulkOperation) -> String {
    let n = op.progress.as_ref().map_or(0, |p| p.processed);
    format!("{} gone through", format::of(i64::from(n), "input", "inputs"))
}

/// How far it is: by the share that the API tells.
fn far(op: &BulkOperation) -> (String, String, f64, f64) {
    let percent = op.status.as_ref().map_or(0, |s| s.percent_completed);
    let (done, total) = if percent > 0 { (f64::from(percent), 100.0) } else { (0.0, 0.0) };
    ("changing inputs".to_owned(), processed(op), done, total)
}

fn line(app: &str, op: &BulkOperation) -> Line {
    let (runs, early) = (goes_on(op.status.as_ref()), ended_early(op.status.as_ref()));
    let why = why(op.status.as_ref());
    let mut verbs = Vec::new();
    if runs {
        verbs.push("Cancel");
    }
    if early && op.operation.is_some() {
        verbs.push("Try again");
    }
    Line {
        id: op.id.clone(),
        icon: "sliders",
        title: change(op),
        to: Some(routes::job(app, "changes", &op.id)),
        about: about(op),
        standing: standing(op.status.as_ref()),
        far: runs.then(|| far(op)),
        outcome: if why.is_empty() { processed(op) } else { why },
        at: op.created_at,
        took: String::new(),
        download: String::new(),
        verbs,
    }
}

#[component]
pub(super) fn List() -> impl IntoView {
    followed::<ListBulkOperations>(Kind {
        failed: "The changes could not be listed",
        none: ("No bulk changes yet", "A change to all inputs that match a search, or of a dataset, shows here."),
        caption: "Bulk changes, newest first",
        goes_on: |op| goes_on(op.status.as_ref()),
        line,
        act: |context, verb, op| if verb == "Cancel" { cancel(context, op.id) } else { again(context, op) },
    })
}

#[component]
pub(super) fn One(id: Memo<String>) -> impl IntoView {
    single("changes", "Bulk changes", id, view! { <Change id=id total=0.0/> }.into_any())
}

/// One bulk operation, followed to its end. Also in the dialog that began it.
#[component]
pub(crate) fn Change(
    #[prop(into)] id: Signal<String>,
    /// How many inputs it is about; 0 where that is not known.
    #[prop(into)]
    total: Signal<f64>,
) -> impl IntoView {
    let context = context();
    let tick = RwSignal::new(0);
    let reply = query(move || {
        tick.track();
        context.jobs.track();
        Some(GetBulkOperation { user_app_id: scope(context), id: id.get() }).filter(|op| !op.id.is_empty())
    });
    let op = Memo::new(move |_| reply.value.get().and_then(|r| r.bulk_operation.clone()));
    let runs = Memo::new(move |_| op.with(|o| o.as_ref().is_some_and(|o| goes_on(o.status.as_ref()))));
    tick_to_end(context, tick, runs);
    let text =
        move |f: fn(&BulkOperation) -> String| Memo::new(move |_| op.with(|o| o.as_ref().map(f).unwrap_or_default()));
    let (what, which, done) = (text(change), text(about), text(processed));
    let (bad, begun, by) =
        (text(|o| why(o.status.as_ref())), text(|o| format::time(o.created_at)), text(|o| o.created_by.clone()));
    let pill = Memo::new(move |_| op.with(|o| o.as_ref().map(|o| standing(o.status.as_ref()))));
    let early = Memo::new(move |_| {
        op.with(|o| o.as_ref().is_some_and(|o| ended_early(o.status.as_ref()) && o.operation.is_some()))
    });
    let share = Signal::derive(move || {
        let processed = op.with(|o| o.as_ref().and_then(|o| o.progress.as_ref().map(|p| f64::from(p.processed))));
        let (_, _, done, hundred) = op.with(|o| o.as_ref().map(far).unwrap_or_default());
        if total.get() > 0.0 { (processed.unwrap_or(0.0), total.get()) } else { (done, hundred) }
    });
    view! {
        {move || reply.error.get().map(|e| view! { <ErrorPanel what="The change could not be looked at" error=e/> })}
        {move || op.with(Option::is_none).then(|| view! { <div class="skel" style="height:96px"></div> })}
        <h2>{what}</h2>
        <div class="row wrap" role="status">{move || pill.get().map(|(tone, word)| view! { <Pill tone=tone text=word/> })}<span>{done}</span>
            {move || runs.get().then(|| view! { <button type="button" class="btn s push" on:click=move |_| cancel(context, id.get_untracked())>"Cancel change"</button> })}
            {move || early.get().then(|| view! { <button type="button" class="btn s push" on:click=move |_| if let Some(op) = op.get_untracked() { again(context, op) }>"Try again"</button> })}</div>
        {move || runs.get().then(|| view! { <Progress label="changing inputs" detail=done done=Signal::derive(move || share.get().0) total=Signal::derive(move || share.get().1)/> })}
        {move || runs.get().then(|| view! { <p class="small muted">"It goes on when this is closed."</p> })}
        {move || Some(bad.get()).filter(|w| !w.is_empty()).map(|w| view! { <p class="why" role="alert">{w}</p> })}
        {move || op.with(Option::is_some).then(|| view! { <dl class="kv"><dt>"Inputs"</dt><dd>{which}</dd><dt>"Begun"</dt><dd>{begun}</dd><dt>"By"</dt><dd>{by}</dd></dl> })}
    }
}
