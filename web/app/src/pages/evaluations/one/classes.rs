//! One class against the rest: a row each, the weakest first.

use super::page::Page;
use super::tiles::rule;
use super::trouble::Trouble;
use crate::charts::{Bar, Head, Print, Table, csv, save};
use crate::components::{ChosenColumns, ColumnChooser, Icon};
use crate::format;
use labelscope_messages::evaluation::{ClassRow, PairFilter, PairKind};
use leptos::prelude::*;

/// Columns that can be left out: word and head.
const CLASSIFICATION: [(&str, &str); 11] = columns("Inputs", ("auc", "ROC AUC"));
const DETECTION: [(&str, &str); 11] = columns("Objects", ("range", "AP@.5:.95"));
const FIRST: [&str; 7] = ["positives", "precision", "recall", "f1", "ap", "auc", "range"];

/// What is counted, and the figure that only this kind has.
const fn columns(counted: &'static str, own: (&'static str, &'static str)) -> [(&'static str, &'static str); 11] {
    [
        ("positives", counted),
        ("predicted", "Predicted"),
        ("tp", "TP"),
        ("fp", "FP"),
        ("fn", "FN"),
        ("precision", "Precision"),
        ("recall", "Recall"),
        ("f1", "F1"),
        ("ap", "AP"),
        own,
        ("best", "Best F1 at"),
    ]
}

/// The number of a column.
fn number(row: &ClassRow, column: &str) -> Option<f64> {
    match column {
        "positives" => Some(f64::from(row.positives)),
        "predicted" => Some(f64::from(row.predicted)),
        "tp" => Some(f64::from(row.true_positives)),
        "fp" => Some(f64::from(row.false_positives)),
        "fn" => Some(f64::from(row.false_negatives)),
        "precision" => row.precision,
        "recall" => row.recall,
        "f1" => row.f1,
        "ap" => row.average_precision,
        "range" => row.average_precision_range,
        "auc" => row.roc_auc,
        "best" => row.best_threshold,
        _ => None,
    }
}

/// What a count counts; nothing for what is no count.
fn counted(column: &str) -> Option<Vec<PairKind>> {
    match column {
        "positives" => Some(vec![PairKind::TruePositive, PairKind::FalseNegative]),
        "predicted" => Some(vec![PairKind::TruePositive, PairKind::FalsePositive]),
        "tp" => Some(vec![PairKind::TruePositive]),
        "fp" => Some(vec![PairKind::FalsePositive]),
        "fn" => Some(vec![PairKind::FalseNegative]),
        _ => None,
    }
}

