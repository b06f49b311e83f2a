//! The confusion matrix, and the inputs of the cell that is picked in it.

use super::page::{Page, answer};
use super::pair_card::{Drawn, thumbnail};
use super::trouble::Trouble;
use crate::charts::{Colours, End, Head, Heatmap, Matrix, Print, Scheme, Table, Twin};
use crate::components::{Choice, Icon, Popover};
use crate::explore::asked;
use crate::format;
use labelscope_messages::evaluation::{
    Explore, Explored, MatrixCells, MatrixKind, MatrixOrder, MatrixView, PairFilter, PairOrder,
};
use leptos::prelude::*;
use std::sync::Arc;

/// What stands in the cells: in the address, and on the buttons.
const KINDS: [(&str, MatrixKind, &str); 4] = [
    ("", MatrixKind::Counts, "Counts"),
    ("rows", MatrixKind::Rows, "Rows %"),
    ("columns", MatrixKind::Columns, "Columns %"),
    ("score", MatrixKind::MeanScore, "Mean score"),
];

const ORDERS: [(&str, MatrixOrder, &str); 4] = [
    ("", MatrixOrder::Labels, "Most labelled first"),
    ("name", MatrixOrder::Name, "By name"),
    ("confusion", MatrixOrder::Confusion, "Most confused first"),
    ("hierarchy", MatrixOrder::Given, "Relatives together"),
];

/// How many classes are shown at most.
const TOPS: [u32; 5] = [10, 20, 30, 50, 100];

/// Thumbnails beside the matrix.
const SHOWN: u32 = 12;

/// The matrix as it is chosen in the address.
#[derive(Clone, Copy)]
struct Chosen {
    kind: Memo<MatrixKind>,
    order: Memo<MatrixOrder>,
    top: Memo<u32>,
    hidden: Memo<bool>,
    logarithmic: Memo<bool>,
}

impl Chosen {
    fn new(page: Page) -> Self {
        let [kind, order, top, diagonal, log] =
            ["kind", "order", "top", "diagonal", "log"].map(|p| page.address.part(p));
        Self {
            kind: Memo::new(move |_| {
                let word = kind.get().unwrap_or_default();
                KINDS.iter().find(|k| k.0 == word).map_or(MatrixKind::Counts, |k| k.1)
            }),
            order: Memo::new(move |_| {
                let word = order.get().unwrap_or_default();
                ORDERS.iter().find(|o| o.0 == word).map_or(MatrixOrder::Labels, |o| o.1)
            }),
            top: Memo::new(move |_| top.get().and_then(|t| t.parse().ok()).unwrap_or(0)),
            hidden: Memo::new(move |_| diagonal.get().is_some_and(|d| d == "0")),
            logarithmic: Memo::new(move |_| log.get().is_some_and(|l| l == "1")),
        }
    }
}

/// A count. Parts of inputs with several labels add up to whole ones only nearly.
fn amount(n: f64) -> String {
    if (n - n.round()).abs() < 1e-3 { Print::Count.of(n) } else { Print::Plain(1).of(n) }
}

/// Which rule made the pairs of a matrix, in words.
fn rule(cells: &MatrixCells) -> String {
    let said = match cells.rule.as_str() {
        "top_1" => "Rows: true class. Columns: class with the highest score; on ties the one whose id comes first.",
        "threshold" => {
            "Rows: true class. Columns: class that reaches the threshold. What is both stands on the diagonal; in each input, what was missed is shared out evenly over what was predicted wrongly, and what is left of either stands with none."
        }
        "across" => {
            "Rows: true class. Columns: predicted class. Predictions that reach the threshold are matched with objects of any class, the surest first, each object once, by the largest overlap. None: nothing there, or nothing predicted."
        }
        "within" => {
            "Rows: true class. Columns: predicted class. Predictions that reach the threshold are matched only with objects of their own class, so off the diagonal all is in the row and the column of none."
        }
        _ => "Rows: true class. Columns: predicted class.",
    };
    format!("{said} {} on the diagonal, {} off it.", amount(cells.on), amount(cells.off))
}

/// A row or a column: a concept, or none.
fn side(cells: &MatrixCells, at: usize) -> Option<u32> {
    cells.concepts.get(at).copied()
}

fn place(cells: &MatrixCells, side: Option<u32>) -> Option<usize> {
    match side {
        None => cells.none.then_some(cells.concepts.len()),
        Some(c) => cells.concepts.iter().position(|x| *x == c),
    }
}

