//! A dataset version and the predictions of a model version, read as a test set.

use super::params::Params;
use super::{Halt, failed};
use crate::jobs::Work;
use crate::jobs::export::pixels;
use crate::store::annotation::{self, AnnotationRow};
use crate::store::geometry;
use crate::store::input::InputRow;
use crate::store::version::{self, Part, Seen, VersionRow, View};
use labelscope_api::messages::StatusCode;
use labelscope_geometry::{PixelBox, Rle};
use labelscope_metrics::{
    Content, Labels, NEGATIVE, Named, Objects, POSITIVE, Prediction, TestInput, TestSet, Truth, UNKNOWN,
};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet, HashMap};

const CHUNK: usize = 500;
/// A label is positive from this value on.
const TRUE_FROM: f64 = 0.5;
/// Scores of classifiers are held as a table; so many cells are about 600 MB.
pub(super) const MAX_PAIRS: usize = 64_000_000;

/// What is read, and how.
pub(super) struct Asked<'a> {
    pub version: &'a VersionRow,
    pub model_version_id: &'a str,
    /// Predictions are read as of this sequence number.
    pub seq: i64,
    pub params: &'a Params,
    /// Objects are measured, and not inputs as wholes.
    pub objects: bool,
    /// Objects with their outlines.
    pub masks: bool,
}

/// What was read.
pub(super) struct Found {
    pub set: TestSet,
    /// Pairs of input and concept, by id, on which workers contradict each other; they are in no figure.
    pub disputed: Vec<(String, String)>,
    /// Inputs of unknown size: their boxes are taken as fractions of one square pixel.
    pub without_size: usize,
}

/// What workers say of a concept on an input as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Positive,
    Negative,
    /// Both were said: nobody can tell.
    Disputed,
}

/// A concept on its way to its place in the test set: by when it was first seen.
type Slot = u32;

/// Truth and scores of an input, as far as something is said.
type LabelRow = (Vec<(Slot, u8)>, Vec<(Slot, f64)>);

#[derive(Default)]
struct Slots {
    slots: HashMap<i64, Slot>,
    keys: Vec<i64>,
    /// How often each is true.
    counts: Vec<u64>,
}

impl Slots {
    fn of(&mut self, key: i64) -> Slot {
        let next = self.keys.len() as Slot;
        let slot = *self.slots.entry(key).or_insert(next);
        if slot == next {
            self.keys.push(key);
            self.counts.push(0);
        }
        slot
    }

    fn count(&mut self, slot: Slot) {
        if let Some(n) = self.counts.get_mut(slot as usize) {
            *n += 1;
        }
    }
}

/// Collects the test set, input by input.
#[derive(Default)]
struct Reading {
    slots: Slots,
    inputs: Vec<TestInput>,
    /// The ids of the inputs in the file that they came with.
    origins: Vec<Option<i64>>,
    /// Of classifiers, for each input.
    labels: Vec<LabelRow>,
    objects: Objects,
    disputed: Vec<(String, Slot)>,
    without_size: usize,
}

/// A prediction with its concepts.
struct Predicted {
    row: AnnotationRow,
    labels: Vec<(i64, f64)>,
}

pub(super) fn all(work: &mut Work<'_>, asked: &Asked<'_>) -> Result<Found, Halt> {
    let total = View::new(&work.reader.conn, asked.version)?.inputs()?.unsigned_abs();
    let (mut reading, mut after, mut done) = (Reading::default(), 0, 0);
    loop {
        let conn = &work.reader.conn;
        let (rows, last) = View::new(conn, asked.version)?.chunk(Part::Whole, after, CHUNK)?;
        let Some(last) = last else { break };
        after = last;
        done += rows.len() as u64;
        let mut predicted = predictions(conn, asked, &rows.iter().map(|(row, _)| row.key).collect::<Vec<_>>())?;
        for (row, seen) in rows {
            let here = predicted.remove(&row.key).unwrap_or_default();
            if asked.objects {
                reading.take_objects(&row, &seen, &here, asked)?;
            } else {
                reading.take_labels(&row, &seen, &here);
            }
        }
        work.progress(1, done, total.max(done))?;
    }
    reading.finish(&work.reader.conn, asked)
}

