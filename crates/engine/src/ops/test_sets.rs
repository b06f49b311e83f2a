//! Test sets of evaluations: as columns, a page at a time, and as the API's entries.

use crate::fault::Fault;
use crate::store::evaluation::{self, EvaluationRow};
use crate::store::input;
use crate::tx::{App, Tx};
use labelscope_api::extensions::{GetEvaluationTestSet, TestSetPiece, TestSetReply};
use labelscope_api::messages::{
    Annotation, Concept, ConceptValue, Data, EvalTestSetEntry, Image, ImageInfo, Input, Region, RegionInfo, StatusCode,
    UserAppIdSet,
};
use labelscope_api::wire::{Base64, Int64};
use labelscope_formats::test_set::decode;
use labelscope_geometry::PixelBox;
use labelscope_metrics::{Content, Labels, Named, Objects, POSITIVE, TestInput, TestSet};
use std::collections::BTreeMap;

/// Up to this many pairs of input and concept every input tells the score of every concept; beyond, of those predicted.
const FULL: usize = 1_000_000;

pub(crate) fn get(tx: &Tx<'_>, op: GetEvaluationTestSet) -> Result<TestSetReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = evaluation::need(tx, &app, &op.evaluation_id)?;
    if row.state != StatusCode::MODEL_EVALUATED {
        return Err(Fault::refused(
            StatusCode::CONN_INVALID_REQUEST,
            format!(
                "evaluation \"{}\" has no test set: it is not evaluated; ask again when its status is 21300",
                row.id
            ),
        ));
    }
    let (pages, total): (i64, i64) = tx
        .one("SELECT count(*), coalesce(sum(inputs), 0) FROM evaluation_set WHERE evaluation = ?1", [row.key], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?
        .unwrap_or_default();
    let page = i64::from(op.page.max(1));
    let piece =
        tx.one("SELECT inputs, body FROM evaluation_set WHERE evaluation = ?1 AND page = ?2", (row.key, page), |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?))
        })?;
    let Some((inputs, columns)) = piece else {
        return Err(Fault::invalid(format!("page is {page}; the test set of evaluation \"{}\" has {pages}", row.id)));
    };
    let test_set = Some(TestSetPiece {
        columns: Base64(columns),
        inputs: Int64(inputs),
        inputs_total: Int64(total),
        pages: Int64(pages),
    });
    Ok(TestSetReply { test_set, ..Default::default() })
}

/// A test set as the API shows it, made of what is stored in pieces.
pub(crate) fn entries(tx: &Tx<'_>, row: &EvaluationRow) -> Result<Vec<EvalTestSetEntry>, Fault> {
    let pages = evaluation::pages(tx, row.key)?;
    if pages.is_empty() {
        // Earlier releases kept the entries themselves.
        return evaluation::part(tx, row.key, "test_set");
    }
    let truth = row.body.ground_truth_dataset.as_deref();
    let scope = truth.map(|d| UserAppIdSet { user_id: d.user_id.clone(), app_id: d.app_id.clone() });
    // The app may be gone meanwhile; what was measured stays.
    let app = scope.and_then(|scope| tx.app(&scope).ok());
    let inputs = tx.count("SELECT sum(inputs) FROM evaluation_set WHERE evaluation = ?1", [row.key])?;
    let mut out = Vec::with_capacity(inputs as usize);
    for page in pages {
        let Some(bytes) = evaluation::page(tx, row.key, page)? else { continue };
        let set = decode(&bytes).map_err(evaluation::unreadable)?;
        let every = inputs as usize * set.concepts.len() <= FULL;
        let shown: Vec<Input> = set.inputs.iter().map(|i| shown(tx, app.as_ref(), i)).collect::<Result<_, _>>()?;
        match &set.content {
            Content::Labels(labels) => of_labels(&set, labels, every, shown, &mut out),
            Content::Objects(objects) => of_objects(&set, objects, &row.model_version_id, shown, &mut out),
        }
    }
    Ok(out)
}

/// An input as it is now, else as it was measured.
fn shown(tx: &Tx<'_>, app: Option<&App>, measured: &TestInput) -> Result<Input, Fault> {
    let living = match app {
        Some(app) => input::find(tx, app, &measured.id)?,
        None => None,
    };
    if let Some(row) = living {
        return Ok(input::bare(tx.base_url, row, Vec::new()));
    }
    let url =
        if measured.url.starts_with('/') { format!("{}{}", tx.base_url, measured.url) } else { measured.url.clone() };
    let (width, height) = (measured.width as i32, measured.height as i32);
    let image_info = (width > 0).then(|| ImageInfo { width, height, ..ImageInfo::default() });
    let image = Some(Image { url, image_info, ..Image::default() });
    Ok(Input { id: measured.id.clone(), data: Some(Box::new(Data { image, ..Data::default() })), ..Input::default() })
}

