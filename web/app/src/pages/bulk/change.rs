//! One change to many inputs: what is changed, what it touches, and how far it is. The server does it as a job.

use super::Target;
use super::operation::{Form, KINDS};
use crate::components::{Choice, Dialog, Icon};
use crate::data::{context, mutate, scope};
use crate::pages::jobs::{Change, change};
use crate::{format, routes};
use labelscope_api::messages::{BulkOperation, BulkOperationKind};
use labelscope_api::operations::PostBulkOperations;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, PartialEq)]
enum Step {
    Choosing,
    /// What will be done, to be confirmed.
    Asking(Box<BulkOperationKind>),
    Following(String),
}

#[component]
pub(crate) fn ChangeMany(
    open: RwSignal<bool>,
    #[prop(into)] target: Signal<Option<Target>>,
    /// How many inputs that is; none where the API does not tell.
    #[prop(into)]
    total: Signal<Option<i64>>,
    /// Begun: what is picked may be let go.
    begun: Callback<()>,
) -> impl IntoView {
    let context = context();
    let form = Form::new();
    let step = RwSignal::new(Step::Choosing);
    let (wrong, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    // What it was about when it began; the page may show something else by now.
    let touched = RwSignal::new(0.0);
    Effect::new(move |_| {
        if open.get() {
            step.set(Step::Choosing);
            form.clear();
            wrong.set(None);
        }
    });
    let inputs = move || match total.get() {
        Some(n) => format::of(n, "input", "inputs"),
        None => "all inputs".to_owned(),
    };
    let which = move || match target.get() {
        Some(Target::Ids(_)) => format!("{} that you picked", inputs()),
        Some(Target::Dataset(id)) => format!("{} of dataset {id}", inputs()),
        Some(Target::Search(s)) if s.query.as_ref().is_none_or(|q| q.filters.is_empty() && q.ranks.is_empty()) => {
            format!("{} of the app", inputs())
        }
        Some(Target::Search(_) | Target::OnOne(_)) => format!("{} that match the search", inputs()),
        None => inputs(),
    };
    let next = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        match form.read() {
            Ok(kind) => {
                wrong.set(None);
                step.set(Step::Asking(Box::new(kind)));
            }
            Err(why) => wrong.set(Some(why)),
        }
    };
    let go = Callback::new(move |kind: BulkOperationKind| {
        let Some(target) = target.get_untracked() else { return };
        busy.set(true);
        touched.set(total.get_untracked().unwrap_or(0) as f64);
        let op = PostBulkOperations { user_app_id: scope(context), bulk_operations: vec![target.operation(kind)] };
        spawn_local(async move {
            let outcome = mutate(context, &op).await;
            busy.try_set(false);
            match outcome.map(|r| r.bulk_operation.into_iter().next().unwrap_or_default()) {
                Ok(op) => {
                    step.try_set(Step::Following(op.id));
                    begun.run(());
                }
                Err(error) => {
                    step.try_set(Step::Choosing);
                    wrong.try_set(Some(format!("{error} {}", error.advice())));
                }
            }
        });
    });
    view! {
        <Dialog open=open title="Change inputs" class="add-inputs">
            {move || match step.get() {
                Step::Choosing => view! {
                    <form id="change-many" class="body" on:submit=next>
                        <p>"Applies to "<strong>{which}</strong>"."</p>
                        <Choice label="Change" value=form.kind options=Signal::derive(|| KINDS.iter().map(|(k, w)| ((*k).to_owned(), (*w).to_owned())).collect::<Vec<_>>()) change=Callback::new(move |k| { wrong.set(None); form.kind.set(k); })/>
                        {form.view()}
                        {move || wrong.get().map(|why| view! { <p class="why" role="alert">{why}</p> })}
                    </form>
                    <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="change-many" class="btn primary">"Review"</button></footer>
                }.into_any(),
                Step::Asking(kind) => {
                    let said = change(&BulkOperation { operation: Some((*kind).clone()), ..BulkOperation::default() });
                    let (danger, nothing) = (kind.delete_annotations.is_some(), move || total.get() == Some(0));
                    let some = danger && matches!(target.get_untracked(), Some(Target::OnOne(_)));
                    view! {
                        <div class="body"><h3 tabindex="-1">{said}</h3><p>"This touches "<strong>{which}</strong>"."</p>
                            <p class="small muted">{if some { "The annotations that meet the conditions go; others of these inputs stay. Versions that are frozen keep them. This cannot be undone." } else if danger { "Every annotation of these inputs goes, with its boxes and labels. Versions that are frozen keep them. This cannot be undone." } else { "Versions that are frozen stay as they are. It goes on as a job when this is closed." }}</p></div>
                        <footer><button type="button" class="btn" on:click=move |_| step.set(Step::Choosing)>"Back"</button>
                            <button type="button" class="btn" class:primary=!danger class:danger=danger disabled=move || busy.get() || nothing() on:click=move |_| go.run((*kind).clone())>{danger.then(|| view! { <Icon name="trash"/> })}{move || format!("{} {}", if danger { "Delete annotations of" } else { "Change" }, inputs())}</button></footer>
                    }.into_any()
                }
                Step::Following(id) => view! {
                    <div class="body"><Change id=id.clone() total=touched/></div>
                    <footer><a class="btn" href=routes::job(&context.app.get_untracked(), "changes", &id) on:click=move |_| open.set(false)>"Open in Jobs"</a><button type="button" class="btn primary" on:click=move |_| open.set(false)>"Close"</button></footer>
                }.into_any(),
            }}
        </Dialog>
    }
}
