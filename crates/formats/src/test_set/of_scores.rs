//! A test set from a table of scores: `{"classes": […], "items": [{"id", "true_label", "scores": […]}]}`, a score for each class.

use super::of_coco::unreadable;
use crate::coco::Error;
use labelscope_metrics::{Content, Labels, NEGATIVE, Named, POSITIVE, TestInput, TestSet};
use serde::Deserialize;
use std::io::Read;

#[derive(Deserialize)]
struct Table {
    classes: Vec<String>,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    true_label: String,
    scores: Vec<f64>,
}

/// Reads such a file. Classes stay in their order, which decides between equal scores.
pub fn of_scores(reader: impl Read) -> Result<TestSet, Error> {
    let table: Table = serde_json::from_reader(reader).map_err(|e| unreadable(e, "no table of scores"))?;
    let width = table.classes.len();
    let mut labels = Labels::default();
    let mut inputs = Vec::with_capacity(table.items.len());
    for (at, item) in table.items.into_iter().enumerate() {
        if item.scores.len() != width {
            let reason = format!("has {} numbers for {width} classes", item.scores.len());
            return Err(Error::at(format!("items[{at}].scores"), reason));
        }
        let Some(class) = table.classes.iter().position(|c| *c == item.true_label) else {
            return Err(Error::at(
                format!("items[{at}].true_label"),
                format!("is \"{}\", which is none of the classes", item.true_label),
            ));
        };
        labels.truth.extend((0..width).map(|c| if c == class { POSITIVE } else { NEGATIVE }));
        labels.scores.extend(item.scores);
        inputs.push(TestInput { id: item.id, predicted: true, ..TestInput::default() });
    }
    let concepts = table.classes.into_iter().map(|name| Named { id: name.clone(), name }).collect();
    Ok(TestSet { concepts, inputs, content: Content::Labels(labels) })
}
