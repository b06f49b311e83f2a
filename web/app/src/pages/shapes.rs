//! From annotations of the API to shapes on the screen.

use crate::components::{Outline, Shape};
use crate::data;
use labelscope_api::extensions::ConceptUse;
use labelscope_api::messages::{Annotation, Input};
use serde_json::Value;
use std::collections::HashMap;

/// Colours by concept: the seven most used of a dataset have one of their own, the rest shares the eighth.
pub(crate) fn colours(concepts: &[ConceptUse]) -> HashMap<String, u8> {
    concepts.iter().take(7).zip(1u8..).map(|(c, n)| (c.id.clone(), n)).collect()
}

/// Colours by concept, from the annotations at hand.
pub(crate) fn colours_of(said: &[Annotation]) -> HashMap<String, u8> {
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for id in said.iter().filter_map(concept) {
        *uses.entry(id).or_default() += 1;
    }
    let mut order: Vec<_> = uses.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    order.into_iter().take(7).zip(1u8..).map(|((id, _), n)| (id.to_owned(), n)).collect()
}

/// The id of the concept of an annotation's region.
pub(crate) fn concept(annotation: &Annotation) -> Option<&str> {
    annotation.data.as_deref()?.regions.first()?.data.as_deref()?.concepts.first().map(|c| c.id.as_str())
}

/// Pixels of an input's picture.
pub(crate) fn size(input: &Input) -> (f64, f64) {
    let info = input.data.as_ref().and_then(|d| d.image.as_ref()).and_then(|i| i.image_info.as_ref());
    info.map_or((640.0, 480.0), |i| (f64::from(i.width.max(1)), f64::from(i.height.max(1))))
}

/// The address of a picture in one of its sizes; none where the file is not here.
pub(crate) fn picture(input: &Input, wanted: &str) -> Option<String> {
    let image = input.data.as_ref()?.image.as_ref()?;
    let Some(hosted) = &image.hosted else {
        // What the own server has not fetched, nobody fetches; another shows it from where it is.
        return Some(image.url.as_str()).filter(|u| !u.is_empty() && !data::is_own()).and_then(data::media);
    };
    let size = if hosted.sizes.is_empty() || hosted.sizes.iter().any(|s| s == wanted) { wanted } else { "orig" };
    data::media(&format!("{}/{size}/{}", hosted.prefix, hosted.suffix))
}

/// The name of the file, or the id.
pub(crate) fn name(input: &Input) -> String {
    let own = input.data.as_ref().and_then(|d| d.metadata.as_ref()).and_then(|m| m.get("labelscope"));
    let file = own.and_then(|o| o.get("file_name")).and_then(Value::as_str).unwrap_or(&input.id);
    let last = file.rsplit('/').next().unwrap_or(file);
    last.rsplit_once('.').map_or(last, |(stem, _)| stem).to_owned()
}

/// The labels of an annotation in a line.
pub(crate) fn label(annotation: &Annotation) -> String {
    let data = annotation.data.as_deref();
    let regions = data.into_iter().flat_map(|d| &d.regions).filter_map(|r| r.data.as_deref()).flat_map(|d| &d.concepts);
    let whole = data.into_iter().flat_map(|d| &d.concepts);
    let names: Vec<&str> =
        whole.chain(regions).map(|c| if c.name.is_empty() { c.id.as_str() } else { c.name.as_str() }).collect();
    names.join(", ")
}

/// What an annotation draws on a picture of this size. Outlines as they came in are preferred to the API's, which hold
/// one ring.
pub(crate) fn shape(
    annotation: &Annotation,
    (width, height): (f64, f64),
    colours: &HashMap<String, u8>,
) -> Option<Shape> {
    let data = annotation.data.as_deref()?;
    let region = data.regions.first()?;
    let concept = region.data.as_deref().and_then(|d| d.concepts.first());
    let own = data.metadata.as_ref().and_then(|m| m.get("labelscope"));
    let rings = own.and_then(|o| o.get("segmentation")).and_then(rings_of);
    let info = region.region_info.as_ref()?;
    let outline = if let Some(rings) = rings {
        Outline::Rings(rings)
    } else if let Some(polygon) = &info.polygon {
        Outline::Rings(vec![
            polygon.points.iter().flat_map(|p| [f64::from(p.col) * width, f64::from(p.row) * height]).collect(),
        ])
    } else if let Some(b) = &info.bounding_box {
        let (x, y) = (f64::from(b.left_col) * width, f64::from(b.top_row) * height);
        Outline::Box([x, y, f64::from(b.right_col) * width - x, f64::from(b.bottom_row) * height - y])
    } else {
        // A mask: its box, where one came with it.
        let numbers: Vec<f64> = own?.get("bbox")?.as_array()?.iter().filter_map(Value::as_f64).collect();
        Outline::Box(numbers.try_into().ok()?)
    };
    Some(Shape {
        label: label(annotation),
        colour: concept.and_then(|c| colours.get(&c.id).copied()).unwrap_or(8),
        outline,
    })
}

fn rings_of(segmentation: &Value) -> Option<Vec<Vec<f64>>> {
    let rings: Vec<Vec<f64>> = segmentation
        .as_array()?
        .iter()
        .filter_map(Value::as_array)
        .map(|ring| ring.iter().filter_map(Value::as_f64).collect())
        .collect();
    (!rings.is_empty()).then_some(rings)
}
