//! From JSON to the model, with the field and the reason of whatever does not fit.

use super::model::{Annotation, Category, Counts, Image, Segmentation};
use serde_json::{Map, Value};

/// A field and why it does not fit. The field is relative to its item: `.bbox[2]`.
pub(crate) struct Misfit {
    pub field: String,
    pub reason: String,
}

pub(crate) type Result<T> = std::result::Result<T, Misfit>;

pub(crate) fn misfit<T>(field: &str, reason: impl Into<String>) -> Result<T> {
    Err(Misfit { field: field.to_owned(), reason: reason.into() })
}

/// What a value is, in a word for people.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

pub(crate) fn object(value: Value) -> Result<Map<String, Value>> {
    match value {
        Value::Object(map) => Ok(map),
        other => misfit("", format!("must be an object, but is {}", kind(&other))),
    }
}

/// A whole number; `7.0` is one.
pub(crate) fn whole(field: &str, value: &Value) -> Result<i64> {
    let number =
        value.as_i64().or_else(|| value.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 9e15).map(|n| n as i64));
    match number {
        Some(n) => Ok(n),
        None => misfit(field, format!("must be a whole number, but is {}", describe(value))),
    }
}

pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Number(n) => n.to_string(),
        Value::String(s) => format!("the text \"{}\"", s.chars().take(40).collect::<String>()),
        other => kind(other).to_owned(),
    }
}

pub(crate) fn need(map: &mut Map<String, Value>, field: &'static str) -> Result<Value> {
    match map.remove(field) {
        None | Some(Value::Null) => misfit(&format!(".{field}"), "is missing"),
        Some(value) => Ok(value),
    }
}

fn id(map: &mut Map<String, Value>, field: &'static str) -> Result<i64> {
    let value = need(map, field)?;
    whole(&format!(".{field}"), &value)
}

pub(crate) fn number(field: &str, value: &Value) -> Result<f64> {
    match value.as_f64().filter(|n| n.is_finite()) {
        Some(n) => Ok(n),
        None => misfit(field, format!("must be a number, but is {}", describe(value))),
    }
}

fn text(map: &mut Map<String, Value>, field: &'static str) -> Result<String> {
    match need(map, field)? {
        Value::String(s) => Ok(s),
        other => misfit(&format!(".{field}"), format!("must be text, but is {}", kind(&other))),
    }
}

fn pixels(map: &mut Map<String, Value>, field: &'static str) -> Result<u32> {
    let n = id(map, field)?;
    match u32::try_from(n).ok().filter(|n| (1..=1_000_000).contains(n)) {
        Some(n) => Ok(n),
        None => misfit(&format!(".{field}"), format!("must be from 1 to 1000000 pixels, but is {n}")),
    }
}

pub(super) fn image(value: Value) -> Result<Image> {
    let mut map = object(value)?;
    let image = Image {
        id: id(&mut map, "id")?,
        file_name: text(&mut map, "file_name")?,
        width: pixels(&mut map, "width")?,
        height: pixels(&mut map, "height")?,
        extra: map,
    };
    if image.file_name.trim().is_empty() {
        return misfit(".file_name", "is empty");
    }
    Ok(image)
}

pub(super) fn category(value: Value) -> Result<Category> {
    let mut map = object(value)?;
    let id = id(&mut map, "id")?;
    let name = text(&mut map, "name")?;
    if name.trim().is_empty() {
        return misfit(".name", "is empty");
    }
    let supercategory = match map.remove("supercategory") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(s)) => s,
        Some(other) => return misfit(".supercategory", format!("must be text, but is {}", kind(&other))),
    };
    Ok(Category { id, name, supercategory, extra: map })
}

