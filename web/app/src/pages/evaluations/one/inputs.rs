//! The inputs behind a number, with truth and prediction drawn.

use super::address::{KINDS, list};
use super::page::{Page, answer};
use super::pair_card::PairCard;
use super::pair_detail::PairDetail;
use super::trouble::Trouble;
use crate::charts::Print;
use crate::components::{Choice, Icon};
use crate::explore::asked;
use crate::format;
use labelscope_messages::evaluation::{Explore, Explored, PairFilter, PairKind, PairOrder};
use leptos::prelude::*;

/// Cards of a page.
const PAGE: u32 = 48;

/// How they can be sorted: in the address, and in words.
const ORDERS: [(&str, PairOrder, &str); 5] = [
    ("", PairOrder::Score, "Surest first"),
    ("unsure", PairOrder::ScoreUp, "Least sure first"),
    ("overlap", PairOrder::Overlap, "Largest overlap first"),
    ("loss", PairOrder::Loss, "Largest loss first: the label may be wrong"),
    ("input", PairOrder::Input, "As the test set has them"),
];

/// Kinds of errors, in the address and in words.
pub(super) const ERRORS: [(&str, &str); 6] = [
    ("class", "Wrong class"),
    ("localisation", "Wrong place"),
    ("both", "Wrong class and place"),
    ("duplicate", "Found twice"),
    ("background", "Nothing there"),
    ("missed", "Missed"),
];

pub(super) fn word(kind: PairKind) -> &'static str {
    match kind {
        PairKind::TruePositive => "Right",
        PairKind::FalsePositive => "False positives",
        PairKind::FalseNegative => "Missed",
        PairKind::TrueNegative => "Rightly absent",
        PairKind::Ignored => "Ignored",
    }
}

#[component]
pub(super) fn Inputs(page: Page) -> impl IntoView {
    let address = page.address;
    let (order, number, shown) = (address.part("by"), address.part("page"), address.part("shown"));
    let order = Memo::new(move |_| {
        let by = order.get().unwrap_or_default();
        ORDERS.iter().find(|o| o.0 == by).map_or(PairOrder::Score, |o| o.1)
    });
    let number = Memo::new(move |_| number.get().and_then(|n| n.parse::<u32>().ok()).unwrap_or(1).max(1));
    let filter = Memo::new(move |_| page.filter());
    let asked = asked(move || {
        Some(Explore::Pairs {
            run: page.run(),
            at: page.at(),
            filter: filter.get(),
            order: order.get(),
            offset: (number.get() - 1) * PAGE,
            limit: PAGE,
        })
    });
    let found = answer(asked, |e| if let Explored::Pairs(p) = e { Some(p) } else { None });
    let total = move || found.with(|f| f.as_ref().map_or(0, |f| f.total));
    let open = Callback::new(move |input: u32| address.set(&[("shown", Some(input.to_string()))]));
    let go = move |to: u32| address.set(&[("page", Some(to).filter(|p| *p > 1).map(|p| p.to_string()))]);
    let input = Memo::new(move |_| shown.get().and_then(|s| s.parse::<u32>().ok()));
    view! {
        <Filters page=page filter=filter order=order/>
        <Trouble asked=asked what="The inputs could not be shown"/>
        {move || {
            let Some(found) = found.get() else {
                return view! { <ul class="gallery pairs" aria-busy="true">{(0..12).map(|_| view! { <li class="skel pair-card"></li> }).collect_view()}</ul> }.into_any();
            };
            if found.pairs.is_empty() {
                return view! { <div class="empty"><h2>"Nothing matches"</h2><p>"No pair of truth and prediction meets all conditions at this threshold."</p>
                    <div class="actions"><a class="btn" href=move || address.view("inputs")>"Show all inputs"</a></div></div> }.into_any();
            }
            let cards = found.pairs.iter().map(|p| view! { <PairCard page=page pair=p.clone() open=open/> }).collect_view();
            view! { <ul class="gallery pairs">{cards}</ul> }.into_any()
        }}
        <div class="statusbar inner" role="status">
            <span>{move || found.with(|f| f.as_ref().map(|f| format!("{} on {}", format::of(i64::from(f.total), "pair", "pairs"), format::of(i64::from(f.inputs), "input", "inputs"))))}</span>
            <span class="legend"><span><i class="line-key truth"></i>"true"</span><span><i class="line-key said"></i>"predicted"</span></span>
            {move || (total() > PAGE).then(|| { let at = number.get(); let last = total().div_ceil(PAGE); view! { <span class="push row">
                <button type="button" class="btn s" disabled={at <= 1} on:click=move |_| go(at - 1)>"Previous"</button><span>{format!("Page {at} of {last}")}</span>
                <button type="button" class="btn s" disabled={at >= last} on:click=move |_| go(at + 1)>"Next"</button></span> } })}
        </div>
        <PairDetail page=page input=input close=Callback::new(move |()| address.set(&[("shown", None)]))/>
    }
}

