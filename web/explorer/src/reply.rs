//! A test set out of a reply of GetEvaluation, for servers that have no other way to give one.

use crate::Problem;
use labelscope_api::messages::{
    Annotation, Concept, EvalMetrics, EvalTestSetEntry, Image, Input, Region, SingleEvalMetricsResponse,
};
use labelscope_geometry::{PixelBox, RelativeBox, polygon_area, polygon_bounds};
use labelscope_metrics::{
    Content, Labels, NEGATIVE, Named, Objects, POSITIVE, Prediction, TestInput, TestSet, Truth, UNKNOWN,
};
use std::collections::{HashMap, HashSet};

/// Reads a whole reply.
pub(crate) fn read(json: &[u8]) -> Result<EvalMetrics, Problem> {
    let reply: SingleEvalMetricsResponse = serde_json::from_slice(json)?;
    let status = reply.status.map(|s| s.description).filter(|d| !d.is_empty());
    reply.eval_metrics.ok_or_else(|| Problem::NoTestSet(status.map(|d| format!(": {d}")).unwrap_or_default()))
}

pub(crate) fn test_set(json: &[u8]) -> Result<TestSet, Problem> {
    let evaluation = read(json)?;
    if evaluation.test_set.is_empty() {
        return Err(Problem::NoTestSet(String::new()));
    }
    let entries = &evaluation.test_set;
    let inputs: Vec<TestInput> = entries.iter().map(input).collect();
    let detection = entries.iter().any(|e| regions(truth_of(e)).chain(regions(said_of(e))).any(has_shape));
    let concepts = concepts(entries, detection);
    let places: HashMap<&str, u32> = concepts.iter().map(|c| c.id.as_str()).zip(0..).collect();
    let content = if detection {
        Content::Objects(objects(entries, &inputs, &places))
    } else {
        Content::Labels(labels(entries, &places, &disputed(&evaluation)))
    };
    Ok(TestSet { concepts, inputs, content })
}

fn truth_of(entry: &EvalTestSetEntry) -> Option<&Annotation> {
    entry.ground_truth_annotation.as_deref().or(entry.annotation.as_deref())
}

fn said_of(entry: &EvalTestSetEntry) -> Option<&Annotation> {
    entry.predicted_annotation.as_deref()
}

fn regions(annotation: Option<&Annotation>) -> impl Iterator<Item = &Region> {
    annotation.and_then(|a| a.data.as_deref()).into_iter().flat_map(|data| &data.regions)
}

fn has_shape(region: &Region) -> bool {
    region.region_info.as_ref().is_some_and(|info| info.bounding_box.is_some() || info.polygon.is_some())
}

fn of_region(region: &Region) -> &[Concept] {
    region.data.as_deref().map(|data| data.concepts.as_slice()).unwrap_or_default()
}

fn input(entry: &EvalTestSetEntry) -> TestInput {
    let of = entry.input.as_deref();
    let image = of.and_then(|i: &Input| i.data.as_deref()).and_then(|data| data.image.as_ref());
    let (width, height) = image.map(size).unwrap_or_default();
    TestInput {
        id: of.map(|i| i.id.clone()).unwrap_or_default(),
        url: image.map(url).unwrap_or_default(),
        width,
        height,
        predicted: !entry.predicted_concepts.is_empty() || entry.predicted_annotation.is_some(),
    }
}

/// Pixels of the picture, or of the largest copy: boxes are fractions, so only the shape of it matters.
fn size(image: &Image) -> (u32, u32) {
    let copies = image.hosted_image_info.values();
    let all = image.image_info.iter().chain(copies).map(|info| (info.width, info.height));
    let known = all.filter_map(|(w, h)| Some((u32::try_from(w).ok()?, u32::try_from(h).ok()?)));
    let known: Vec<(u32, u32)> = known.filter(|(w, h)| *w > 0 && *h > 0).collect();
    let own = image.image_info.as_ref().is_some_and(|info| info.width > 0 && info.height > 0);
    if own { known.first().copied() } else { known.iter().copied().max() }.unwrap_or_default()
}

fn url(image: &Image) -> String {
    let hosted = image.hosted.as_ref().filter(|h| !h.prefix.is_empty());
    let copy = hosted.and_then(|h| {
        let size = h.sizes.iter().find(|s| *s == "small").or_else(|| h.sizes.first())?;
        Some(format!("{}/{size}/{}", h.prefix.trim_end_matches('/'), h.suffix))
    });
    copy.unwrap_or_else(|| image.url.clone())
}