/// Predictions on these inputs, which are sorted by key, in the order in which they came.
fn predictions(conn: &Connection, asked: &Asked<'_>, inputs: &[i64]) -> Result<HashMap<i64, Vec<Predicted>>, Halt> {
    let mut out: HashMap<i64, Vec<Predicted>> = HashMap::new();
    let sql = format!(
        "SELECT l.concept, l.value, {} FROM annotation a LEFT JOIN label l ON l.annotation = a.rev
         WHERE a.input BETWEEN ?1 AND ?2 AND a.model_version_id = ?3 AND a.born <= ?4 AND (a.died IS NULL OR a.died > ?4)
         ORDER BY a.input, a.key, l.ordinal, l.concept",
        annotation::COLUMNS
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let wanted: BTreeSet<i64> = inputs.iter().copied().collect();
    for (from, to) in version::ranges(inputs) {
        let mut rows = statement.query((from, to, asked.model_version_id, asked.seq))?;
        while let Some(r) = rows.next()? {
            let (rev, input): (i64, i64) = (r.get(2)?, r.get(4)?);
            if !wanted.contains(&input) {
                continue;
            }
            let label = match r.get::<_, Option<i64>>(0)? {
                Some(concept) => Some((concept, r.get(1)?)),
                None => None,
            };
            let here = out.entry(input).or_default();
            match here.last_mut() {
                Some(last) if last.row.rev == rev => last.labels.extend(label),
                _ => here.push(Predicted { row: annotation::row_at(r, 2)?, labels: label.into_iter().collect() }),
            }
        }
    }
    Ok(out)
}

impl Reading {
    fn input(&mut self, row: &InputRow, predicted: bool) -> u32 {
        self.without_size += usize::from(row.width <= 0 || row.height <= 0);
        self.origins.push(row.origin_id);
        self.inputs.push(TestInput {
            id: row.id.clone(),
            // Ours begin with their path: a server may be reached under another address tomorrow.
            url: row.shown_url(""),
            width: u32::try_from(row.width).unwrap_or(0),
            height: u32::try_from(row.height).unwrap_or(0),
            predicted,
        });
        self.inputs.len() as u32 - 1
    }

    /// Of a classifier only what is said of the input as a whole counts.
    fn take_labels(&mut self, row: &InputRow, seen: &[Seen], predicted: &[Predicted]) {
        let whole = |row: &AnnotationRow| row.shape == geometry::NONE;
        let said = said(seen.iter().filter(|(row, _)| whole(row)));
        let mut truth = Vec::with_capacity(said.len());
        for (key, says) in said {
            let slot = self.slots.of(key);
            truth.push((
                slot,
                match says {
                    Said::Positive => POSITIVE,
                    Said::Negative => NEGATIVE,
                    Said::Disputed => UNKNOWN,
                },
            ));
            match says {
                Said::Positive => self.slots.count(slot),
                Said::Negative => {}
                Said::Disputed => self.disputed.push((row.id.clone(), slot)),
            }
        }
        let mut scores: BTreeMap<Slot, f64> = BTreeMap::new();
        for (key, score) in predicted.iter().filter(|p| whole(&p.row)).flat_map(|p| &p.labels) {
            // Said twice, the best counts.
            scores.entry(self.slots.of(*key)).and_modify(|now| *now = now.max(*score)).or_insert(*score);
        }
        self.input(row, predicted.iter().any(|p| whole(&p.row)));
        self.labels.push((truth, scores.into_iter().collect()));
    }

    fn take_objects(
        &mut self,
        row: &InputRow,
        seen: &[Seen],
        predicted: &[Predicted],
        asked: &Asked<'_>,
    ) -> Result<(), Halt> {
        let input = self.input(row, !predicted.is_empty());
        let whole = said(seen.iter().filter(|(a, _)| a.shape == geometry::NONE));
        let mut there: BTreeSet<i64> = BTreeSet::new();
        let mut told: BTreeSet<i64> = whole.keys().copied().collect();
        for (_, labels) in seen.iter().filter(|(a, _)| a.shape != geometry::NONE) {
            told.extend(labels.iter().map(|(key, _)| *key));
            there.extend(labels.iter().filter(|(_, value)| *value >= TRUE_FROM).map(|(key, _)| *key));
        }
        // Where someone says of the whole that there is none, and someone else has drawn one, nobody can tell.
        let disputed: BTreeSet<i64> = whole
            .iter()
            .filter(|(key, says)| **says == Said::Disputed || (**says == Said::Negative && there.contains(key)))
            .map(|(key, _)| *key)
            .collect();
        for key in &disputed {
            let slot = self.slots.of(*key);
            self.disputed.push((row.id.clone(), slot));
        }
        for (a, labels) in seen.iter().filter(|(a, _)| a.shape != geometry::NONE) {
            let drawn = labels.iter().filter(|(key, value)| *value >= TRUE_FROM && !disputed.contains(key));
            let drawn: Vec<i64> = drawn.map(|(key, _)| *key).collect();
            if drawn.is_empty() {
                continue;
            }
            let Some((bbox, area, mask)) = shape(row, a, asked.masks)? else { continue };
            for key in drawn {
                let concept = self.slots.of(key);
                self.slots.count(concept);
                let (mask, id) = (mask.clone(), a.id.clone());
                self.objects.truth.push(Truth { input, concept, bbox, area, crowd: a.crowd, mask, id });
            }
        }
        for Predicted { row: a, labels } in predicted.iter().filter(|p| p.row.shape != geometry::NONE) {
            let counts = |key: &i64| !disputed.contains(key) && (!asked.params.absent_unknown || told.contains(key));
            let mut known = None;
            for (key, score) in labels.iter().filter(|(key, _)| counts(key)) {
                if known.is_none() {
                    known = shape(row, a, asked.masks)?;
                }
                let Some((bbox, _, mask)) = known.clone() else { break };
                let concept = self.slots.of(*key);
                self.objects.predictions.push(Prediction {
                    input,
                    concept,
                    bbox,
                    score: *score,
                    mask,
                    id: a.id.clone(),
                });
            }
        }
        Ok(())
    }

    /// Puts concepts in order, most labelled first, and all else in its place.
    fn finish(mut self, conn: &Connection, asked: &Asked<'_>) -> Result<Found, Halt> {
        let (n, c) = (self.inputs.len(), self.slots.keys.len());
        if !asked.objects && n.saturating_mul(c) > MAX_PAIRS {
            return Err(failed(
                StatusCode::MODEL_EVALUATION_FAILED,
                format!(
                    "{n} inputs and {c} concepts are {} pairs; at most {MAX_PAIRS} can be measured",
                    n.saturating_mul(c)
                ),
                "Evaluate against a version with fewer inputs, or one that is filtered by concepts.",
            ));
        }
        let mut order: Vec<(u64, Named, Slot)> = Vec::with_capacity(c);
        for (slot, (key, count)) in self.slots.keys.iter().zip(&self.slots.counts).enumerate() {
            order.push((*count, named(conn, *key, asked.version.seq)?, slot as Slot));
        }
        order.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
        let mut places = vec![0; c];
        for (place, (_, _, slot)) in order.iter().enumerate() {
            if let Some(p) = places.get_mut(*slot as usize) {
                *p = place as u32;
            }
        }
        let place = |slot: Slot| places.get(slot as usize).copied().unwrap_or(0);
        let content = if asked.objects {
            self.objects.truth.iter_mut().for_each(|t| t.concept = place(t.concept));
            self.objects.predictions.iter_mut().for_each(|p| p.concept = place(p.concept));
            self.by_origin();
            Content::Objects(std::mem::take(&mut self.objects))
        } else {
            let rows = std::mem::take(&mut self.labels);
            Content::Labels(table(rows, c, &place, asked.params.absent_unknown))
        };
        let concepts: Vec<Named> = order.into_iter().map(|(_, named, _)| named).collect();
        let id_of = |slot: Slot| concepts.get(place(slot) as usize).map(|c| c.id.clone()).unwrap_or_default();
        let disputed = self.disputed.iter().map(|(input, slot)| (input.clone(), id_of(*slot))).collect();
        let set = TestSet { concepts, inputs: self.inputs, content };
        Ok(Found { set, disputed, without_size: self.without_size })
    }

    /// Between predictions of equal scores the order of their inputs decides. COCO's tools take images by their ids, so those
    /// that came from a file are in that order here too.
    fn by_origin(&mut self) {
        let mut order: Vec<usize> = (0..self.inputs.len()).collect();
        let id = |at: &usize| self.origins.get(*at).copied().flatten().unwrap_or(i64::MAX);
        order.sort_by_key(id);
        let mut places = vec![0; order.len()];
        for (place, at) in (0u32..).zip(&order) {
            if let Some(p) = places.get_mut(*at) {
                *p = place;
            }
        }
        let place = |input: u32| places.get(input as usize).copied().unwrap_or(input);
        self.objects.truth.iter_mut().for_each(|t| t.input = place(t.input));
        self.objects.predictions.iter_mut().for_each(|p| p.input = place(p.input));
        self.objects.truth.sort_by_key(|t| t.input);
        self.objects.predictions.sort_by_key(|p| p.input);
        let mut inputs: Vec<(u32, TestInput)> = places.iter().copied().zip(std::mem::take(&mut self.inputs)).collect();
        inputs.sort_by_key(|(place, _)| *place);
        self.inputs = inputs.into_iter().map(|(_, input)| input).collect();
    }
}

/// What is said of each concept.
fn said<'a>(seen: impl Iterator<Item = &'a Seen>) -> BTreeMap<i64, Said> {
    let mut out = BTreeMap::new();
    for (key, value) in seen.flat_map(|(_, labels)| labels) {
        let says = if *value >= TRUE_FROM { Said::Positive } else { Said::Negative };
        out.entry(*key)
            .and_modify(|now| {
                if *now != says {
                    *now = Said::Disputed;
                }
            })
            .or_insert(says);
    }
    out
}

