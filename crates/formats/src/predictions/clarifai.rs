//! Predictions as the Clarifai API answers them: annotations (`ListAnnotations`), outputs (`PostModelOutputs`), or the test set
//! of an evaluation (`GetEvaluation`). A list of annotations, outputs or entries without a name around it is read too.

use super::json::{self, Layout};
use super::{Name, Prediction, Score, Shape, misplaced, score};
use crate::coco::Error;
use crate::coco::convert::{Misfit, Result, describe, kind, misfit, object};
use labelscope_api::messages::RegionInfo;
use labelscope_api::wire::{Struct, snake_keys};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::io::Read;

static LAYOUT: Layout = Layout {
    what: "predictions as the Clarifai API answers them",
    lists: &["annotations", "outputs", "test_set", "testSet"],
    inside: &["eval_metrics", "evalMetrics"],
    otherwise: "the file has neither annotations nor outputs nor test_set: it holds no predictions",
};

pub(super) fn read(
    reader: impl Read,
    each: &mut dyn FnMut(Prediction) -> std::result::Result<(), Error>,
) -> std::result::Result<(), Error> {
    let mut version = None;
    json::read(reader, &LAYOUT, &mut |list, index, mut value| {
        snake_keys(&mut value);
        let place = format!("{list}[{index}]");
        let found = item(value, &mut version).map_err(|found| misplaced(&place, found))?;
        found.into_iter().try_for_each(|(field, input, shape, scores)| {
            each(Prediction { place: format!("{place}{field}"), input: Name::Text(input), scores, shape })
        })
    })
}

/// Field, input, shape and scores of a prediction.
type Found = (String, String, Shape, Vec<Score>);

