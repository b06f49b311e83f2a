//! COCO: images, objects and categories, one file for each part of the dataset.

use super::{Named, Pass, Source, Survey, each, is_picture, split};
use crate::BlobFile;
use crate::jobs::{Halt, Work};
use crate::store::annotation::AnnotationRow;
use crate::store::geometry;
use crate::store::input::InputRow;
use crate::store::version::Part;
use labelscope_formats::archive;
use labelscope_formats::coco::{Annotation, Category, Image, Segmentation, Writer};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{BufWriter, Write};

pub(super) fn write(
    work: &mut Work<'_>,
    source: &Source,
    survey: &Survey,
    out: &mut BufWriter<BlobFile>,
) -> Result<(), Halt> {
    let (categories, category_of) = categories(source, &survey.used);
    let only = survey.splits.len() > 1;
    let mut zip = archive::Writer::new(out);
    let mut images = Pass { phase: 2, part: Part::Nothing, done: 0 };
    let mut objects = Pass { phase: 3, part: Part::Geometry, done: 0 };
    for (wanted, range) in &survey.splits {
        let entry = zip.entry(&format!("annotations/instances_{wanted}.json"), true)?;
        let mut writer = Writer::new(BufWriter::with_capacity(1 << 16, entry))?;
        if let Some(top) = source.extras.get("top").and_then(Value::as_object) {
            for (key, value) in top {
                writer.extra(key, value)?;
            }
        }
        for category in &categories {
            writer.category(category)?;
        }
        let here = |row: &InputRow| is_picture(row) && (!only || split(row.metadata.as_deref()) == *wanted);
        let mut number = 0;
        each(work, source, &mut images, *range, &mut |row, _| {
            if !here(&row) {
                return Ok(false);
            }
            number += 1;
            let extra = row.origin.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
            let file_name = row.file_name.unwrap_or(row.id);
            writer.image(&Image {
                id: number,
                file_name,
                width: row.width.unsigned_abs() as u32,
                height: row.height.unsigned_abs() as u32,
                extra,
            })?;
            Ok(true)
        })?;
        let (mut number, mut object) = (0, 0);
        each(work, source, &mut objects, *range, &mut |row, seen| {
            if !here(&row) {
                return Ok(false);
            }
            number += 1;
            for (a, labels) in seen {
                let (bbox, area, segmentation) = pixels(row.width, row.height, &a)?;
                for (concept, _) in labels.iter().filter(|(_, value)| *value >= 0.5) {
                    let Some(category_id) = category_of.get(concept) else { continue };
                    object += 1;
                    let extra = a.origin.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
                    let segmentation = segmentation.clone();
                    writer.annotation(&Annotation {
                        id: Some(object),
                        image_id: number,
                        category_id: *category_id,
                        bbox,
                        area,
                        segmentation,
                        iscrowd: a.crowd,
                        extra,
                    })?;
                }
            }
            Ok(true)
        })?;
        writer.finish()?.flush()?;
    }
    zip.finish()?;
    Ok(())
}

/// The categories of the file: those that came with the import, with their ids where these are sound, then every other
/// concept that the version uses. Of a filtered version all are concepts that it uses.
fn categories(source: &Source, used: &HashSet<i64>) -> (Vec<Category>, HashMap<i64, i64>) {
    let (mut out, mut ids): (Vec<Category>, HashMap<i64, i64>) = (Vec::new(), HashMap::new());
    let by_name: HashMap<&str, i64> = source.concepts.iter().map(|(key, c)| (c.name.as_str(), *key)).collect();
    let mut taken = BTreeSet::new();
    let filter = &source.version.filter;
    let filtered = filter.search.is_some() || !filter.concepts.is_empty() || !filter.users.is_empty();
    let came = source.extras.get("categories").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for entry in came {
        let text = |k: &str| entry.get(k).and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = text("name");
        let wanted = entry.get("id").and_then(Value::as_i64).filter(|id| *id >= 1 && !taken.contains(id));
        let id = wanted.unwrap_or_else(|| taken.last().map_or(1, |last| last + 1));
        taken.insert(id);
        let concept = by_name.get(name.as_str());
        if filtered && !concept.is_some_and(|key| used.contains(key)) {
            continue;
        }
        if let Some(key) = concept {
            ids.insert(*key, id);
        }
        let extra = entry.get("extra").and_then(Value::as_object).cloned().unwrap_or_default();
        out.push(Category { id, name, supercategory: text("supercategory"), extra });
    }
    let mut rest: Vec<(&i64, &Named)> =
        source.concepts.iter().filter(|(key, _)| used.contains(key) && !ids.contains_key(key)).collect();
    rest.sort_unstable_by_key(|(key, _)| **key);
    for (key, c) in rest {
        let id = taken.last().map_or(1, |last| last + 1);
        taken.insert(id);
        ids.insert(*key, id);
        out.push(Category { id, name: c.name.clone(), supercategory: c.supercategory.clone(), extra: Map::new() });
    }
    (out, ids)
}

type Pixels = (Option<[f64; 4]>, Option<f64>, Option<Segmentation>);

/// Exact pixels while they hold, else the API's geometry times the size of the image: box, area and outline.
pub(in crate::jobs) fn pixels(width: i64, height: i64, a: &AnnotationRow) -> Result<Pixels, Halt> {
    if a.exact {
        let segmentation = a.segmentation.as_deref().map(serde_json::from_str).transpose()?;
        return Ok((a.bbox, a.area, segmentation));
    }
    let info = a.info.as_deref().map(serde_json::from_str).transpose()?;
    let (bbox, segmentation) = geometry::pixels_of_api(width, height, a.bounds, info.as_ref());
    let area = match &segmentation {
        Some(Segmentation::Polygons(rings)) => Some(rings.iter().map(|r| labelscope_geometry::polygon_area(r)).sum()),
        Some(mask) => mask.mask().and_then(Result::ok).map(|m| m.area() as f64),
        None => bbox.map(|[_, _, w, h]| w * h),
    };
    Ok((bbox, area, segmentation))
}