/// The table, or its first rows with a way to the rest.
#[component]
pub(super) fn Classes(
    page: Page,
    /// How many rows at most.
    #[prop(optional)]
    most: Option<usize>,
) -> impl IntoView {
    let address = page.address;
    let detection = page.about().detection;
    let columns = if detection {
        ChosenColumns::of("labelscope.columns.classes.objects", &DETECTION, &FIRST)
    } else {
        ChosenColumns::of("labelscope.columns.classes", &CLASSIFICATION, &FIRST)
    };
    let (sort, words) = (address.part("sort"), address.part("q"));
    // `-f1` is F1, the highest first. The weakest are first without a word: they are what is looked for.
    let sort = Memo::new(move |_| sort.get().unwrap_or_else(|| "f1".to_owned()));
    let by = move || {
        let s = sort.get();
        s.strip_prefix('-').map_or((s.clone(), false), |s| (s.to_owned(), true))
    };
    let rows = Memo::new(move |_| {
        page.figures.with(|f| {
            let f = f.as_ref()?;
            let wanted = words.get().unwrap_or_default().to_lowercase();
            let mut rows: Vec<(String, ClassRow)> = f
                .classes
                .iter()
                .map(|c| (page.name(c.concept), c.clone()))
                .filter(|r| wanted.is_empty() || r.0.to_lowercase().contains(&wanted))
                .collect();
            let (by, down) = by();
            rows.sort_by(|a, b| {
                let order = if by == "name" {
                    std::cmp::Ordering::Equal
                } else {
                    match (number(&a.1, &by), number(&b.1, &by)) {
                        (Some(x), Some(y)) => {
                            if down {
                                y.total_cmp(&x)
                            } else {
                                x.total_cmp(&y)
                            }
                        }
                        // What is undefined stands last both ways.
                        (x, y) => x.is_none().cmp(&y.is_none()),
                    }
                };
                let names = a.0.to_lowercase().cmp(&b.0.to_lowercase());
                order.then(if by == "name" && down { names.reverse() } else { names })
            });
            Some(rows)
        })
    });
    let head = move |word: &'static str, name: &'static str| {
        let way = move || {
            let (by, down) = by();
            (by == word).then_some(down)
        };
        let turn = move |_| {
            let now = way();
            let next = match now {
                Some(false) => format!("-{word}"),
                // Of counts the largest are looked for, of figures the weakest.
                None if counted(word).is_some() => format!("-{word}"),
                Some(true) | None => word.to_owned(),
            };
            address.set(&[("sort", Some(next).filter(|n| n != "f1"))]);
        };
        view! { <th scope="col" class:num={word != "name" && word != "f1"} aria-sort=move || way().map(|down| if down { "descending" } else { "ascending" })>
        <button type="button" class="sort" on:click=turn>{name}{move || way().map(|down| view! { <Icon name=if down { "dn" } else { "up" }/> })}</button></th> }
    };
    let cell = move |row: &ClassRow, column: &'static str| {
        let value = number(row, column);
        if column == "f1" {
            return view! { <td><Bar value=value/></td> }.into_any();
        }
        let Some(kinds) = counted(column) else {
            let text = match column {
                "best" => Print::Plain(2).maybe(value),
                "ap" | "auc" | "range" => Print::Share(4).maybe(value),
                _ => Print::Share(3).maybe(value),
            };
            return view! { <td class="num">{text}</td> }.into_any();
        };
        let filter = PairFilter { concept: Some(row.concept), kinds, ..PairFilter::default() };
        view! { <td class="num"><a class="lk plain" href=move || page.counted(&filter)>{Print::Count.maybe(value)}</a></td> }.into_any()
    };
    let line = move |(name, row): (String, ClassRow)| {
        let filter = PairFilter {
            concept: Some(row.concept),
            kinds: vec![PairKind::TruePositive, PairKind::FalsePositive, PairKind::FalseNegative],
            ..PairFilter::default()
        };
        let cells = columns.now().into_iter().map(|c| cell(&row, c.0)).collect_view();
        view! { <tr><th scope="row"><a class="lk strong" href=move || page.counted(&filter)>{name}</a></th>{cells}</tr> }
    };
    let keep = move |_| {
        let rows = rows.get_untracked().unwrap_or_default();
        let all: &[(&str, &str)] = if detection { &DETECTION } else { &CLASSIFICATION };
        let head = [Head::words("Class id"), Head::words("Class")]
            .into_iter()
            .chain(all.iter().map(|c| Head::number(c.1)))
            .collect();
        let total = rows.len();
        let row = Callback::new(move |i: usize| {
            let Some((name, row)) = rows.get(i) else { return Vec::new() };
            let numbers = all.iter().map(|c| number(row, c.0).map(|v| v.to_string()).unwrap_or_default());
            [page.id(row.concept), name.clone()].into_iter().chain(numbers).collect()
        });
        save(&format!("{}.csv", page.file("classes")), "text/csv", &csv(&Table { head, total, row }));
    };
    let shown =
        move || rows.get().map(|r| (r.len(), r.into_iter().take(most.unwrap_or(usize::MAX)).collect::<Vec<_>>()));
    view! {
        <section class="card" aria-labelledby="classes"><header><h2 id="classes">"Classes"</h2><span class="faint small hide-phone">{move || rule(page)}</span>
            <span class="push">
                {most.is_none().then(|| view! { <label class="search"><Icon name="search"/><span class="vh">"Search classes"</span><input type="search" placeholder="Part of a name" prop:value=move || words.get().unwrap_or_default() on:input=move |e| address.replace(&[("q", Some(event_target_value(&e)).filter(|v| !v.is_empty()))])/></label> })}
                <ColumnChooser columns=columns/>
                <button type="button" class="btn iconly quiet s" aria-label="Save classes as CSV" title="Save as CSV" on:click=keep><Icon name="download"/></button></span></header>
            <Trouble asked=page.asked what="The figures could not be computed"/>
            <div class="xscroll" tabindex="0" role="region" aria-label="Figures by class"><table class="table"><caption class="vh">"Figures by class"</caption>
                <thead><tr>{head("name", "Class")}{move || columns.now().into_iter().map(|(word, name)| head(word, name)).collect_view()}</tr></thead>
                <tbody>{move || match shown() {
                    None => (0..8).map(|_| view! { <tr><th><span class="skel"></span></th><td colspan="12"><span class="skel"></span></td></tr> }).collect_view().into_any(),
                    Some((_, rows)) => rows.into_iter().map(line).collect_view().into_any(),
                }}</tbody></table></div>
            <footer>{move || {
                let (all, rows) = shown().unwrap_or_default();
                if all > rows.len() {
                    let more = format!("All {} classes", format::count(all as i64));
                    view! { <a class="lk" href=move || address.view("classes")>{more}</a> }.into_any()
                } else {
                    view! { <span>{format::of(all as i64, "class", "classes")}</span> }.into_any()
                }
            }}</footer></section>
    }
}
