//! COCO results: a list of `{image_id, category_id, bbox or segmentation, score}`.
//!
//! Format: <https://cocodataset.org/#format-results>.

use super::json::{self, Layout};
use super::{Name, Prediction, Score, Shape, misplaced, score};
use crate::coco::Error;
use crate::coco::convert::{Result, bbox, describe, misfit, need, object, segmentation, whole};
use serde_json::Value;
use std::io::Read;

static LAYOUT: Layout = Layout {
    what: "COCO results: a list of predictions",
    lists: &[],
    inside: &[],
    otherwise: "the file is an object: COCO results are a list of {image_id, category_id, bbox or segmentation, score}",
};

pub(super) fn read(
    reader: impl Read,
    each: &mut dyn FnMut(Prediction) -> std::result::Result<(), Error>,
) -> std::result::Result<(), Error> {
    json::read(reader, &LAYOUT, &mut |_, index, value| {
        let place = format!("[{index}]");
        match item(value) {
            Ok((input, shape, score)) => each(Prediction { place, input, scores: vec![score], shape }),
            Err(found) => Err(misplaced(&place, found)),
        }
    })
}

fn item(value: Value) -> Result<(Name, Shape, Score)> {
    let mut map = object(value)?;
    let input = match need(&mut map, "image_id")? {
        Value::String(text) if !text.is_empty() => Name::Text(text),
        number @ Value::Number(_) => Name::Number(whole(".image_id", &number)?),
        other => return misfit(".image_id", format!("must be a number or text, but is {}", describe(&other))),
    };
    let category = need(&mut map, "category_id")?;
    let concept = Name::Number(whole(".category_id", &category)?);
    let value = score(".score", map.get("score"))?;
    let bbox = match map.remove("bbox") {
        None | Some(Value::Null) => None,
        Some(v) => Some(bbox(&v)?),
    };
    let segmentation = match map.remove("segmentation") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) if list.is_empty() => None,
        Some(v) => Some(segmentation(v)?),
    };
    if bbox.is_none() && segmentation.is_none() {
        return misfit("", "has neither bbox nor segmentation");
    }
    Ok((input, Shape::Pixels { bbox, segmentation }, Score { concept, name: String::new(), value }))
}
