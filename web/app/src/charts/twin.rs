use super::LongTable;
use crate::components::Icon;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A column of a chart's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub title: String,
    /// Figures stand to the right.
    pub number: bool,
}

impl Head {
    /// A column of words.
    pub fn words(title: impl Into<String>) -> Self {
        Self { title: title.into(), number: false }
    }

    /// A column of figures.
    pub fn number(title: impl Into<String>) -> Self {
        Self { title: title.into(), number: true }
    }
}

/// What a chart shows, as rows.
#[derive(Clone)]
pub struct Table {
    pub head: Vec<Head>,
    pub total: usize,
    /// The texts of a row, as many as there are heads. Figures stand in full, without thousands' separators, since the same
    /// rows go into a file.
    pub row: Callback<usize, Vec<String>>,
}

/// A card with a chart that can be shown as a table, and kept as CSV, from the same rows.
#[component]
pub fn Twin(
    #[prop(into)] title: Signal<String>,
    /// Beside the title, in small words.
    #[prop(optional, into)]
    note: Option<Signal<String>>,
    /// How many of twelve columns: `c8`.
    #[prop(optional)]
    class: &'static str,
    /// The file's name, without its end.
    #[prop(into)]
    file: Signal<String>,
    /// Is asked anew whenever what it reads changes, and only while the table is shown or a file is made.
    table: Callback<(), Table>,
    /// Controls in the head, before the two buttons.
    #[prop(optional, into)]
    tools: Option<ViewFn>,
    /// A line at the foot.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    /// The chart goes to the card's edges, as tables do.
    #[prop(optional)]
    flush: bool,
    /// The chart.
    children: ChildrenFn,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let keep = move |_| {
        let table = untrack(|| table.run(()));
        save(&format!("{}.csv", file.get_untracked()), "text/csv", &untrack(|| csv(&table)));
    };
    let table_name = Signal::derive(move || format!("{}, as a table", title.get()));
    view! {
        <section class=format!("card twin {class}") aria-label=move || title.get()>
            <header><h2>{move || title.get()}</h2>{note.map(|note| view! { <span class="faint small">{move || note.get()}</span> })}
                <span class="push">{tools.map(|t| t.run())}
                    <button type="button" class="btn iconly quiet s" aria-label="Show as table" title="Show as table" aria-pressed=move || as_table.get().to_string() on:click=move |_| as_table.update(|t| *t = !*t)><Icon name="list"/></button>
                    <button type="button" class="btn iconly quiet s" aria-label="Save as CSV" title="Save as CSV" on:click=keep><Icon name="download"/></button>
                </span></header>
            {move || if as_table.get() { view! { <Rows label=table_name table=table/> }.into_any() } else { view! { <div class:body=!flush>{children()}</div> }.into_any() }}
            {foot.map(|f| view! { <footer>{f.run()}</footer> })}
        </section>
    }
}

#[component]
fn Rows(label: Signal<String>, table: Callback<(), Table>) -> impl IntoView {
    move || {
        let Table { head, total, row } = table.run(());
        let numbers: Vec<bool> = head.iter().map(|h| h.number).collect();
        let heads = move || {
            let cells = head.clone().into_iter().map(|h| view! { <th scope="col" class:num=h.number>{h.title}</th> });
            view! { <tr>{cells.collect_view()}</tr> }
        };
        let row = Callback::new(move |i: usize| {
            let mut texts = row.run(i).into_iter();
            let first = texts
                .next()
                .map(|t| view! { <th scope="row" class:num=numbers.first().copied().unwrap_or_default()>{t}</th> });
            let rest = texts
                .zip(numbers.iter().skip(1).copied())
                .map(|(t, number)| view! { <td class:num=number>{t}</td> })
                .collect_view();
            view! { {first}{rest} }.into_any()
        });
        view! { <LongTable label=label head=ViewFn::from(heads) total=total row=row/> }
    }
}

/// The rows as CSV (RFC 4180), with a byte order mark, without which spreadsheets take names for Latin-1.
#[must_use]
pub fn csv(table: &Table) -> String {
    let mut out = String::from('\u{feff}');
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for (i, cell) in cells.enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push_str(&field(cell));
        }
        out.push_str("\r\n");
    };
    line(&mut table.head.iter().map(|h| h.title.as_str()));
    for i in 0..table.total {
        line(&mut table.row.run(i).iter().map(String::as_str));
    }
    out
}

/// One cell. Spreadsheets run what begins like a formula, so a quote goes before it; numbers stay numbers.
fn field(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if runs { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Gives the browser a file to keep.
pub fn save(name: &str, kind: &str, text: &str) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let link: web_sys::HtmlAnchorElement = link.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    let _ = web_sys::Url::revoke_object_url(&address);
}
