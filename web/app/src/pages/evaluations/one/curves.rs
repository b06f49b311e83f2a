//! Curves: all classes together, and those that are pinned, which are the three weakest until others are chosen.

use super::super::curve_kinds::{choices, kind_of, said, word_of};
use super::address::{list, listed};
use super::page::{Page, answer};
use super::trouble::Trouble;
use crate::charts::{Line, LineChart, Lines, Print, Stroke, Twin, points};
use crate::components::{Choice, Popover};
use crate::explore::asked;
use labelscope_messages::evaluation::{ClassRow, Curve, CurveKind, Explore, Explored, PairFilter, PairKind};
use leptos::prelude::*;
use std::sync::Arc;

/// As many as have a colour of their own.
const PINNED: usize = 8;

/// Up to so many classes the others are drawn in grey.
const OTHERS: usize = 30;

/// The weakest classes, by average precision, else by F1; of equal ones those that are true most often.
fn weakest(classes: &[ClassRow]) -> Vec<u32> {
    let figure = |c: &ClassRow| c.average_precision.or(c.f1);
    let mut of: Vec<(f64, &ClassRow)> = classes.iter().filter_map(|c| Some((figure(c)?, c))).collect();
    of.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.positives.cmp(&a.1.positives)));
    of.into_iter().take(3).map(|c| c.1.concept).collect()
}

#[component]
pub(super) fn CurvesCard(
    page: Page,
    /// One kind of curve, without the choice.
    #[prop(optional)]
    only: Option<CurveKind>,
    #[prop(default = "c5")] class: &'static str,
) -> impl IntoView {
    let address = page.address;
    let about = page.about();
    let (curve, pins) = (address.part("curve"), address.part("pin"));
    let kind = Memo::new(move |_| {
        only.unwrap_or_else(|| {
            let word = curve.get().unwrap_or_default();
            kind_of(&word)
        })
    });
    // The weakest stay who they were when the page was opened: a curve must not change its colour under the slider.
    let first = Memo::new(move |before: Option<&Option<Vec<u32>>>| match before {
        Some(Some(kept)) => Some(kept.clone()),
        _ => page.figures.with(|f| f.as_ref().map(|f| weakest(&f.classes))),
    });
    let pinned = Memo::new(move |_| match pins.get() {
        Some(ids) => Some(listed(Some(ids)).iter().filter_map(|id| page.place(id)).collect::<Vec<_>>()),
        None => first.get(),
    });
    let many = about.concepts.len();
    let asked = asked(move || {
        let pinned = pinned.get().unwrap_or_default();
        let concepts = if many <= OTHERS { (0..many as u32).collect() } else { pinned };
        Some(Explore::Curves { run: page.run(), at: page.at(), kind: kind.get(), concepts, all: true })
    });
    let curves = answer(asked, |e| if let Explored::Curves(c) = e { Some(c) } else { None });
    let name = move |c: &Curve| c.concept.map_or_else(|| "All".to_owned(), |c| page.name(c));
    let lines = Memo::new(move |_| {
        let pinned = pinned.get().unwrap_or_default();
        Arc::new(curves.with(|c| {
            let Some(c) = c else { return Lines::default() };
            let lines = c.curves.iter().map(|c| {
                let stroke = match c.concept {
                    None => Stroke::Whole,
                    Some(id) => pinned.iter().position(|p| *p == id).map_or(Stroke::Auto, |p| Stroke::Class(p + 1)),
                };
                Line::of(c, name(c), stroke)
            });
            Lines { x: c.x.clone(), y: c.y.clone(), lines: lines.collect() }
        }))
    });
    let places = Signal::derive(move || {
        let pinned = pinned.get().unwrap_or_default();
        curves.with(|c| {
            let all = c.iter().flat_map(|c| c.curves.iter().enumerate());
            pinned
                .iter()
                .filter_map(|p| all.clone().find(|(_, c)| c.concept == Some(*p)).map(|(i, _)| i))
                .collect::<Vec<_>>()
        })
    });
    let table = Callback::new(move |()| {
        let (_, x, y) = said(kind.get());
        points(lines.get(), "Class", x, y)
    });
    let move_to = Callback::new(move |threshold: f64| {
        address.at.update(|s| s.threshold = ((threshold * 1e4).round() / 1e4).clamp(0.0, 1.0));
    });
    let pick = Callback::new(move |(line, point): (usize, usize)| {
        let threshold = lines.with_untracked(|l| l.lines.get(line).and_then(|l| l.thresholds.get(point).copied()));
        if let Some(threshold) = threshold.filter(|t| t.is_finite()) {
            move_to.run(f64::from(threshold));
        }
    });
    let title = Signal::derive(move || {
        match kind.get() {
            CurveKind::Pr => "Precision and recall",
            CurveKind::Roc => "ROC",
            CurveKind::Froc => "FROC",
            CurveKind::F1 => "F1 by threshold",
        }
        .to_owned()
    });
    let detection = about.detection;
    view! {
        <Twin title=title class=class file=Signal::derive(move || page.file("curves")) table=table
            tools=move || view! {
                {only.is_none().then(|| view! { <Choice label="Curve" quiet=true value=Signal::derive(move || word_of(kind.get()))
                    options=Signal::derive(move || choices(detection))
                    change=Callback::new(move |v: String| address.set(&[("curve", Some(v).filter(|v| !v.is_empty()))]))/> })}
                <Pins page=page pinned=pinned/>
            }
            foot=move || view! { <Point page=page/> }>
            <Trouble asked=asked what="The curves could not be computed"/>
            {move || if curves.with(Option::is_none) { view! { <span class="skel" style="height:300px"></span> }.into_any() } else { view! {
                <LineChart label=Signal::derive(move || words(&lines.get(), kind.get())) data=lines x_title=Signal::derive(move || said(kind.get()).1.to_owned()) y_title=Signal::derive(move || said(kind.get()).2.to_owned())
                    pinned=places stepped={kind.get_untracked() == CurveKind::Pr} pick=pick drag=move_to/> }.into_any() }}
        </Twin>
    }
}

