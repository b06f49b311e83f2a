//! What goes wrong with detections: kinds of errors with their cost, sizes of objects, and false positives an input.

use super::address::AREAS;
use super::curves::CurvesCard;
use super::inputs::ERRORS;
use super::page::{Page, answer};
use super::trouble::Trouble;
use crate::charts::{Bar, Head, Print, Table, Twin};
use crate::explore::asked;
use labelscope_messages::evaluation::{Area, CurveKind, Explore, Explored, PairFilter, PairKind};
use leptos::prelude::*;

fn says(kind: &str) -> &'static str {
    match kind {
        "class" => "right place, another class",
        "localisation" => "right class, the overlap is too small",
        "both" => "another class, and the overlap is too small",
        "duplicate" => "its object is taken by a surer prediction",
        "background" => "no object is near",
        "missed" => "no prediction took this object",
        _ => "",
    }
}

fn word(kind: &str) -> &str {
    ERRORS.iter().find(|e| e.0 == kind).map_or(kind, |e| e.1)
}

#[component]
pub(super) fn Errors(page: Page) -> impl IntoView {
    view! {
        <div class="cols"><Kinds page=page/><CurvesCard page=page only=CurveKind::Froc/></div>
        <Areas page=page/>
    }
}

#[component]
fn Kinds(page: Page) -> impl IntoView {
    let asked = asked(move || Some(Explore::Errors { run: page.run(), at: page.at() }));
    let errors = answer(asked, |e| if let Explored::Errors(x) = e { Some(x) } else { None });
    let table = Callback::new(move |()| {
        let kinds = errors.get().map(|e| e.kinds.clone()).unwrap_or_default();
        let total = kinds.len();
        let row = Callback::new(move |i: usize| {
            kinds
                .get(i)
                .map(|k| {
                    vec![
                        word(&k.name).to_owned(),
                        k.count.to_string(),
                        k.cost.map(|c| c.to_string()).unwrap_or_default(),
                    ]
                })
                .unwrap_or_default()
        });
        Table {
            head: vec![Head::words("Kind"), Head::number("Count"), Head::number("Cost in average precision")],
            total,
            row,
        }
    });
    let rows = move || {
        let errors = errors.get()?;
        let most = errors.kinds.iter().filter_map(|k| k.cost).fold(0.0, f64::max);
        Some(errors.kinds.iter().map(|k| {
            let to = PairFilter { error: Some(k.name.clone()), ..PairFilter::default() };
            view! { <tr><th scope="row">{word(&k.name).to_owned()}<span class="sub block">{says(&k.name)}</span></th>
                <td class="num"><a class="lk plain" href=move || page.behind(&to)>{Print::Count.of(f64::from(k.count))}</a></td>
                <td><Bar value=k.cost full=most.max(1e-9) print=Print::Plain(4)/></td></tr> }
        }).collect_view())
    };
    view! {
        <Twin title="Kinds of errors" class="c7" file=page.file("errors") table=table
            foot=move || view! { <span>"Kinds after TIDE (Bolya et al., 2020). Cost: by so much average precision at the chosen overlap would rise if this kind alone were mended; costs do not add up."</span> }>
            <Trouble asked=asked what="The kinds of errors could not be computed"/>
            <div class="xscroll" tabindex="0" role="region" aria-label="Kinds of errors"><table class="table two-line"><caption class="vh">"Kinds of errors"</caption>
                <thead><tr><th scope="col">"Kind"</th><th scope="col" class="num">"Count"</th><th scope="col">"Cost"</th></tr></thead>
                <tbody>{move || match rows() {
                    None => (0..6).map(|_| view! { <tr><td colspan="3"><span class="skel"></span></td></tr> }).collect_view().into_any(),
                    Some(rows) => rows.into_any(),
                }}</tbody></table></div>
        </Twin>
    }
}

#[component]
fn Areas(page: Page) -> impl IntoView {
    let asked = asked(move || Some(Explore::Areas { run: page.run(), at: page.at() }));
    let areas = answer(asked, |e| if let Explored::Areas(x) = e { Some(x) } else { None });
    let name = |area: Area| match area {
        Area::All => "All",
        Area::Small => "Small, up to 32² pixels",
        Area::Medium => "Medium, 32² to 96²",
        Area::Large => "Large, from 96² on",
    };
    let table = Callback::new(move |()| {
        let rows = areas.get().map(|a| a.rows.clone()).unwrap_or_default();
        let total = rows.len();
        let row = Callback::new(move |i: usize| {
            let text = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
            rows.get(i)
                .map(|r| {
                    vec![
                        name(r.area).to_owned(),
                        r.objects.to_string(),
                        text(r.average_precision),
                        text(r.average_precision_50),
                        text(r.average_precision_75),
                        text(r.average_recall),
                    ]
                })
                .unwrap_or_default()
        });
        let head = vec![
            Head::words("Area"),
            Head::number("Objects"),
            Head::number("mAP@.5:.95"),
            Head::number("mAP@.5"),
            Head::number("mAP@.75"),
            Head::number("AR@100"),
        ];
        Table { head, total, row }
    });
    let rows = move || {
        Some(areas.get()?.rows.iter().map(|r| {
            let number = |v: Option<f64>| v.map_or_else(|| "undefined".to_owned(), |v| Print::Share(4).of(v));
            let objects = PairFilter { kinds: vec![PairKind::TruePositive, PairKind::FalseNegative], ..PairFilter::default() };
            let word = AREAS.iter().find(|a| a.1 == r.area).map(|a| a.0);
            view! { <tr><th scope="row">{name(r.area)}</th><td class="num"><a class="lk plain" href=move || page.counted_in(&objects, word)>{Print::Count.of(f64::from(r.objects))}</a></td><td><Bar value=r.average_precision print=Print::Share(4)/></td>
                <td class="num">{number(r.average_precision_50)}</td><td class="num">{number(r.average_precision_75)}</td><td class="num">{number(r.average_recall)}</td></tr> }
        }).collect_view())
    };
    view! {
        <Twin title="By size of the object" file=page.file("areas") table=table
            foot=move || view! { <span>"As COCO counts: an object whose area lies exactly on a limit counts in both ranges. Neither the threshold nor the chosen overlap bears on these figures."</span> }>
            <Trouble asked=asked what="The figures by area could not be computed"/>
            <div class="xscroll" tabindex="0" role="region" aria-label="Figures by area"><table class="table"><caption class="vh">"Figures by area"</caption>
                <thead><tr><th scope="col">"Area"</th><th scope="col" class="num">"Objects"</th><th scope="col">"mAP@.5:.95"</th><th scope="col" class="num">"mAP@.5"</th><th scope="col" class="num">"mAP@.75"</th><th scope="col" class="num">"AR@100"</th></tr></thead>
                <tbody>{move || match rows() {
                    None => (0..4).map(|_| view! { <tr><td colspan="6"><span class="skel"></span></td></tr> }).collect_view().into_any(),
                    Some(rows) => rows.into_any(),
                }}</tbody></table></div>
        </Twin>
    }
}