pub(super) fn annotation(value: Value) -> Result<Annotation> {
    let mut map = object(value)?;
    let id = match map.remove("id") {
        None | Some(Value::Null) => None,
        Some(v) => Some(whole(".id", &v)?),
    };
    let image_id = self::id(&mut map, "image_id")?;
    let category_id = self::id(&mut map, "category_id")?;
    let bbox = match map.remove("bbox") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) if list.is_empty() => None,
        Some(v) => Some(bbox(&v)?),
    };
    let area = match map.remove("area") {
        None | Some(Value::Null) => None,
        Some(v) => Some(number(".area", &v)?),
    };
    let iscrowd = match map.remove("iscrowd") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(b)) => b,
        Some(v) => match whole(".iscrowd", &v)? {
            0 => false,
            1 => true,
            n => return misfit(".iscrowd", format!("must be 0 or 1, but is {n}")),
        },
    };
    let segmentation = match map.remove("segmentation") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) if list.is_empty() => None,
        Some(v) => Some(segmentation(v)?),
    };
    Ok(Annotation { id, image_id, category_id, bbox, area, segmentation, iscrowd, extra: map })
}

pub(crate) fn bbox(value: &Value) -> Result<[f64; 4]> {
    let Some(list) = value.as_array() else {
        return misfit(".bbox", format!("must be a list of four numbers, but is {}", kind(value)));
    };
    let [x, y, w, h] = list.as_slice() else {
        return misfit(".bbox", format!("must have four numbers (left, top, width, height), but has {}", list.len()));
    };
    let mut out = [0.0; 4];
    for (i, (slot, v)) in out.iter_mut().zip([x, y, w, h]).enumerate() {
        *slot = number(&format!(".bbox[{i}]"), v)?;
        if i > 1 && *slot < 0.0 {
            let name = if i == 2 { "width" } else { "height" };
            return misfit(&format!(".bbox[{i}]"), format!("is a {name} and must not be negative, but is {slot}"));
        }
    }
    Ok(out)
}

pub(crate) fn segmentation(value: Value) -> Result<Segmentation> {
    match value {
        Value::Array(outlines) => {
            // Some tools write one flat list instead of a list of lists.
            let outlines = if outlines.iter().all(Value::is_number) { vec![Value::Array(outlines)] } else { outlines };
            outlines.iter().enumerate().map(|(i, v)| outline(i, v)).collect::<Result<_>>().map(Segmentation::Polygons)
        }
        Value::Object(mut map) => {
            let size = match map.get("size").and_then(Value::as_array).map(Vec::as_slice) {
                Some([h, w]) => [whole(".segmentation.size[0]", h)?, whole(".segmentation.size[1]", w)?],
                _ => return misfit(".segmentation.size", "must be a list of height and width"),
            };
            let [Ok(height), Ok(width)] = size.map(u32::try_from) else {
                return misfit(".segmentation.size", "must not be negative");
            };
            let counts = match map.remove("counts") {
                Some(Value::String(s)) => Counts::Text(s),
                Some(Value::Array(list)) => {
                    let mut numbers = Vec::with_capacity(list.len());
                    for (i, v) in list.iter().enumerate() {
                        let field = format!(".segmentation.counts[{i}]");
                        let n = whole(&field, v)?;
                        match u32::try_from(n) {
                            Ok(n) => numbers.push(n),
                            Err(_) => {
                                return misfit(&field, format!("is a length and must not be negative, but is {n}"));
                            }
                        }
                    }
                    Counts::Numbers(numbers)
                }
                _ => return misfit(".segmentation.counts", "must be run lengths: text or a list of numbers"),
            };
            let made = Segmentation::Rle { size: [height, width], counts };
            match made.mask() {
                Some(Err(error)) => misfit(".segmentation.counts", error.to_string()),
                _ => Ok(made),
            }
        }
        other => misfit(".segmentation", format!("must be outlines or run lengths, but is {}", kind(&other))),
    }
}

fn outline(i: usize, value: &Value) -> Result<Vec<f64>> {
    let at = format!(".segmentation[{i}]");
    let Some(list) = value.as_array() else {
        return misfit(&at, format!("must be a list of numbers, but is {}", kind(value)));
    };
    if list.len() < 6 || !list.len().is_multiple_of(2) {
        return misfit(&at, format!("must have x and y of at least three points, but has {} numbers", list.len()));
    }
    list.iter().enumerate().map(|(k, v)| number(&format!("{at}[{k}]"), v)).collect()
}