#[component]
fn Filters(page: Page, filter: Memo<PairFilter>, order: Memo<PairOrder>) -> impl IntoView {
    let address = page.address;
    let about = page.about();
    let some = |v: String| Some(v).filter(|v| !v.is_empty());
    // Another filter begins at its first page.
    let set = move |name: &'static str, value: Option<String>| address.set(&[(name, value), ("page", None)]);
    let toggle = move |kind: PairKind| {
        let mut kinds = filter.get_untracked().kinds;
        match kinds.iter().position(|k| *k == kind) {
            Some(at) => drop(kinds.remove(at)),
            None => kinds.push(kind),
        }
        set("outcome", list(KINDS.iter().filter(|k| kinds.contains(&k.1)).map(|k| k.0.to_owned())));
    };
    let offered = if about.detection {
        vec![PairKind::TruePositive, PairKind::FalsePositive, PairKind::FalseNegative, PairKind::Ignored]
    } else {
        vec![PairKind::TruePositive, PairKind::FalsePositive, PairKind::FalseNegative, PairKind::TrueNegative]
    };
    let classes: Vec<(String, String)> = std::iter::once((String::new(), "All classes".to_owned()))
        .chain((0..about.concepts.len() as u32).map(|c| (page.id(c), page.name(c))))
        .collect();
    let classes = StoredValue::new(classes);
    let errors = std::iter::once((String::new(), "All errors".to_owned()))
        .chain(ERRORS.iter().map(|e| (e.0.to_owned(), e.1.to_owned())))
        .collect::<Vec<_>>();
    let errors = StoredValue::new(errors);
    let side = move |side: Option<u32>| side.map_or_else(|| "none".to_owned(), |c| page.name(c));
    let cell = move || {
        filter.with(|f| match (f.truth, f.predicted) {
            (None, None) => None,
            (Some(t), None) => Some(format!("True {}", side(t))),
            (None, Some(p)) => Some(format!("Predicted {}", side(p))),
            (Some(t), Some(p)) => Some(format!("True {}, predicted {}", side(t), side(p))),
        })
    };
    let edge = move |upper: bool| {
        filter
            .with(|f| f.scores.map(|s| if upper { s.1 } else { s.0 }))
            .map(|v| Print::Plain(2).of(v))
            .unwrap_or_default()
    };
    let score = move |name: &'static str, text: String| {
        let value = text.trim().replace(',', ".").parse::<f64>().ok().filter(|v| (0.0..=1.0).contains(v));
        set(name, value.map(|v| v.to_string()));
    };
    view! {
        <div class="toolbar pair-filters" role="group" aria-label="Which inputs">
            <label class="search"><Icon name="search"/><span class="vh">"Search inputs"</span>
                <input type="search" placeholder="Part of an input's id" prop:value=move || filter.with(|f| f.words.clone()) on:change=move |e| set("words", some(event_target_value(&e)))/></label>
            {offered.into_iter().map(|kind| view! { <button type="button" class="chip" aria-pressed=move || filter.with(|f| f.kinds.contains(&kind)).to_string() on:click=move |_| toggle(kind)>{word(kind)}</button> }).collect_view()}
            <Choice label="Class" quiet=true value=Signal::derive(move || filter.with(|f| f.concept).map(|c| page.id(c)).unwrap_or_default()) options=Signal::derive(move || classes.get_value()) change=Callback::new(move |v| set("concept", some(v)))/>
            {about.detection.then(|| view! { <Choice label="Kind of error" quiet=true value=Signal::derive(move || filter.with(|f| f.error.clone()).unwrap_or_default()) options=Signal::derive(move || errors.get_value()) change=Callback::new(move |v| set("error", some(v)))/> })}
            <span class="row scores"><span class="small muted">"Score"</span>
                <input class="input" inputmode="decimal" aria-label="Score from" placeholder="0" prop:value=move || edge(false) on:change=move |e| score("from", event_target_value(&e))/>
                <span class="small muted">"to"</span>
                <input class="input" inputmode="decimal" aria-label="Score up to" placeholder="1" prop:value=move || edge(true) on:change=move |e| score("to", event_target_value(&e))/></span>
            <Choice label="Order" quiet=true value=Signal::derive(move || ORDERS.iter().find(|o| o.1 == order.get()).map_or("", |o| o.0).to_owned())
                options=Signal::derive(|| ORDERS.iter().map(|o| (o.0.to_owned(), o.2.to_owned())).collect()) change=Callback::new(move |v| set("by", some(v)))/>
            {move || cell().map(|words| view! { <span class="chip on">{words.clone()}<button type="button" class="x" aria-label=format!("Remove {words}") on:click=move |_| address.set(&[("truth", None), ("predicted", None), ("page", None)])><Icon name="x"/></button></span> })}
        </div>
    }
}
