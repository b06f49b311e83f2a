//! All inputs of the app, in order of arrival.

use super::dataset::grid;
use super::shapes;
use super::shot::Viewer;
use crate::app::title;
use crate::components::{ErrorPanel, Icon};
use crate::data::{context, query, scope};
use crate::{format, routes};
use labelscope_api::messages::Input;
use labelscope_api::operations::{GetInputCount, ListAnnotations, StreamInputs};
use leptos::prelude::*;
use leptos_router::hooks::query_signal;

const PAGE: u32 = 48;

#[component]
pub(crate) fn Inputs() -> impl IntoView {
    let context = context();
    title("Inputs");
    // The page after this input; the stream is as quick at its end as at its start.
    let (after, set_after) = query_signal::<String>("after");
    let (shown, set_shown) = query_signal::<String>("input");
    let inputs = query(move || {
        let _ = context.app.get();
        Some(StreamInputs {
            user_app_id: scope(context),
            per_page: PAGE,
            last_id: after.get().unwrap_or_default(),
            ..StreamInputs::default()
        })
    });
    let count = query(move || {
        let _ = context.app.get();
        Some(GetInputCount { user_app_id: scope(context) })
    });
    let ids = Memo::new(move |_| {
        inputs.value.get().map(|r| r.inputs.iter().map(|i| i.id.clone()).collect::<Vec<_>>()).unwrap_or_default()
    });
    let annotations = query(move || {
        let input_ids = ids.get();
        (!input_ids.is_empty()).then(|| ListAnnotations {
            user_app_id: scope(context),
            input_ids,
            per_page: 1000,
            ..ListAnnotations::default()
        })
    });
    // The most used concepts of this page have a colour of their own.
    let colours =
        Memo::new(move |_| annotations.value.get().map(|r| shapes::colours_of(&r.annotations)).unwrap_or_default());
    let open = Callback::new(move |id: String| set_shown.set(Some(id)));
    let total = move || count.value.get().and_then(|r| r.counts.as_ref().map(|c| i64::from(c.processed))).unwrap_or(0);
    view! {
        <div class="page-head flat"><div class="page-title"><h1>"Inputs"</h1><div class="actions"><a class="btn primary grow" href=move || routes::import(&context.app.get(), "")><Icon name="upload"/>"Import"</a></div></div></div>
        <div class="scroll" tabindex="0" role="region" aria-label="Inputs" style="border-top:1px solid var(--border)">
            {move || inputs.error.get().map(|e| view! { <ErrorPanel what="The inputs could not be listed" error=e/> })}
            {move || {
                let Some(reply) = inputs.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:320px"></div></div> }.into_any() };
                if reply.inputs.is_empty() {
                    return view! { <div class="empty"><h2>{if after.get().is_some() { "That was the last input" } else { "No inputs yet" }}</h2><p>"Inputs are the pictures and texts of an app, in all its datasets."</p>
                        <div class="actions"><a class="btn primary" href=routes::import(&context.app.get(), "")><Icon name="upload"/>"Import a dataset"</a></div></div> }.into_any();
                }
                let list: Vec<Input> = reply.inputs.clone();
                let said = annotations.value.get().map(|r| r.annotations.clone()).unwrap_or_default();
                grid(list, &said, &colours.get(), open).into_any()
            }}
        </div>
        <div class="statusbar"><span>{move || format::of(total(), "input", "inputs")}</span>
            <button type="button" class="btn s" disabled=move || after.get().is_none() on:click=move |_| set_after.set(None)>"First"</button>
            <button type="button" class="btn s" disabled=move || { ids.get().len() < PAGE as usize } on:click=move |_| set_after.set(ids.get_untracked().last().cloned())>"Next"</button></div>
        <Viewer id=Signal::derive(move || shown.get().unwrap_or_default()) close=Callback::new(move |()| set_shown.set(None)) colours=colours/>
    }
}
