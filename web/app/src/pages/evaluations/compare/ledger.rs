//! Input by input: what each run says of it, and what became of it.

mod pages;

use super::super::one::{list, listed, thumbnail};
use super::board::Board;
use crate::charts::{Corner, Head, LongTable, Print, Table, csv, save};
use crate::components::{Icon, Pill, Tone};
use crate::explore::ask;
use crate::{format, routes};
use labelscope_messages::evaluation::{Explore, Explored, LedgerLine, Outcome, Pick};
use leptos::prelude::*;
use leptos::task::spawn_local;
use pages::Pages;

/// In the address, and on the chips.
const OUTCOMES: [(&str, Outcome, &str); 4] = [
    ("fixed", Outcome::Fixed, "Fixed"),
    ("broken", Outcome::Broken, "Broken"),
    ("wrong", Outcome::StillWrong, "Still wrong"),
    ("right", Outcome::StillRight, "Still right"),
];

/// Lines that are asked for at a time for a file.
const AT_ONCE: u32 = 1000;

pub(super) fn corner_of(outcome: Outcome) -> Corner {
    match outcome {
        Outcome::Fixed => Corner::Fixed,
        Outcome::Broken => Corner::Broken,
        Outcome::StillWrong => Corner::BothWrong,
        Outcome::StillRight => Corner::BothRight,
    }
}

pub(super) fn outcome_of(corner: Corner) -> Outcome {
    match corner {
        Corner::Fixed => Outcome::Fixed,
        Corner::Broken => Outcome::Broken,
        Corner::BothWrong => Outcome::StillWrong,
        Corner::BothRight => Outcome::StillRight,
    }
}

fn word(outcome: Outcome) -> (Tone, &'static str) {
    match outcome {
        Outcome::Fixed => (Tone::Ok, "Fixed"),
        Outcome::Broken => (Tone::Bad, "Broken"),
        Outcome::StillWrong => (Tone::Warn, "Still wrong"),
        Outcome::StillRight => (Tone::Idle, "Still right"),
    }
}

/// Which outcomes are shown: what changed, unless the address says otherwise.
pub(super) fn outcomes(board: Board) -> Vec<Outcome> {
    match board.address.get("outcome") {
        None => vec![Outcome::Fixed, Outcome::Broken],
        words => {
            let words = listed(words);
            OUTCOMES.iter().filter(|o| words.iter().any(|w| w == o.0)).map(|o| o.1).collect()
        }
    }
}

pub(super) fn choose(board: Board, wanted: &[Outcome]) {
    let words = OUTCOMES.iter().filter(|o| wanted.contains(&o.1)).map(|o| o.0.to_owned());
    let usual = wanted.len() == 2 && wanted.contains(&Outcome::Fixed) && wanted.contains(&Outcome::Broken);
    // No chip at all is a choice too: all lines.
    let text = list(words).unwrap_or_else(|| "all".to_owned());
    board.address.set(&[("outcome", (!usual).then_some(text))]);
}

/// The runs of a question: the one that is shown comes last.
fn ordered(board: Board) -> Vec<String> {
    let at = board.shown.get();
    let mut ids = board.runs.ids.get();
    if at < ids.len() {
        let shown = ids.remove(at);
        ids.push(shown);
    }
    ids
}

