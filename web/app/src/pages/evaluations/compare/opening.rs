//! What stands here while the runs cannot be compared: none or one of them, one that failed, or test sets on their way.

use super::super::why;
use super::runs::{Offered, Run, Runs, is_ready, measured_in_words, tone};
use crate::components::{Icon, Pill, Progress};
use crate::explore::Opening;
use crate::routes;
use leptos::prelude::*;

#[component]
pub(super) fn Standing(runs: Runs, adding: RwSignal<bool>) -> impl IntoView {
    let context = runs.context;
    let kind = Memo::new(move |_| runs.ids.with(Vec::len).min(2));
    move || {
        match kind.get() {
        0 => view! { <section class="empty"><h2>"Compare evaluations"</h2><p>"Choose two to five evaluations of the same dataset version. The first is the reference that the others are measured against."</p>
            <div class="actions"><button type="button" class="btn primary" on:click=move |_| adding.set(true)><Icon name="plus"/>"Choose a run"</button><a class="btn" href=routes::evaluations(&context.app.get())>"All evaluations"</a></div></section> }.into_any(),
        1 => view! { <section class="stack" aria-label="Choose another run"><div><h2>"One run only"</h2><p class="muted">"Choose what it is compared with. Evaluations of the same dataset version come first."</p></div>
            <Each runs=runs/><Offered runs=runs done=Callback::new(|()| ())/></section> }.into_any(),
        _ => view! { <Each runs=runs/> }.into_any(),
    }
    }
}

/// How each run stands.
#[component]
fn Each(runs: Runs) -> impl IntoView {
    let context = runs.context;
    let line = move |run: Run| {
        let id = run.id.clone();
        let link = routes::evaluation(&context.app.get(), &id);
        let bad = |says: String, advice: &'static str| {
            view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>{format!("{} cannot be compared", run.name)}</strong><span>{says}</span><span>{advice}</span></div>
                <a href=link.clone()>"Open the evaluation"</a><button type="button" class="btn s" on:click={ let id = id.clone(); move |_| runs.set(runs.ids.get_untracked().into_iter().filter(|i| *i != id).collect()) }>"Take it out"</button></div> }.into_any()
        };
        match (&run.evaluation, &run.opening) {
            (None, _) if run.missing => bad(format!("There is no evaluation {id} in this app, or it cannot be read."), "Take it out, or check the link."),
            (None, _) => view! { <div class="skel" style="height:44px"></div> }.into_any(),
            (Some(e), _) if !is_ready(e) => {
                if let Some(reason) = why(e.status.as_ref()) {
                    bad(reason, "Evaluate again, or take it out.")
                } else {
                    let (tone, word) = tone(&run);
                    view! { <div class="banner run" role="status"><Icon name="run"/><span>{format!("{} is still being evaluated; it is compared once it is done.", run.name)}</span><Pill tone=tone text=word/><a href=link>"Open the evaluation"</a></div> }.into_any()
                }
            }
            (Some(_), Opening::Failed(reason)) => bad(reason.clone(), "Reload the page, or take it out."),
            (Some(_), Opening::Coming(done, total)) => {
                let (label, detail) = (format!("Test set of {}", run.name), measured_in_words(&run.dataset));
                let (done, total) = (f64::from(*done), f64::from(*total));
                view! { <Progress label=label detail=detail done=done total=total/> }.into_any()
            }
            (Some(_), Opening::Open(_)) => view! { <p class="row small muted"><Icon name="ok"/>{format!("{} on {} is ready", run.name, measured_in_words(&run.dataset))}</p> }.into_any(),
        }
    };
    view! { <div class="stack-s">{move || runs.each().into_iter().map(line).collect_view()}</div> }
}
