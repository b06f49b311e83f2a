//! All figures as a file.

use super::page::Page;
use crate::charts::{Head, Table, csv, save};
use crate::components::Popover;
use labelscope_messages::evaluation::{Figures, Settings};
use leptos::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// All of it as JSON: settings, the whole, and each class with its id.
fn as_json(page: Page, at: Settings, figures: &Figures) -> String {
    let whole: serde_json::Map<String, Value> =
        figures.whole.iter().map(|w| (w.name.clone(), json!(w.value))).collect();
    let deviations: serde_json::Map<String, Value> =
        figures.whole.iter().filter_map(|w| Some((w.name.clone(), json!(w.deviation?)))).collect();
    let classes: Vec<Value> = figures
        .classes
        .iter()
        .map(|c| {
            json!({ "concept": page.id(c.concept), "name": page.name(c.concept), "positives": c.positives, "predicted": c.predicted,
                "true_positives": c.true_positives, "false_positives": c.false_positives, "false_negatives": c.false_negatives,
                "precision": c.precision, "recall": c.recall, "f1": c.f1, "average_precision": c.average_precision,
                "average_precision_range": c.average_precision_range, "roc_auc": c.roc_auc, "best_f1": c.best_f1, "best_threshold": c.best_threshold })
        })
        .collect();
    let out = json!({ "evaluation": page.run(), "settings": at, "figures": whole, "standard_deviations": deviations, "left_out": figures.left_out, "classes": classes });
    serde_json::to_string_pretty(&out).unwrap_or_default()
}

/// One figure a line: of the whole, then of each class.
fn as_table(page: Page, figures: Arc<Figures>) -> Table {
    let whole = figures
        .whole
        .iter()
        .map(|w| [String::new(), String::new(), w.name.clone(), w.value.map(|v| v.to_string()).unwrap_or_default()]);
    let classes = figures.classes.iter().flat_map(|c| {
        let (id, name) = (page.id(c.concept), page.name(c.concept));
        let counts = [
            ("positives", c.positives),
            ("predicted", c.predicted),
            ("true_positives", c.true_positives),
            ("false_positives", c.false_positives),
            ("false_negatives", c.false_negatives),
        ];
        let shares = [
            ("precision", c.precision),
            ("recall", c.recall),
            ("f1", c.f1),
            ("average_precision", c.average_precision),
            ("average_precision_range", c.average_precision_range),
            ("roc_auc", c.roc_auc),
            ("best_f1", c.best_f1),
            ("best_threshold", c.best_threshold),
        ];
        let counts = counts.map(|(n, v)| (n, v.to_string()));
        let shares = shares.into_iter().filter_map(|(n, v)| Some((n, v?.to_string())));
        counts
            .into_iter()
            .chain(shares)
            .map(move |(n, v)| [id.clone(), name.clone(), n.to_owned(), v])
            .collect::<Vec<_>>()
    });
    let rows: Vec<[String; 4]> = whole.chain(classes).collect();
    let total = rows.len();
    let row = Callback::new(move |i: usize| rows.get(i).map(|r| r.to_vec()).unwrap_or_default());
    Table {
        head: vec![Head::words("Class id"), Head::words("Class"), Head::words("Figure"), Head::number("Value")],
        total,
        row,
    }
}

#[component]
pub(super) fn SaveFigures(page: Page) -> impl IntoView {
    let ready = move || page.figures.with(Option::is_some);
    let csv_file = move |_| {
        if let Some(f) = page.figures.get_untracked() {
            save(&format!("{}.csv", page.file("figures")), "text/csv", &csv(&as_table(page, f)));
        }
    };
    let json_file = move |_| {
        if let Some(f) = page.figures.get_untracked() {
            save(
                &format!("{}.json", page.file("figures")),
                "application/json",
                &as_json(page, page.address.at.get_untracked(), &f),
            );
        }
    };
    view! {
        <Popover label="Save figures" icon="download" class="btn grow" word="Save figures">
            {page.saving.set(true)}
            <div class="stack-s"><p class="small muted">"All figures of the whole and of each class, at the threshold of this page, in full."</p>
                <button type="button" class="btn" disabled=move || !ready() on:click=csv_file>"As CSV"</button>
                <button type="button" class="btn" disabled=move || !ready() on:click=json_file>"As JSON"</button></div>
        </Popover>
    }
}