#[component]
pub(super) fn LedgerCard(board: Board) -> impl IntoView {
    let address = board.address;
    let (concept, words) = (address.part("concept"), address.part("words"));
    let pages = Pages::new(move || {
        // Not before the runs are known to be comparable.
        board.compared.with(Option::is_some).then(|| {
            let pick =
                Pick { outcomes: outcomes(board), concept: concept.get(), words: words.get().unwrap_or_default() };
            (ordered(board), address.at.get(), pick)
        })
    });
    let counts = move |i: usize| pages.counts.with(|c| c.get(i).copied().map(|n| format::count(i64::from(n))));
    let toggle = move |of: Outcome| {
        let mut now = untrack(|| outcomes(board));
        match now.iter().position(|o| *o == of) {
            Some(at) => drop(now.remove(at)),
            None => now.push(of),
        }
        choose(board, &now);
    };
    let chips = move || {
        OUTCOMES.iter().enumerate().map(|(i, (_, of, name))| {
        let of = *of;
        view! { <button class="chip" type="button" aria-pressed=move || outcomes(board).contains(&of).to_string() on:click=move |_| toggle(of)>{*name}" "<span class="count">{move || counts(i)}</span></button> }
    }).collect_view()
    };
    let score = move || if board.detection.get() { "F1" } else { "score" };
    let head = move || {
        view! { <tr><th scope="col">"Input"</th><th scope="col">{move || if board.detection.get() { "Objects" } else { "True" }}</th>
        <th scope="col">{move || board.reference()}</th><th scope="col" class="num">{score}</th><th scope="col">{move || board.run()}</th><th scope="col" class="num">{score}</th><th scope="col" class="wide">"Outcome"</th></tr> }
    };
    let row = Callback::new(move |i: usize| match pages.at(i) {
        None => view! { <th scope="row" colspan="7"><span class="skel" style="width:180px"></span></th> }.into_any(),
        Some(line) => cells(board, &line),
    });
    let about = move || {
        let id = concept.get()?;
        let named = board
            .compared
            .with(|c| c.as_ref().and_then(|c| c.concepts.iter().find(|c| c.0 == id).map(|c| c.1.clone())));
        Some(named.filter(|n| !n.is_empty()).unwrap_or(id))
    };
    view! {
        <section class="card c8 ledger" aria-labelledby="ledger"><header><h2 id="ledger">"Ledger"</h2>
                <span class="push"><span class="row wrap" role="group" aria-label="Outcome">{chips}</span>
                    <button type="button" class="btn iconly quiet s" aria-label="Save as CSV" title="Save as CSV" on:click=move |_| keep(board, pages)><Icon name="download"/></button></span></header>
            <div class="row wrap ledger-tools"><input class="input s" type="search" placeholder="Input's id" aria-label="Input's id" autocomplete="off" prop:value=move || words.get().unwrap_or_default()
                    on:input=move |e| address.replace(&[("words", Some(event_target_value(&e)).filter(|w| !w.is_empty()))])/>
                {move || about().map(|name| view! { <span class="chip on">"Class "{name}<button type="button" class="x" aria-label="All classes" on:click=move |_| address.set(&[("concept", None)])><Icon name="x"/></button></span> })}
                <span class="small faint push" role="status">{move || pages.total.get().map(|n| format::of(n as i64, "input", "inputs"))}</span></div>
            {move || pages.error.get().map(|e| view! { <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The inputs could not be shown"</strong><span>{e.to_string()}</span><span>"Choose other settings, or reload the page."</span></div></div> })}
            {move || match pages.total.get() {
                Some(0) => view! { <p class="body muted">"No input has this outcome. Choose other outcomes, or take the class or the words away."</p> }.into_any(),
                _ => view! { <LongTable label="Inputs by outcome" head=ViewFn::from(head) total=Signal::derive(move || pages.total.get().unwrap_or(0)) row=row seen=Callback::new(move |seen| pages.see(seen))/> }.into_any(),
            }}
        </section>
    }
}

/// The cells of an input: truth, then what reference and run say, wrong answers in orange.
fn cells(board: Board, line: &LedgerLine) -> AnyView {
    let (first, last) = (line.said.first().cloned(), line.said.last().cloned());
    let says = |said: Option<(String, Option<f64>, bool)>| {
        let (what, score, right) = said.unwrap_or_default();
        let text = if what.is_empty() { "nothing".to_owned() } else { what };
        view! { <td class:delta=!right class:down=!right title=if right { "right" } else { "wrong" }><span class="truncate">{text}</span>{(!right).then(|| view! { <span class="vh">", wrong"</span> })}</td><td class="num muted">{Print::Share(2).maybe(score)}</td> }
    };
    let (tone, name) = line.outcomes.last().map_or((Tone::Idle, "–"), |o| word(*o));
    let to = format!("{}?input={}", routes::inputs(&board.context.app.get_untracked()), routes::value(&line.input_id));
    view! {
        <th scope="row"><span class="row"><span class="thumb s" aria-hidden="true">{thumbnail(&line.url, line.width, line.height)}</span><a class="lk mono truncate" href=to title=line.input_id.clone()>{line.input_id.clone()}</a></span></th>
        <td class="strong"><span class="truncate">{line.truth.clone()}</span></td>{says(first)}{says(last)}<td><Pill tone=tone text=name/></td>
    }
    .into_any()
}

/// All lines of the question as a file.
fn keep(board: Board, pages: Pages) {
    let Some((runs, at, pick)) = pages.question() else { return };
    let (reference, run, name) = untrack(|| (board.reference(), board.run(), board.file("ledger")));
    spawn_local(async move {
        let mut lines: Vec<LedgerLine> = Vec::new();
        loop {
            let question = Explore::Ledger {
                runs: runs.clone(),
                at,
                pick: Some(pick.clone()),
                offset: lines.len() as u32,
                limit: AT_ONCE,
            };
            match ask(question).await {
                Ok(Explored::Ledger(l)) => {
                    let (got, total) = (l.lines.len(), l.total as usize);
                    lines.extend(l.lines);
                    if got == 0 || lines.len() >= total {
                        break;
                    }
                }
                Ok(_) => return,
                Err(error) => {
                    let _ = pages.error.try_set(Some(error));
                    return;
                }
            }
        }
        let head = vec![
            Head::words("Input"),
            Head::words("True"),
            Head::words(reference.clone()),
            Head::number(format!("{reference} score")),
            Head::words(run.clone()),
            Head::number(format!("{run} score")),
            Head::words("Outcome"),
        ];
        let total = lines.len();
        let row = Callback::new(move |i: usize| {
            let Some(line) = lines.get(i) else { return Vec::new() };
            let said = |s: Option<&(String, Option<f64>, bool)>| {
                let (what, score, _) = s.cloned().unwrap_or_default();
                [what, score.map(|s| s.to_string()).unwrap_or_default()]
            };
            let ([a, x], [b, y]) = (said(line.said.first()), said(line.said.last()));
            vec![
                line.input_id.clone(),
                line.truth.clone(),
                a,
                x,
                b,
                y,
                line.outcomes.last().map_or("", |o| word(*o).1).to_owned(),
            ]
        });
        save(&format!("{name}.csv"), "text/csv", &csv(&Table { head, total, row }));
    });
}
