//! The figures of the whole, each with its definition and what it is made of.

use super::definitions::{Definition, definition};
use super::page::Page;
use crate::charts::Print;
use crate::components::{Icon, Popover};
use crate::format;
use labelscope_messages::evaluation::{ClassRow, Figure, Figures, PairFilter, PairKind};
use leptos::prelude::*;

/// Those that are looked for first, by kind of evaluation.
const OF_ONE_LABEL: [&str; 5] = ["accuracy", "macro_f1", "macro_roc_auc", "mean_average_precision", "log_loss"];
const OF_LABELS: [&str; 5] = ["micro_f1", "macro_f1", "macro_roc_auc", "mean_average_precision", "brier"];
const OF_OBJECTS: [&str; 6] = ["map_50_95", "map_50", "map_75", "precision", "recall", "f1"];

/// A figure's value; undefined is said, and never 0.
pub(super) fn value(figure: &Figure) -> String {
    let print = if matches!(figure.name.as_str(), "log_loss" | "brier") { Print::Plain(4) } else { Print::Share(4) };
    figure.value.map_or_else(|| "undefined".to_owned(), |v| print.of(v))
}

/// What a figure is made of, in a few words.
fn made_of(figure: &Figure, figures: &Figures, definition: &Definition) -> String {
    if let Some((some, all)) = figure.of {
        let what = if matches!(figure.name.as_str(), "accuracy" | "top_5") { " right" } else { "" };
        return format!("{} of {}{what}", format::count(i64::from(some)), format::count(i64::from(all)));
    }
    let spread = figure.deviation.map(|d| format!(" ± {}", Print::Plain(3).of(d))).unwrap_or_default();
    let (name, classes) = (figure.name.as_str(), figures.classes.len() as u32);
    if ["macro_", "mean_", "map_", "ap_"].iter().any(|of| name.starts_with(of)) {
        return match figures.left_out.iter().find(|l| l.0 == name).map_or(0, |l| l.1) {
            0 => format!("mean of {}{spread}", format::of(i64::from(classes), "class", "classes")),
            out => format!("mean of {} of {classes} classes{spread}", classes.saturating_sub(out)),
        };
    }
    if definition.lower { "lower is better".to_owned() } else { String::new() }
}

/// The button that tells a figure's definition.
#[component]
pub(super) fn Defined(definition: Definition, #[prop(optional, into)] more: String) -> impl IntoView {
    let label = format!("How {} is defined", definition.title);
    let text = StoredValue::new((definition.says, definition.undefined, more));
    view! {
        <Popover label=label icon="info" class="def">
            {move || text.with_value(|(says, undefined, more)| view! { <p>{says.clone()}</p><p class="muted">{*undefined}</p>{(!more.is_empty()).then(|| view! { <p class="muted">{more.clone()}</p> })} })}
        </Popover>
    }
}

/// Which classes are left out of a mean, in a sentence.
fn left_out(name: &str, figures: &Figures) -> String {
    figures.left_out.iter().find(|l| l.0 == name).filter(|l| l.1 > 0).map_or_else(String::new, |l| {
        format!("{} undefined here and left out.", format::of(i64::from(l.1), "class is", "classes are"))
    })
}

#[component]
pub(super) fn Tiles(page: Page) -> impl IntoView {
    let about = page.about();
    let first: &'static [&'static str] = if about.detection {
        &OF_OBJECTS
    } else if about.single_label {
        &OF_ONE_LABEL
    } else {
        &OF_LABELS
    };
    let names = Memo::new(move |_| {
        page.figures.with(|f| {
            let f = f.as_ref()?;
            let chosen: Vec<String> =
                first.iter().filter(|n| f.whole.iter().any(|w| w.name == **n)).map(|n| (*n).to_owned()).collect();
            let rest = f.whole.iter().map(|w| w.name.clone()).filter(|n| !chosen.contains(n)).collect::<Vec<_>>();
            let missing = first.len().saturating_sub(chosen.len());
            Some(chosen.into_iter().chain(rest.into_iter().take(missing)).collect::<Vec<_>>())
        })
    });
    let surest = about.single_label;
    let tile = move |name: String| {
        let definition = definition(&name, surest);
        let shown = definition.clone();
        let now = Memo::new(move |_| {
            page.figures.with(|f| {
                let f = f.as_ref()?;
                let figure = f.whole.iter().find(|w| w.name == name)?;
                Some((figure.clone(), made_of(figure, f, &shown), left_out(&name, f)))
            })
        });
        let title = definition.title.clone();
        let told = definition;
        // The popover stays while figures move.
        let more = Memo::new(move |_| now.with(|n| n.as_ref().map(|n| n.2.clone()).unwrap_or_default()));
        view! {
            <div class="tile"><dt>{title}{move || view! { <Defined definition=told.clone() more=more.get()/> }}</dt>
                <dd class="fig" class:undefined=move || now.with(|n| n.as_ref().is_some_and(|n| n.0.value.is_none()))>{move || now.with(|n| n.as_ref().map(|n| value(&n.0)))}</dd>
                <dd class="sub">{move || now.with(|n| n.as_ref().map(|n| n.1.clone()))}</dd></div>
        }
    };
    let loading = move || {
        first.iter().map(|n| view! { <div class="tile"><dt>{definition(n, true).title}</dt><dd class="fig"><span class="skel figure"></span></dd><dd class="sub">"\u{a0}"</dd></div> }).collect_view()
    };
    view! {
        <dl class="tiles" aria-busy=move || names.with(Option::is_none).to_string()>
            {move || match names.get() { None => loading().into_any(), Some(names) => names.into_iter().map(tile).collect_view().into_any() }}
        </dl>
        <Totals page=page/>
        <Rest page=page/>
    }
}