#[component]
pub(super) fn MatrixCard(page: Page) -> impl IntoView {
    let chosen = Chosen::new(page);
    let asked = asked(move || {
        let order = chosen.order.get();
        let given = if order == MatrixOrder::Given { page.broader.order(page)? } else { Vec::new() };
        let view = MatrixView { kind: chosen.kind.get(), order, given, top: chosen.top.get() };
        Some(Explore::Matrix { run: page.run(), at: page.at(), view })
    });
    let cells = answer(asked, |e| if let Explored::Matrix(m) = e { Some(m) } else { None });
    let data = Memo::new(move |_| {
        Arc::new(cells.with(|c| c.as_ref().map(|c| Matrix::of(c, |i| page.name(i))).unwrap_or_default()))
    });
    let print = Signal::derive(move || match chosen.kind.get() {
        MatrixKind::Counts => Print::Count,
        MatrixKind::Rows | MatrixKind::Columns => Print::Percent,
        MatrixKind::MeanScore => Print::Share(2),
    });
    let colours = Signal::derive(move || Colours {
        scheme: if chosen.kind.get() == MatrixKind::MeanScore { Scheme::Amount } else { Scheme::RightWrong },
        logarithmic: chosen.logarithmic.get(),
        hide_diagonal: chosen.hidden.get(),
    });
    let filter = Memo::new(move |_| page.filter());
    let selected = Signal::derive(move || {
        let (truth, predicted) = filter.with(|f| Some((f.truth?, f.predicted?)))?;
        cells.with(|c| c.as_ref().and_then(|c| Some((place(c, truth)?, place(c, predicted)?))))
    });
    let pick = Callback::new(move |(row, column): (usize, usize)| {
        if let Some(c) = cells.get_untracked() {
            let cell =
                PairFilter { truth: Some(side(&c, row)), predicted: Some(side(&c, column)), ..PairFilter::default() };
            page.address.set(&page.parts(&cell));
        }
    });
    // Recall stands at the end of a matrix of counts: what is right in a row, over all of it.
    let end = Signal::derive(move || {
        if chosen.kind.get() != MatrixKind::Counts {
            return Arc::new(End::default());
        }
        Arc::new(data.with(|d| {
            let values = (0..d.side()).map(|i| {
                if d.none && i + 1 == d.side() {
                    return String::new();
                }
                let sum: f64 = (0..d.side()).map(|j| f64::from(d.at(i, j))).filter(|v| v.is_finite()).sum();
                Print::Share(3).maybe((sum > 0.0).then(|| f64::from(d.at(i, i)) / sum))
            });
            End { title: "Recall".to_owned(), values: values.collect() }
        }))
    });
    let table = Callback::new(move |()| {
        let d = data.get();
        let n = d.side();
        let mut found: Vec<(usize, usize, f32)> =
            (0..n * n).map(|k| (k / n, k % n, d.at(k / n, k % n))).filter(|c| c.2.is_finite() && c.2 != 0.0).collect();
        found.sort_by(|a, b| (a.0 == a.1).cmp(&(b.0 == b.1)).then(b.2.total_cmp(&a.2)));
        let head = vec![
            Head::words("True"),
            Head::words("Predicted"),
            Head::number(match chosen.kind.get() {
                MatrixKind::Counts => "Count",
                MatrixKind::Rows => "Share of the row",
                MatrixKind::Columns => "Share of the column",
                MatrixKind::MeanScore => "Mean score",
            }),
        ];
        let total = found.len();
        let row = Callback::new(move |i: usize| {
            let Some((row, column, value)) = found.get(i).copied() else { return Vec::new() };
            let name = |at: usize| d.labels.get(at).cloned().unwrap_or_default();
            vec![name(row), name(column), value.to_string()]
        });
        Table { head, total, row }
    });
    let unit = if page.about().detection { "objects" } else { "inputs" };
    view! {
        <Twin title="Confusion matrix" class="c7" file=page.file("matrix") table=table tools=move || view! { <Tools page=page chosen=chosen/> }
            foot=move || view! { <span>{move || cells.with(|c| c.as_ref().map(|c| rule(c)))}</span> }>
            <Trouble asked=asked what="The matrix could not be computed"/>
            {move || if cells.with(Option::is_none) { view! { <span class="skel matrix-skeleton"></span> }.into_any() } else { view! {
                <div class="beside"><div class="matrix-place"><Heatmap label="Confusion matrix" data=data colours=colours print=print selected=selected pick=pick unit=unit end=end/></div>
                    <Cell page=page filter=filter/></div> }.into_any() }}
        </Twin>
    }
}

