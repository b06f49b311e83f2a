//! Right and wrong of both runs against each other: the way into the ledger.

use super::board::Board;
use super::ledger::{self, outcome_of};
use crate::charts::{Corner, Head, Table, Twin, TwoByTwo};
use crate::format;
use labelscope_messages::evaluation::RunAgainstRun;
use leptos::prelude::*;

/// McNemar's p with as many decimals as say something.
fn p_in_words(p: f64) -> String {
    if p < 0.0001 { "p < 0.0001".to_owned() } else { format!("p = {}", format::decimal(p, 4)) }
}

fn says(a: &RunAgainstRun) -> String {
    let (fixed, broken) = (format::count(i64::from(a.fixed)), format::count(i64::from(a.broken)));
    match a.p {
        None => "An input is right where every object is found and nothing else is.".to_owned(),
        Some(_) if a.fixed + a.broken == 0 => "Both runs are right and wrong on the same inputs.".to_owned(),
        Some(p) => {
            let means = if p < 0.05 { "would be rare by chance" } else { "may well be chance" };
            format!("McNemar, exact: {}. {fixed} fixed against {broken} broken {means}.", p_in_words(p))
        }
    }
}

#[component]
pub(super) fn Against(board: Board) -> impl IntoView {
    let against = Memo::new(move |_| {
        let at = board.shown.get();
        board.compared.with(|c| c.as_ref().and_then(|c| c.against.get(at.checked_sub(1)?).cloned()))
    });
    let counts =
        Signal::derive(move || against.get().map_or([0; 4], |a| [a.both_right, a.broken, a.fixed, a.both_wrong]));
    let picked = Signal::derive(move || ledger::outcomes(board).into_iter().map(ledger::corner_of).collect::<Vec<_>>());
    let pick = Callback::new(move |corner: Corner| ledger::choose(board, &[outcome_of(corner)]));
    let table = Callback::new(move |()| {
        let (reference, run) = (board.reference(), board.run());
        let [both_right, broken, fixed, both_wrong] = counts.get();
        let head =
            vec![Head::words("Inputs"), Head::number(format!("{run} right")), Head::number(format!("{run} wrong"))];
        let row = Callback::new(move |i: usize| match i {
            0 => vec![format!("{reference} right"), both_right.to_string(), broken.to_string()],
            _ => vec![format!("{reference} wrong"), fixed.to_string(), both_wrong.to_string()],
        });
        Table { head, total: 2, row }
    });
    view! {
        <Twin title="Inputs, run against run" class="c4" file=Signal::derive(move || board.file("inputs")) table=table>
            {move || if against.with(Option::is_none) { view! { <span class="skel" style="height:120px"></span> }.into_any() } else { view! {
                <TwoByTwo reference=Signal::derive(move || board.reference()) run=Signal::derive(move || board.run()) counts=counts picked=picked pick=pick/>
                <p class="small muted mcnemar">{move || against.with(|a| a.as_ref().map(says))}</p> }.into_any() }}
        </Twin>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_said_in_words() {
        let digits = RunAgainstRun { both_right: 790, fixed: 55, broken: 29, both_wrong: 25, p: Some(0.006_04) };
        assert_eq!(says(&digits), "McNemar, exact: p = 0.0060. 55 fixed against 29 broken would be rare by chance.");
        assert!(says(&RunAgainstRun { p: Some(0.5), ..digits.clone() }).ends_with("may well be chance."));
        assert!(says(&RunAgainstRun { p: Some(1e-9), ..digits.clone() }).contains("p < 0.0001"));
        assert!(says(&RunAgainstRun { p: Some(1.0), fixed: 0, broken: 0, ..digits }).starts_with("Both runs"));
    }
}