/// Right, wrong and missed, each a way to its inputs.
#[component]
fn Totals(page: Page) -> impl IntoView {
    let surest = page.about().single_label;
    let totals = Memo::new(move |_| {
        page.figures.with(|f| {
            let f = f.as_ref()?;
            if surest {
                // Each input is right or wrong, whatever the threshold.
                let (right, of) = f.whole.iter().find(|w| w.name == "accuracy")?.of?;
                return Some(vec![right, of.saturating_sub(right)]);
            }
            let sum = |of: fn(&ClassRow) -> u32| f.classes.iter().map(of).sum::<u32>();
            Some(vec![sum(|c| c.true_positives), sum(|c| c.false_positives), sum(|c| c.false_negatives)])
        })
    });
    let kinds: &[(PairKind, &str, &str)] = if surest {
        &[(PairKind::TruePositive, "right", "ok"), (PairKind::FalsePositive, "wrong", "bad")]
    } else {
        &[
            (PairKind::TruePositive, "right", "ok"),
            (PairKind::FalsePositive, "false positives", "bad"),
            (PairKind::FalseNegative, "missed", "warn"),
        ]
    };
    view! {
        <p class="totals">
            {kinds.iter().enumerate().map(|(i, (kind, word, icon))| {
                let to = PairFilter { kinds: vec![*kind], ..PairFilter::default() };
                view! { <a class=format!("total {icon}") href=move || page.counted(&to)><Icon name=*icon/><strong>{move || totals.with(|t| t.as_ref().and_then(|t| t.get(i).copied())).map_or_else(|| "–".to_owned(), |n| format::count(i64::from(n)))}</strong>" "{*word}</a> }
            }).collect_view()}
            <span class="faint small">{move || if surest { "by the highest score of each input".to_owned() } else { rule(page) }}</span>
        </p>
    }
}

/// The rule of the threshold in words.
pub(super) fn rule(page: Page) -> String {
    let at = page.at();
    let edge = if at.inclusive { "from" } else { "above" };
    let score = Print::Plain(2).of(at.threshold);
    if page.about().detection {
        format!(
            "predicted {edge} {score}, matched within their class from an overlap of {}",
            Print::Plain(2).of(at.iou)
        )
    } else {
        format!("predicted {edge} {score}, each class against the rest")
    }
}

/// All figures that there are.
#[component]
fn Rest(page: Page) -> impl IntoView {
    let surest = page.about().single_label;
    // While it is closed nothing is made of it.
    let open = RwSignal::new(false);
    let rows = move || {
        page.figures.with(|f| {
            let f = f.as_ref()?;
            Some(f.whole.iter().map(|w| {
                let d = definition(&w.name, surest);
                let value = value(w);
                let spread = w.deviation.map(|d| format!("± {}", Print::Plain(4).of(d)));
                view! { <tr><th scope="row">{d.title.clone()}</th><td class="num">{value}</td><td class="num faint">{spread}</td><td class="says">{d.says}" "<span class="faint">{left_out(&w.name, f)}</span></td></tr> }
            }).collect_view())
        })
    };
    view! {
        <details class="more" on:toggle=move |_| open.update(|o| *o = !*o)><summary>"All figures and their definitions"</summary>
            {move || open.get().then(|| view! { <div class="xscroll" tabindex="0" role="region" aria-label="All figures"><table class="table tall"><caption class="vh">"All figures and their definitions"</caption>
                <thead><tr><th scope="col">"Figure"</th><th scope="col" class="num">"Value"</th><th scope="col" class="num">"Spread"</th><th scope="col">"Definition"</th></tr></thead>
                <tbody>{rows}</tbody></table></div> })}</details>
    }
}