fn item(value: Value, version: &mut Option<String>) -> Result<Vec<Found>> {
    let mut map = object(value)?;
    // The first that is there tells what the item is.
    let own = text(&mut map, "", "input_id")?;
    if !own.is_empty() {
        is_predicted(&mut map, version)?;
        return data(&mut map, "", &own);
    }
    let Some(mut input) = inner(&mut map, "", "input")? else {
        return misfit(
            "",
            "names no input: an annotation has input_id, an output and an entry of a test set have input.id",
        );
    };
    let input = text(&mut input, ".input", "id")?;
    if input.is_empty() {
        return misfit(".input.id", "is missing");
    }
    let failed = inner(&mut map, "", "status")?
        .filter(|s| !matches!(s.get("code").and_then(Value::as_i64), None | Some(0 | 10000)));
    if let Some(status) = failed {
        let words = ["details", "description"].iter().filter_map(|k| status.get(*k)?.as_str()).find(|t| !t.is_empty());
        return misfit(".status", format!("the model gave no output for this input: {}", words.unwrap_or("it failed")));
    }
    if let Some(mut annotation) = inner(&mut map, "", "predicted_annotation")? {
        let found = data(&mut annotation, ".predicted_annotation", &input)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    if let Some(list) = take(&mut map, "predicted_concepts") {
        return Ok(concepts(".predicted_concepts", list)?
            .map(|scores| (".predicted_concepts".to_owned(), input, Shape::Whole, scores))
            .into_iter()
            .collect());
    }
    data(&mut map, "", &input)
}

/// What a person says is no prediction, and two models are not one.
fn is_predicted(map: &mut Map<String, Value>, version: &mut Option<String>) -> Result<()> {
    if take(map, "trusted") == Some(Value::Bool(true)) {
        return misfit(".trusted", "is true: this annotation is a label, and no prediction");
    }
    let mut named = text(map, "", "model_version_id")?;
    if let Some(mut worker) = inner(map, "", "worker")? {
        let model = inner(&mut worker, ".worker", "model")?;
        if model.is_none() && named.is_empty() && take(&mut worker, "user").is_some() {
            return misfit(".worker.user", "a user made this annotation, and no model");
        }
        if let Some(mut found) =
            model.map(|mut m| inner(&mut m, ".worker.model", "model_version")).transpose()?.flatten()
        {
            let id = text(&mut found, ".worker.model.model_version", "id")?;
            named = if id.is_empty() { named } else { id };
        }
    }
    match version {
        Some(first) if !named.is_empty() && *first != named => misfit(
            "",
            format!(
                "is of model version \"{named}\", and others in the file are of \"{first}\": import them one after the other"
            ),
        ),
        None if !named.is_empty() => {
            *version = Some(named);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What `data` predicts: one of the whole input, one for each region.
fn data(map: &mut Map<String, Value>, at: &str, input: &str) -> Result<Vec<Found>> {
    let at = format!("{at}.data");
    let Some(mut data) = inner(map, at.strip_suffix(".data").unwrap_or_default(), "data")? else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    if let Some(list) = take(&mut data, "concepts")
        && let Some(scores) = concepts(&format!("{at}.concepts"), list)?
    {
        out.push((at.clone(), input.to_owned(), Shape::Whole, scores));
    }
    let regions = match take(&mut data, "regions") {
        None => Vec::new(),
        Some(Value::Array(list)) => list,
        Some(other) => return misfit(&format!("{at}.regions"), format!("must be a list, but is {}", kind(&other))),
    };
    // An annotation has one region, and its pixels beside it.
    let exact = exact(&mut data).filter(|_| regions.len() == 1);
    for (index, region) in regions.into_iter().enumerate() {
        let field = format!("{at}.regions[{index}]");
        let (shape, scores) = self::region(&field, region, exact.clone())?;
        out.push((field, input.to_owned(), shape, scores));
    }
    Ok(out)
}

/// The pixels that this server keeps beside the API's geometry.
fn exact(data: &mut Map<String, Value>) -> Option<Struct> {
    match take(data, "metadata")? {
        Value::Object(mut metadata) => match metadata.remove("labelscope")? {
            Value::Object(own) => Some(own),
            _ => None,
        },
        _ => None,
    }
}

fn region(at: &str, value: Value, beside: Option<Struct>) -> Result<(Shape, Vec<Score>)> {
    let Value::Object(mut region) = value else {
        return misfit(at, format!("must be an object, but is {}", kind(&value)));
    };
    let Some(info) = take(&mut region, "region_info") else {
        return misfit(&format!("{at}.region_info"), "is missing");
    };
    let field = format!("{at}.region_info");
    let info: RegionInfo = match serde_json::from_value(info) {
        Ok(info) => info,
        Err(error) => return misfit(&field, format!("is no region: {error}")),
    };
    if info == RegionInfo::default() {
        return misfit(&field, "is empty");
    }
    check(&field, &info)?;
    let Some(mut data) = inner(&mut region, at, "data")? else { return misfit(&format!("{at}.data"), "is missing") };
    let exact = exact(&mut data).or(beside);
    let field = format!("{at}.data.concepts");
    match take(&mut data, "concepts").map(|list| concepts(&field, list)).transpose()?.flatten() {
        Some(scores) => Ok((Shape::Region { info: Box::new(info), exact }, scores)),
        None => misfit(&field, "is missing: a predicted region needs a concept with its value"),
    }
}

/// Rows and columns are fractions.
fn check(field: &str, info: &RegionInfo) -> Result<()> {
    let sound = |v: f32| v.is_finite() && (-0.001..=1.001).contains(&v);
    if let Some(b) = &info.bounding_box {
        let sides = [
            ("top_row", b.top_row),
            ("left_col", b.left_col),
            ("bottom_row", b.bottom_row),
            ("right_col", b.right_col),
        ];
        if let Some((name, value)) = sides.into_iter().find(|(_, v)| !sound(*v)) {
            return misfit(
                &format!("{field}.bounding_box.{name}"),
                format!("must be a fraction from 0 to 1, but is {value}"),
            );
        }
        if b.top_row > b.bottom_row || b.left_col > b.right_col {
            return misfit(
                &format!("{field}.bounding_box"),
                "has its top below its bottom or its left beyond its right",
            );
        }
    }
    let points = info.polygon.iter().flat_map(|p| &p.points).chain(&info.point);
    match points.into_iter().find(|p| !sound(p.row) || !sound(p.col)) {
        Some(p) => {
            misfit(field, format!("has a point at row {}, column {}; both are fractions from 0 to 1", p.row, p.col))
        }
        None => Ok(()),
    }
}

/// The scores in a list of concepts; `None` where it is empty.
fn concepts(at: &str, list: Value) -> Result<Option<Vec<Score>>> {
    let list = match list {
        Value::Null => return Ok(None),
        Value::Array(list) => list,
        other => return misfit(at, format!("must be a list, but is {}", kind(&other))),
    };
    let (mut out, mut seen) = (Vec::with_capacity(list.len()), HashSet::new());
    for (index, concept) in list.into_iter().enumerate() {
        let at = format!("{at}[{index}]");
        let Value::Object(mut concept) = concept else {
            return misfit(&at, format!("must be an object, but is {}", kind(&concept)));
        };
        let value = score(&format!("{at}.value"), concept.get("value"))?;
        let (id, name) = (text(&mut concept, &at, "id")?, text(&mut concept, &at, "name")?);
        let (id, name) = if id.is_empty() { (name, String::new()) } else { (id, name) };
        if id.is_empty() {
            return misfit(&format!("{at}.id"), "is missing");
        }
        if !seen.insert(id.clone()) {
            return misfit(&format!("{at}.id"), format!("is \"{id}\", which another concept of this list has too"));
        }
        out.push(Score { concept: Name::Text(id), name, value });
    }
    Ok((!out.is_empty()).then_some(out))
}

/// Takes out a field; null is absent.
fn take(map: &mut Map<String, Value>, field: &str) -> Option<Value> {
    map.remove(field).filter(|v| !v.is_null())
}

fn inner(map: &mut Map<String, Value>, at: &str, field: &str) -> Result<Option<Map<String, Value>>> {
    match take(map, field) {
        None => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(other) => misfit(&format!("{at}.{field}"), format!("must be an object, but is {}", kind(&other))),
    }
}

fn text(map: &mut Map<String, Value>, at: &str, field: &str) -> Result<String> {
    match take(map, field) {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text),
        Some(other) => {
            Err(Misfit { field: format!("{at}.{field}"), reason: format!("must be text, but is {}", describe(&other)) })
        }
    }
}