#[component]
fn Tools(page: Page, chosen: Chosen) -> impl IntoView {
    let address = page.address;
    let about = page.about();
    let many = about.concepts.len() as u32;
    let kinds = KINDS.into_iter().filter(|k| !about.detection || k.1 != MatrixKind::MeanScore).map(|(word, kind, name)| {
        view! { <button type="button" aria-pressed=move || (chosen.kind.get() == kind).to_string() on:click=move |_| address.set(&[("kind", Some(word.to_owned()).filter(|w| !w.is_empty()))])>{name}</button> }
    }).collect_view();
    let some = |v: String| Some(v).filter(|v| !v.is_empty());
    let tops = move || {
        std::iter::once((String::new(), format!("All {many} classes")))
            .chain(TOPS.into_iter().filter(|t| *t < many).map(|t| (t.to_string(), format!("The first {t}"))))
            .collect::<Vec<_>>()
    };
    view! {
        <span class="segmented" role="group" aria-label="Cell value">{kinds}</span>
        <Popover label="Order and size of the matrix" icon="sliders">
            <div class="stack-s">
                <Choice label="Order of classes" value=Signal::derive(move || ORDERS.iter().find(|o| o.1 == chosen.order.get()).map_or("", |o| o.0).to_owned())
                    options=Signal::derive(move || ORDERS.iter().filter(|o| o.1 != MatrixOrder::Given || page.broader.any.get()).map(|o| (o.0.to_owned(), o.2.to_owned())).collect()) change=Callback::new(move |v| address.set(&[("order", some(v))]))/>
                <Choice label="Classes" value=Signal::derive(move || Some(chosen.top.get()).filter(|t| *t > 0).map(|t| t.to_string()).unwrap_or_default()) options=Signal::derive(tops) change=Callback::new(move |v| address.set(&[("top", some(v))]))/>
                <label class="check"><input type="checkbox" prop:checked=move || chosen.hidden.get() on:change=move |e| address.set(&[("diagonal", event_target_checked(&e).then(|| "0".to_owned()))])/>"Hide the diagonal"</label>
                <label class="check"><input type="checkbox" prop:checked=move || chosen.logarithmic.get() on:change=move |e| address.set(&[("log", event_target_checked(&e).then(|| "1".to_owned()))])/>"Colours by the logarithm"</label>
            </div>
        </Popover>
    }
}

/// The inputs of the picked cell, beside the matrix.
#[component]
fn Cell(page: Page, filter: Memo<PairFilter>) -> impl IntoView {
    let cell = Memo::new(move |_| filter.with(|f| Some((f.truth?, f.predicted?))));
    let asked = asked(move || {
        let (truth, predicted) = cell.get()?;
        let filter = PairFilter { truth: Some(truth), predicted: Some(predicted), ..PairFilter::default() };
        Some(Explore::Pairs {
            run: page.run(),
            at: page.at(),
            filter,
            order: PairOrder::Score,
            offset: 0,
            limit: SHOWN,
        })
    });
    let found = answer(asked, |e| if let Explored::Pairs(p) = e { Some(p) } else { None });
    let name = move |side: Option<u32>| side.map_or_else(|| "none".to_owned(), |c| page.name(c));
    let whole = PairFilter::default();
    view! {
        <div class="cell" role="group" aria-label="Selected cell">
            {move || {
                let Some((truth, predicted)) = cell.get() else {
                    return view! { <p class="small faint">"Pick a cell to see its inputs."</p><a class="lk small" href=page.behind(&whole)>"All inputs"</a> }.into_any();
                };
                // Of objects an input may have several.
                let (one, many) = if page.about().detection { ("pair", "pairs") } else { ("input", "inputs") };
                let to = PairFilter { truth: Some(truth), predicted: Some(predicted), ..PairFilter::default() };
                view! {
                    <p class="small muted">"True "<b>{name(truth)}</b>", predicted "<b>{name(predicted)}</b></p>
                    <p class="count" aria-live="polite">{move || found.with(|f| f.as_ref().map_or_else(|| "…".to_owned(), |f| amount(f.sum)))}</p>
                    <Trouble asked=asked what="The inputs could not be shown"/>
                    <div class="thumbs" aria-hidden="true">{move || found.get().map(|f| f.pairs.iter().map(|p| view! { <span class="thumb">{thumbnail(&p.url, p.width, p.height)}<Drawn pairs=vec![p.clone()] width=p.width height=p.height cover=false/></span> }).collect_view())}</div>
                    <a class="lk small" href=page.behind(&to)>{move || found.with(|f| f.as_ref().map_or_else(|| "Open the inputs".to_owned(), |f| format!("Open {}", format::of(i64::from(f.total), one, many))))}</a>
                    <button type="button" class="btn quiet s" on:click=move |_| page.address.set(&[("truth", None), ("predicted", None)])><Icon name="x"/>"Close"</button>
                }.into_any()
            }}
        </div>
    }
}