/// All that are true or predicted, most labelled first.
fn concepts(entries: &[EvalTestSetEntry], detection: bool) -> Vec<Named> {
    let mut counts: HashMap<&str, (u32, &str)> = HashMap::new();
    for entry in entries {
        let (truth, said): (Vec<&Concept>, Vec<&Concept>) = if detection {
            (
                regions(truth_of(entry)).filter(|r| has_shape(r)).flat_map(of_region).collect(),
                regions(said_of(entry)).filter(|r| has_shape(r)).flat_map(of_region).collect(),
            )
        } else {
            (entry.ground_truth_concepts.iter().collect(), entry.predicted_concepts.iter().collect())
        };
        let counted = truth.into_iter().map(|c| (c, u32::from(c.value.is_positive())));
        for (concept, count) in counted.chain(said.into_iter().map(|c| (c, 0))) {
            let held = counts.entry(&concept.id).or_insert((0, &concept.name));
            held.0 += count;
            if held.1.is_empty() {
                held.1 = &concept.name;
            }
        }
    }
    let mut all: Vec<(&str, (u32, &str))> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(b.0)));
    let named = |(id, (_, name)): (&str, (u32, &str))| Named {
        id: id.to_owned(),
        name: if name.is_empty() { id } else { name }.to_owned(),
    };
    all.into_iter().map(named).collect()
}

/// Pairs of input and concept on which workers contradict each other, as our own server tells them.
fn disputed(evaluation: &EvalMetrics) -> HashSet<(String, String)> {
    let notes = evaluation.extended_metrics.as_ref().and_then(|e| e.user_metrics.as_ref()?.get("labelscope"));
    let pairs = notes.and_then(|n| n.get("disputed")?.as_array()).into_iter().flatten();
    let text = |pair: &serde_json::Value, key: &str| Some(pair.get(key)?.as_str()?.to_owned());
    pairs.filter_map(|pair| Some((text(pair, "input_id")?, text(pair, "concept_id")?))).collect()
}

fn labels(entries: &[EvalTestSetEntry], places: &HashMap<&str, u32>, disputed: &HashSet<(String, String)>) -> Labels {
    let width = places.len();
    let mut labels = Labels { scores: vec![0.0; entries.len() * width], truth: vec![NEGATIVE; entries.len() * width] };
    let at = |row: usize, id: &str| places.get(id).map(|column| row * width + *column as usize);
    for (row, entry) in entries.iter().enumerate() {
        for concept in &entry.predicted_concepts {
            if let Some(score) = at(row, &concept.id).and_then(|at| labels.scores.get_mut(at)) {
                *score = f64::from(concept.value.0);
            }
        }
        for concept in entry.ground_truth_concepts.iter().filter(|c| c.value.is_positive()) {
            if let Some(truth) = at(row, &concept.id).and_then(|at| labels.truth.get_mut(at)) {
                *truth = POSITIVE;
            }
        }
    }
    let rows: HashMap<&str, usize> =
        entries.iter().enumerate().filter_map(|(row, e)| Some((e.input.as_deref()?.id.as_str(), row))).collect();
    for (input, concept) in disputed {
        let place = rows.get(input.as_str()).and_then(|row| at(*row, concept));
        if let Some(truth) = place.and_then(|at| labels.truth.get_mut(at)) {
            *truth = UNKNOWN;
        }
    }
    labels
}

fn objects(entries: &[EvalTestSetEntry], inputs: &[TestInput], places: &HashMap<&str, u32>) -> Objects {
    let mut objects = Objects::default();
    for ((entry, of), input) in entries.iter().zip(inputs).zip(0u32..) {
        // Where nobody knows the size all areas are fractions of one square pixel.
        let size = (f64::from(of.width.max(1)), f64::from(of.height.max(1)));
        for region in regions(truth_of(entry)) {
            let Some((bbox, area)) = shape(region, size) else { continue };
            for concept in of_region(region).iter().filter(|c| c.value.is_positive()) {
                let Some(concept) = places.get(concept.id.as_str()).copied() else { continue };
                let id = region.id.clone();
                objects.truth.push(Truth { input, concept, bbox, area, id, ..Truth::default() });
            }
        }
        for region in regions(said_of(entry)) {
            let Some((bbox, _)) = shape(region, size) else { continue };
            for said in of_region(region) {
                let Some(concept) = places.get(said.id.as_str()).copied() else { continue };
                // Some servers give the score of a region at the region.
                let score = if region.value > 0.0 { region.value } else { said.value.0 };
                let id = region.id.clone();
                objects.predictions.push(Prediction {
                    input,
                    concept,
                    bbox,
                    score: f64::from(score),
                    id,
                    ..Prediction::default()
                });
            }
        }
    }
    objects
}

/// Box and area in pixels.
fn shape(region: &Region, (width, height): (f64, f64)) -> Option<(PixelBox, f64)> {
    let info = region.region_info.as_ref()?;
    if let Some(polygon) = &info.polygon {
        let flat: Vec<f64> =
            polygon.points.iter().flat_map(|p| [f64::from(p.col) * width, f64::from(p.row) * height]).collect();
        return Some((polygon_bounds([flat.as_slice()])?, polygon_area(&flat)));
    }
    let b = info.bounding_box.as_ref()?;
    let relative = RelativeBox { top: b.top_row, left: b.left_col, bottom: b.bottom_row, right: b.right_col };
    let bbox = relative.pixels(width, height);
    Some((bbox, bbox.area()))
}
