//! One pair: its input with truth and prediction drawn, and what became of it.

use super::page::Page;
use crate::charts::Print;
use crate::components::{Pill, Tone};
use crate::data::media;
use labelscope_api::extensions::MEDIA_PATH;
use labelscope_messages::evaluation::{Pair, PairKind, Shape};
use leptos::prelude::*;

/// Pictures that are this small are shown in their pixels.
const PIXELS: u32 = 64;

/// What became of a pair, as icon and word.
pub(super) fn outcome(pair: &Pair) -> (Tone, &'static str) {
    let classes = (pair.truth.as_ref().map(|t| t.concept), pair.prediction.as_ref().map(|p| p.concept));
    match (pair.kind, classes) {
        (PairKind::TruePositive, _) => (Tone::Ok, "Right"),
        (PairKind::FalsePositive | PairKind::FalseNegative, (Some(t), Some(p))) if t != p => (Tone::Bad, "Wrong class"),
        (PairKind::FalsePositive, _) => (Tone::Bad, "False positive"),
        (PairKind::FalseNegative, _) => (Tone::Warn, "Missed"),
        (PairKind::TrueNegative, _) => (Tone::Ok, "Rightly absent"),
        (PairKind::Ignored, _) => (Tone::Idle, "Ignored"),
    }
}

/// Does the shape lie in the picture, and not stand for all of it?
fn boxed(shape: &Shape) -> bool {
    shape.bbox[2] > 0.0 || shape.bbox[3] > 0.0
}

fn path(b: [f64; 4]) -> String {
    format!("M{:.1} {:.1}h{:.1}v{:.1}h{:.1}z", b[0], b[1], b[2], b[3], -b[2])
}

/// Truth is drawn solid, prediction dashed, both over a dark halo.
#[component]
pub(super) fn Drawn(pairs: Vec<Pair>, width: u32, height: u32, #[prop(default = true)] cover: bool) -> impl IntoView {
    let line = |shape: Option<&Shape>, class: &'static str| {
        shape.filter(|s| boxed(s)).map(|s| {
            let d = path(s.bbox);
            view! { <path class="halo" d=d.clone()></path><path class=class d=d></path> }
        })
    };
    let drawn = pairs
        .iter()
        .map(|p| {
            let said = if p.kind == PairKind::TruePositive { "line said" } else { "line said wrong" };
            view! { {line(p.truth.as_ref(), "line truth")}{line(p.prediction.as_ref(), said)} }
        })
        .collect_view();
    view! {
        <svg class="ov" viewBox=format!("0 0 {} {}", width.max(1), height.max(1)) preserveAspectRatio=if cover { "xMidYMid slice" } else { "xMidYMid meet" } aria-hidden="true">{drawn}</svg>
    }
}

/// The picture of an input; a note where its file is not here.
pub(super) fn picture(url: &str, width: u32, height: u32) -> AnyView {
    match Some(url).filter(|u| !u.is_empty()).and_then(media) {
        Some(src) => view! { <img src=src alt="" loading="lazy" class:pixels={width > 0 && width <= PIXELS} width=width.max(1).to_string() height=height.max(1).to_string()/> }.into_any(),
        None => view! { <span class="nofile small"><span>"No picture"</span></span> }.into_any(),
    }
}

/// The same, small: in the size that this server keeps for it.
pub(in super::super) fn thumbnail(url: &str, width: u32, height: u32) -> AnyView {
    if width <= PIXELS {
        return picture(url, width, height);
    }
    picture(&url.replacen(&format!("{MEDIA_PATH}/orig/"), &format!("{MEDIA_PATH}/small/"), 1), width, height)
}

/// Truth and prediction in words.
pub(super) fn words(page: Page, pair: &Pair) -> (String, String) {
    let side = |shape: Option<&Shape>| {
        shape.map_or_else(
            || "none".to_owned(),
            |s| match s.score {
                Some(score) => format!("{} · {}", page.name(s.concept), Print::Plain(2).of(score)),
                None => page.name(s.concept),
            },
        )
    };
    (side(pair.truth.as_ref()), side(pair.prediction.as_ref()))
}

#[component]
pub(super) fn PairCard(page: Page, pair: Pair, open: Callback<u32>) -> impl IntoView {
    let (tone, word) = outcome(&pair);
    let (truth, said) = words(page, &pair);
    let overlap = pair.iou.map(|iou| format!("IoU {}", Print::Plain(2).of(iou)));
    let facts =
        overlap.into_iter().chain([format!("loss {}", Print::Plain(2).of(pair.loss))]).collect::<Vec<_>>().join(" · ");
    let label = format!("Open {}: {word}, true {truth}, predicted {said}", pair.input_id);
    let (input, url, width, height) = (pair.input, pair.url.clone(), pair.width, pair.height);
    let id = pair.input_id.clone();
    view! {
        <li class="shot pair-card">
            <button type="button" class="pic" aria-label=label on:click=move |_| open.run(input)>{thumbnail(&url, width, height)}<Drawn pairs=vec![pair] width=width height=height cover=false/></button>
            <div class="cap"><Pill tone=tone text=word/><span class="push faint nowrap">{facts}</span></div>
            <dl class="sides"><dt>"True"</dt><dd class="truncate" title=truth.clone()>{truth.clone()}</dd><dt>"Predicted"</dt><dd class="truncate" title=said.clone()>{said.clone()}</dd></dl>
            <span class="id truncate mono" title=id.clone()>{id.clone()}</span>
        </li>
    }
}