fn table(rows: Vec<LabelRow>, width: usize, place: &impl Fn(Slot) -> u32, absent_unknown: bool) -> Labels {
    let absent = if absent_unknown { UNKNOWN } else { NEGATIVE };
    let mut out = Labels { scores: vec![0.0; rows.len() * width], truth: vec![absent; rows.len() * width] };
    for (at, (truth, scores)) in rows.into_iter().enumerate() {
        for (slot, says) in truth {
            if let Some(cell) = out.truth.get_mut(at * width + place(slot) as usize) {
                *cell = says;
            }
        }
        for (slot, score) in scores {
            if let Some(cell) = out.scores.get_mut(at * width + place(slot) as usize) {
                *cell = score;
            }
        }
    }
    out
}

/// A concept as it was named when the version was made.
fn named(conn: &Connection, key: i64, seq: i64) -> Result<Named, Halt> {
    let sql = "SELECT id, name FROM concept WHERE key = ?1 ORDER BY born <= ?2 AND (died IS NULL OR died > ?2) DESC, born DESC LIMIT 1";
    let found =
        conn.prepare_cached(sql)?.query_row((key, seq), |r| Ok(Named { id: r.get(0)?, name: r.get(1)? })).optional()?;
    // Labels of a concept that is in no revision cannot be: it stays nameless rather than unmeasured.
    Ok(found.unwrap_or_else(|| Named { id: format!("concept-{key}"), name: String::new() }))
}

type Outline = (PixelBox, f64, Option<Box<Rle>>);

/// Box, area and outline of an object; `None` where it is neither box nor outline, such as a point.
fn shape(row: &InputRow, a: &AnnotationRow, masks: bool) -> Result<Option<Outline>, Halt> {
    // Without a size, boxes stay the fractions that they are: their overlaps do not change.
    let (width, height) = if row.width > 0 && row.height > 0 { (row.width, row.height) } else { (1, 1) };
    let (bbox, area, segmentation) = pixels(width, height, a)?;
    let size = (u32::try_from(height).unwrap_or(1), u32::try_from(width).unwrap_or(1));
    let around = bbox.map(|[x, y, w, h]| PixelBox { x, y, w, h });
    let Some(bbox) = around.or_else(|| segmentation.as_ref()?.bounds()) else { return Ok(None) };
    let mask = segmentation.as_ref().filter(|_| masks).and_then(|outline| outline.filled(size.0, size.1).ok());
    Ok(Some((bbox, area.unwrap_or_else(|| bbox.area()), mask.map(Box::new))))
}