/// What the chart shows, in a sentence.
fn words(lines: &Lines, kind: CurveKind) -> String {
    let (name, x, y) = said(kind);
    let values: Vec<String> = lines
        .lines
        .iter()
        .filter(|l| l.stroke != Stroke::Auto)
        .filter_map(|l| Some(format!("{} {}", l.name, Print::Share(3).of(l.value?))))
        .collect();
    format!("{name}: {y} over {x}. {}", values.join(", "))
}

/// Which classes have a colour.
#[component]
fn Pins(page: Page, pinned: Memo<Option<Vec<u32>>>) -> impl IntoView {
    let toggle = move |c: u32| {
        let mut now = pinned.get_untracked().unwrap_or_default();
        match now.iter().position(|p| *p == c) {
            Some(at) => drop(now.remove(at)),
            None => now.push(c),
        }
        let text = list(now.into_iter().map(|c| page.id(c)));
        // Nothing pinned is a choice too.
        page.address.set(&[("pin", Some(text.unwrap_or_else(|| ",".to_owned())))]);
    };
    let has = move |c: u32| pinned.with(|p| p.as_ref().is_some_and(|p| p.contains(&c)));
    let full = move || pinned.with(|p| p.as_ref().is_some_and(|p| p.len() >= PINNED));
    let count = page.about().concepts.len() as u32;
    view! {
        <Popover label="Classes in colour" icon="star">
            <fieldset class="stack-s tall"><legend class="label">{format!("Classes in colour, up to {PINNED}")}</legend>
                {(0..count).map(|c| view! { <label class="check"><input type="checkbox" prop:checked=move || has(c) disabled=move || full() && !has(c) on:change=move |_| toggle(c)/>{page.name(c)}</label> }).collect_view()}
            </fieldset>
        </Popover>
    }
}

/// Precision, recall and F1 of all classes together at the threshold, and the way to their inputs.
#[component]
fn Point(page: Page) -> impl IntoView {
    let sums = Memo::new(move |_| {
        page.figures.with(|f| {
            let f = f.as_ref()?;
            let sum = |of: fn(&ClassRow) -> u32| f.classes.iter().map(|c| f64::from(of(c))).sum::<f64>();
            Some((sum(|c| c.true_positives), sum(|c| c.false_positives), sum(|c| c.false_negatives)))
        })
    });
    let ratio = |a: f64, b: f64| if b > 0.0 { Print::Share(3).of(a / b) } else { "undefined".to_owned() };
    let figure = move |f: fn(f64, f64, f64) -> (f64, f64)| {
        sums.get().map_or_else(
            || "–".to_owned(),
            |(t, p, n)| {
                let (a, b) = f(t, p, n);
                ratio(a, b)
            },
        )
    };
    let to = PairFilter {
        kinds: vec![PairKind::TruePositive, PairKind::FalsePositive, PairKind::FalseNegative],
        ..PairFilter::default()
    };
    view! {
        <dl class="point" aria-label="At the threshold, all classes together">
            <div><dt>"Precision"</dt><dd>{move || figure(|t, p, _| (t, t + p))}</dd></div>
            <div><dt>"Recall"</dt><dd>{move || figure(|t, _, n| (t, t + n))}</dd></div>
            <div><dt>"F1"</dt><dd>{move || figure(|t, p, n| (2.0 * t, 2.0 * t + p + n))}</dd></div>
        </dl>
        {if page.about().single_label { view! { <a class="lk" href=move || page.address.view("classes")>"Classes at this point"</a> }.into_any() } else { view! { <a class="lk" href=move || page.counted(&to)>"Inputs at this point"</a> }.into_any() }}
    }
}
