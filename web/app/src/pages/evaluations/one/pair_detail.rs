//! One input whole: all that is true of it and all that was predicted, matched at the settings of this moment.

use super::page::{Page, answer};
use super::pair_card::{Drawn, outcome, picture, words};
use super::trouble::Trouble;
use crate::charts::Print;
use crate::components::{Dialog, Icon, Pill};
use crate::explore::asked;
use crate::routes;
use labelscope_messages::evaluation::{Explore, Explored, PairFilter, PairOrder};
use leptos::prelude::*;

/// Pairs of one input that are listed at most.
const MOST: u32 = 1000;

/// `input` is its position in the test set; none while it is closed.
#[component]
pub(super) fn PairDetail(page: Page, input: Memo<Option<u32>>, close: Callback<()>) -> impl IntoView {
    let asked = asked(move || {
        Some(Explore::Pairs {
            run: page.run(),
            at: page.at(),
            filter: PairFilter { input: Some(input.get()?), ..PairFilter::default() },
            order: PairOrder::Score,
            offset: 0,
            limit: MOST,
        })
    });
    let found = answer(asked, |e| if let Explored::Pairs(p) = e { Some(p) } else { None });
    // What is there of another input is not shown for this one.
    let found = Memo::new(move |_| found.get().filter(|f| f.pairs.first().map(|p| p.input) == input.get()));
    let first = move || found.with(|f| f.as_ref().and_then(|f| f.pairs.first().cloned()));
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(input.get().is_some()));
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is && input.get_untracked().is_some() {
            close.run(());
        }
        is
    });
    let title = Signal::derive(move || first().map_or_else(|| "Input".to_owned(), |p| p.input_id));
    view! {
        <Dialog open=open title=title class="viewer">
            <div class="body">
                <Trouble asked=asked what="The input could not be shown"/>
                {move || found.get().map(|f| {
                    let Some(first) = f.pairs.first() else { return ().into_any() };
                    let (width, height) = (f64::from(first.width.max(1)), f64::from(first.height.max(1)));
                    let rows = f.pairs.iter().map(|p| {
                        let ((tone, word), (truth, said)) = (outcome(p), words(page, p));
                        view! { <tr><td><Pill tone=tone text=word/></td><td>{truth}</td><td>{said}</td><td class="num">{Print::Plain(3).maybe(p.iou)}</td><td class="num">{Print::Plain(3).of(p.loss)}</td></tr> }
                    }).collect_view();
                    view! {
                        <div class="stage" style=format!("aspect-ratio:{width}/{height};max-width:calc(52dvh * {:.4})", width / height)>{picture(&first.url, first.width, first.height)}<Drawn pairs=f.pairs.clone() width=first.width height=first.height cover=false/></div>
                        <div class="kv-line"><span class="mono">{first.input_id.clone()}</span><span>{format!("{} × {} px", first.width, first.height)}</span><span class="legend"><span><i class="line-key truth"></i>"true"</span><span><i class="line-key said"></i>"predicted"</span></span></div>
                        <div class="list" tabindex="0" role="region" aria-label="Truth and predictions"><table class="table"><caption class="vh">"Truth and predictions of this input"</caption>
                            <thead><tr><th scope="col">"Outcome"</th><th scope="col">"True"</th><th scope="col">"Predicted"</th><th scope="col" class="num">"IoU"</th><th scope="col" class="num">"Loss"</th></tr></thead><tbody>{rows}</tbody></table></div>
                    }.into_any()
                })}
            </div>
            <footer>{move || first().map(|p| view! { <a class="btn" href=format!("{}?input={}", routes::inputs(&page.context.app.get()), routes::value(&p.input_id))><Icon name="inputs"/>"Open the input"</a> })}
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button></footer>
        </Dialog>
    }
}
