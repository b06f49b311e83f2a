//! Two to five runs beside each other. The first is the reference; one of the others stands against it in all views.
#![allow(clippy::large_types_passed_by_value, reason = "a board is a bundle of handles, which are copied")]

mod against;
mod board;
mod classes;
mod curves;
mod differences;
mod ledger;
mod matrix;
mod opening;
mod runs;

use super::one::Address;
use super::{brief, in_work};
use crate::app::{copy, title};
use crate::charts::Slider;
use crate::components::Icon;
use crate::data::{context, look_while};
use crate::routes;
use board::Board;
use leptos::prelude::*;
use runs::{MOST, Runs};

#[component]
pub(crate) fn Compare() -> impl IntoView {
    let context = context();
    let address = Address::new();
    let runs = Runs::new(context, address);
    look_while(context, move || {
        runs.each().iter().any(|r| r.evaluation.as_ref().is_some_and(|e| in_work(e.status.as_ref())))
    });
    let name = Memo::new(move |_| {
        let names: Vec<String> = runs.each().into_iter().map(|r| r.name).collect();
        match names.as_slice() {
            [] => "Compare runs".to_owned(),
            [one] => format!("Compare {one}"),
            [all @ .., last] => format!("{} and {last}", all.join(", ")),
        }
    });
    Effect::new(move |_| title(&name.get()));
    let dataset = move || runs.each().first().map(|r| r.dataset.0.clone()).filter(|d| !d.is_empty());
    let copy_link = move |_| {
        if let Ok(link) = window().location().href() {
            copy(&link);
            context.good("Link copied");
        }
    };
    let adding = RwSignal::new(false);
    let full = move || runs.ids.with(|ids| ids.len() >= MOST);
    let board = Memo::new_with_compare(
        move |_| runs.open.get().then(|| Board::new(context, address, runs)),
        |a, b| a.map(Option::is_some) != b.map(Option::is_some),
    );
    view! {
        <div class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || routes::evaluations(&context.app.get())>"Evaluations"</a></li>
                {move || dataset().map(|d| view! { <li><a href=routes::dataset(&context.app.get(), &d)>{brief(&d)}</a></li> })}<li><span aria-current="page">"Compare"</span></li></ol></nav>
            <div class="page-title"><h1>"Compare runs"</h1><div class="actions">
                <button type="button" class="btn hide-phone" on:click=copy_link><Icon name="link"/>"Copy link"</button>
                <button type="button" class="btn" disabled=full title=move || full().then(|| format!("At most {MOST} runs stand beside each other")) on:click=move |_| adding.set(true)><Icon name="plus"/>"Add run"</button></div></div>
            <runs::Chips runs=runs board=board/>
        </div>
        {move || board.get().map(|board| view! { <Strip board=board/> })}
        <div class="scroll" tabindex="0" role="region" aria-label="Comparison"><div class="page-body">
            {move || match board.get() {
                Some(board) => view! { <Shown board=board/> }.into_any(),
                None => view! { <opening::Standing runs=runs adding=adding/> }.into_any(),
            }}
        </div></div>
        <runs::Add runs=runs open=adding/>
    }
}

/// What all views depend on.
#[component]
fn Strip(board: Board) -> impl IntoView {
    let at = board.address.at;
    let detection = board.detection;
    view! {
        <div class="strip" role="group" aria-label="Settings of all views">
            <Slider label="Threshold" value=Signal::derive(move || at.get().threshold) change=Callback::new(move |v: f64| at.update(|s| s.threshold = v))>
                <button type="button" class="btn s" on:click=move |_| at.update(|s| s.threshold = 0.5)>"Reset"</button>
            </Slider>
            {move || detection.get().then(|| view! { <Slider label="Overlap (IoU)" value=Signal::derive(move || at.get().iou) change=Callback::new(move |v: f64| at.update(|s| s.iou = v)) min=0.5 max=0.95 step=0.05/> })}
            {move || board.single.get().then(|| view! { <span class="small faint hide-phone">"Each input has one class: its highest score decides, the threshold bears on points of curves alone."</span> })}
        </div>
    }
}

#[component]
fn Shown(board: Board) -> impl IntoView {
    // Where nothing can be computed there is nothing but the reason.
    let broken = Memo::new(move |_| board.asked.error.get().is_some() && board.compared.with(Option::is_none));
    view! {
        <div class="cols compare">
            <super::one::Trouble asked=board.asked what="The runs could not be compared"/>
            {move || (!broken.get()).then(|| view! {
                <differences::Differences board=board/>
                <against::Against board=board/>
                <ledger::LedgerCard board=board/>
                <classes::Classes board=board/>
                <matrix::MatrixDifference board=board/>
                <curves::CurvesOfRuns board=board/>
            })}
        </div>
    }
}