/// A concept with a value.
pub(crate) fn valued(concept: &Named, value: f64) -> Concept {
    Concept {
        id: concept.id.clone(),
        name: concept.name.clone(),
        value: ConceptValue(value as f32),
        ..Concept::default()
    }
}

/// Vendor clients look up a concept by its place in the first entry, so each entry has them all in the same order.
fn of_labels(set: &TestSet, labels: &Labels, every: bool, shown: Vec<Input>, out: &mut Vec<EvalTestSetEntry>) {
    let width = set.concepts.len().max(1);
    for ((scores, truth), input) in labels.scores.chunks(width).zip(labels.truth.chunks(width)).zip(shown) {
        let predicted = set.concepts.iter().zip(scores).filter(|(_, score)| every || **score > 0.0);
        let truth = set.concepts.iter().zip(truth).filter(|(_, truth)| **truth == POSITIVE);
        out.push(EvalTestSetEntry {
            input: Some(Box::new(input)),
            predicted_concepts: predicted.map(|(concept, score)| valued(concept, *score)).collect(),
            ground_truth_concepts: truth.map(|(concept, _)| valued(concept, 1.0)).collect(),
            ..EvalTestSetEntry::default()
        });
    }
}

/// One input's objects, to be told.
#[derive(Default)]
struct Told {
    concepts: BTreeMap<u32, f64>,
    regions: Vec<Region>,
}

impl Told {
    fn add(&mut self, set: &TestSet, input: &TestInput, at: u32, bbox: PixelBox, id: &str, value: f64) {
        let Some(concept) = set.concepts.get(at as usize) else { return };
        self.concepts.entry(at).and_modify(|now| *now = now.max(value)).or_insert(value);
        let size = (f64::from(input.width.max(1)), f64::from(input.height.max(1)));
        let bounding_box = bbox.relative(size.0, size.1).map(crate::store::geometry::bounding_box);
        let data = Data { concepts: vec![valued(concept, value)], ..Data::default() };
        self.regions.push(Region {
            id: id.to_owned(),
            region_info: Some(RegionInfo { bounding_box, ..RegionInfo::default() }),
            data: Some(Box::new(data)),
            value: value as f32,
            ..Region::default()
        });
    }

    fn concepts(&self, set: &TestSet) -> Vec<Concept> {
        let named = self.concepts.iter().filter_map(|(at, value)| Some((set.concepts.get(*at as usize)?, *value)));
        named.map(|(concept, value)| valued(concept, value)).collect()
    }

    fn annotation(self, input: &str, model_version: &str) -> Box<Annotation> {
        Box::new(Annotation {
            input_id: input.to_owned(),
            model_version_id: model_version.to_owned(),
            data: Some(Box::new(Data { regions: self.regions, ..Data::default() })),
            ..Annotation::default()
        })
    }
}

fn of_objects(
    set: &TestSet,
    objects: &Objects,
    model_version: &str,
    shown: Vec<Input>,
    out: &mut Vec<EvalTestSetEntry>,
) {
    // They lie by input.
    let mut truth = objects.truth.iter().peekable();
    let mut predictions = objects.predictions.iter().peekable();
    for ((at, measured), input) in (0u32..).zip(&set.inputs).zip(shown) {
        let (mut there, mut said) = (Told::default(), Told::default());
        while let Some(t) = truth.next_if(|t| t.input == at) {
            there.add(set, measured, t.concept, t.bbox, &t.id, 1.0);
        }
        while let Some(p) = predictions.next_if(|p| p.input == at) {
            said.add(set, measured, p.concept, p.bbox, &p.id, p.score);
        }
        out.push(EvalTestSetEntry {
            predicted_concepts: said.concepts(set),
            ground_truth_concepts: there.concepts(set),
            predicted_annotation: Some(said.annotation(&input.id, model_version)),
            ground_truth_annotation: Some(there.annotation(&input.id, "")),
            input: Some(Box::new(input)),
            ..EvalTestSetEntry::default()
        });
    }
}
