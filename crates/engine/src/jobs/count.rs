//! Counting what a new version holds: the whole, and by group. Kept with the version, since the past does not change.

use super::{Halt, Work};
use crate::store::annotation::AnnotationRow;
use crate::store::input::InputRow;
use crate::store::version::{self, Part, Seen, View};
use crate::store::{geometry, input};
use labelscope_api::messages::{Data, DatasetVersionMetrics, MatrixUint64, MetricsGroupType, RegionInfo};
use labelscope_api::wire::UInt64;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Columns and rows of the map of where regions lie.
const MAP: usize = 20;
const CHUNK: usize = 500;
/// Width of a bin of pixel counts: the square root of the number of pixels, in steps of this many.
const PIXEL_BIN: f64 = 400.0;
/// Width of a bin of aspect ratios.
const RATIO_BIN: f64 = 0.1;

/// Counts of a group of inputs.
#[derive(Default, Clone)]
struct Counts {
    inputs: u64,
    unlabeled: u64,
    with_metadata: u64,
    with_geo: u64,
    regions: u64,
    boxes: u64,
    polygons: u64,
    masks: u64,
    points: u64,
    region_inputs: u64,
    input_tags: u64,
    region_tags: u64,
    embeddings: u64,
    frames: u64,
    frame_inputs: u64,
    region_frames: u64,
    frame_tags: u64,
    map: Vec<u64>,
}

/// One input's share, before it is added to its groups.
struct Share<'a> {
    row: &'a InputRow,
    seen: Vec<&'a Seen>,
}

fn positive((_, labels): &Seen) -> usize {
    labels.iter().filter(|(_, value)| *value >= 0.5).count()
}

fn is_point(a: &AnnotationRow) -> bool {
    a.shape == geometry::OTHER && a.info.as_deref().is_some_and(|i| i.contains("\"point\""))
}

impl Counts {
    fn sum(&mut self, other: &Self) {
        for (to, from) in [
            (&mut self.inputs, other.inputs),
            (&mut self.unlabeled, other.unlabeled),
            (&mut self.with_metadata, other.with_metadata),
            (&mut self.with_geo, other.with_geo),
            (&mut self.regions, other.regions),
            (&mut self.boxes, other.boxes),
            (&mut self.polygons, other.polygons),
            (&mut self.masks, other.masks),
            (&mut self.points, other.points),
            (&mut self.region_inputs, other.region_inputs),
            (&mut self.input_tags, other.input_tags),
            (&mut self.region_tags, other.region_tags),
            (&mut self.embeddings, other.embeddings),
            (&mut self.frames, other.frames),
            (&mut self.frame_inputs, other.frame_inputs),
            (&mut self.region_frames, other.region_frames),
            (&mut self.frame_tags, other.frame_tags),
        ] {
            *to += from;
        }
        if self.map.len() < other.map.len() {
            self.map.resize(other.map.len(), 0);
        }
        self.map.iter_mut().zip(&other.map).for_each(|(to, from)| *to += from);
    }

    /// What stands in the rest of an annotation's data: vectors, and frames of videos. Gives whether there are frames.
    fn rest(&mut self, rest: &str) -> bool {
        if !rest.contains("\"embeddings\"") && !rest.contains("\"frames\"") {
            return false;
        }
        let Ok(data) = serde_json::from_str::<Data>(rest) else { return false };
        self.embeddings += data.embeddings.len() as u64;
        self.frames += data.frames.len() as u64;
        for frame in data.frames.iter().filter_map(|f| f.data.as_deref()) {
            self.region_frames += u64::from(!frame.regions.is_empty());
            let own = frame.concepts.iter();
            let of_regions = frame.regions.iter().filter_map(|r| r.data.as_deref()).flat_map(|d| &d.concepts);
            self.frame_tags += own.chain(of_regions).filter(|c| c.value.0 >= 0.5).count() as u64;
        }
        !data.frames.is_empty()
    }

    fn add(&mut self, share: &Share<'_>) {
        self.inputs += 1;
        self.unlabeled += u64::from(!share.seen.iter().any(|s| positive(s) > 0));
        self.with_metadata += u64::from(share.row.metadata.is_some());
        self.with_geo += u64::from(share.row.longitude.is_some());
        let (mut any, mut framed) = (false, false);
        for seen in &share.seen {
            let a: &AnnotationRow = &seen.0;
            framed |= a.rest.as_deref().is_some_and(|rest| self.rest(rest));
            if a.shape == geometry::NONE {
                self.input_tags += positive(seen) as u64;
                continue;
            }
            any = true;
            self.regions += 1;
            self.region_tags += positive(seen) as u64;
            match a.shape {
                geometry::BOX => self.boxes += 1,
                geometry::POLYGON => self.polygons += 1,
                geometry::MASK => self.masks += 1,
                _ => self.points += u64::from(is_point(a)),
            }
            self.locate(a);
        }
        self.region_inputs += u64::from(any);
        self.frame_inputs += u64::from(framed);
    }

    /// Each region counts in every cell that it touches.
    fn locate(&mut self, a: &AnnotationRow) {
        let parsed = || serde_json::from_str::<RegionInfo>(a.info.as_deref()?).ok();
        let Some(b) = a.bounds.or_else(|| geometry::around(&parsed()?)) else { return };
        self.map.resize(MAP * MAP, 0);
        let cell = |v: f32| ((v.clamp(0.0, 1.0) * MAP as f32) as usize).min(MAP - 1);
        for y in cell(b.top)..=cell(b.bottom) {
            for x in cell(b.left)..=cell(b.right) {
                if let Some(n) = self.map.get_mut(y * MAP + x) {
                    *n += 1;
                }
            }
        }
    }

    fn message(&self) -> DatasetVersionMetrics {
        // Zero is a finding; only what this server does not count is absent.
        let n = |v: u64| Some(UInt64(v));
        DatasetVersionMetrics {
            inputs_count: n(self.inputs),
            unlabeled_inputs_count: n(self.unlabeled),
            inputs_with_metadata_count: n(self.with_metadata),
            inputs_with_geo_count: n(self.with_geo),
            regions_count: n(self.regions),
            region_location_matrix: (!self.map.is_empty()).then(|| MatrixUint64 {
                n_cols: UInt64(MAP as u64),
                data: self.map.iter().copied().map(UInt64).collect(),
            }),
            bounding_boxes_count: n(self.boxes),
            polygons_count: n(self.polygons),
            points_count: n(self.points),
            masks_count: n(self.masks),
            region_inputs_count: n(self.region_inputs),
            region_frames_count: n(self.region_frames),
            frames_count: n(self.frames),
            frame_inputs_count: n(self.frame_inputs),
            embeddings_count: n(self.embeddings),
            positive_input_tags_count: n(self.input_tags),
            positive_region_tags_count: n(self.region_tags),
            positive_frame_tags_count: n(self.frame_tags),
        }
    }
}

/// Groups of one input type by kind and value; the key keeps numbers in order. Those of the root are their sums.
type Groups = BTreeMap<(i32, u64, String), (Value, Counts)>;

/// What is counted of one input type.
#[derive(Default)]
struct Kind {
    whole: Counts,
    groups: Groups,
    concepts: HashMap<i64, Counts>,
}

fn number(groups: &mut Groups, kind: MetricsGroupType, order: u64, value: Value, share: &Share<'_>) {
    groups.entry((kind.0, order, value.to_string())).or_insert_with(|| (value, Counts::default())).1.add(share);
}

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    let Some(version) = version::by_key(&work.reader.conn, work.job.cursor)? else { return Ok(()) };
    let total = View::new(&work.reader.conn, &version)?.inputs()?.unsigned_abs();
    let mut kinds = BTreeMap::<&'static str, Kind>::new();
    let (mut after, mut done) = (0, 0);
    loop {
        let (rows, last) = View::new(&work.reader.conn, &version)?.chunk(Part::Whole, after, CHUNK)?;
        let Some(last) = last else { break };
        after = last;
        for (row, seen) in &rows {
            done += 1;
            let kind = kinds.entry(word(row.kind)).or_default();
            let share = Share { row, seen: seen.iter().collect() };
            kind.whole.add(&share);
            group(&mut kind.groups, &share);
            let concepts: BTreeSet<i64> =
                seen.iter().flat_map(|(_, labels)| labels).filter(|(_, v)| *v >= 0.5).map(|(c, _)| *c).collect();
            for concept in concepts {
                // Of the input, what carries this concept.
                let carrying =
                    seen.iter().filter(|(_, labels)| labels.iter().any(|(c, v)| *c == concept && *v >= 0.5)).collect();
                kind.concepts.entry(concept).or_default().add(&Share { row, seen: carrying });
            }
        }
        work.progress(1, done, total)?;
    }
    let mut root = Kind::default();
    for (word, kind) in &kinds {
        root.whole.sum(&kind.whole);
        let by_type = (MetricsGroupType::INPUT_TYPE.0, 0, (*word).to_owned());
        root.groups.insert(by_type, (json!(word), kind.whole.clone()));
        for (key, (value, counts)) in &kind.groups {
            root.groups.entry(key.clone()).or_insert_with(|| (value.clone(), Counts::default())).1.sum(counts);
        }
        for (concept, counts) in &kind.concepts {
            root.concepts.entry(*concept).or_default().sum(counts);
        }
    }
    store(work, version.key, version.seq, &root, &kinds)
}

fn word(kind: i64) -> &'static str {
    match kind {
        input::TEXT => "text",
        input::VIDEO => "video",
        input::AUDIO => "audio",
        _ => "image",
    }
}

fn group(groups: &mut Groups, share: &Share<'_>) {
    let of = |shape: i64| share.seen.iter().filter(|s| s.0.shape == shape).count() as u64;
    let concepts: BTreeSet<i64> =
        share.seen.iter().flat_map(|s| &s.1).filter(|(_, v)| *v >= 0.5).map(|(c, _)| *c).collect();
    number(groups, MetricsGroupType::CONCEPTS_COUNT, concepts.len() as u64, json!(concepts.len()), share);
    for (kind, shape) in [
        (MetricsGroupType::BOUNDING_BOXES_COUNT, geometry::BOX),
        (MetricsGroupType::POLYGONS_COUNT, geometry::POLYGON),
        (MetricsGroupType::MASKS_COUNT, geometry::MASK),
    ] {
        number(groups, kind, of(shape), json!(of(shape)), share);
    }
    let points = share.seen.iter().filter(|s| is_point(&s.0)).count() as u64;
    number(groups, MetricsGroupType::POINTS_COUNT, points, json!(points), share);
    let (w, h) = (share.row.width as f64, share.row.height as f64);
    if w > 0.0 && h > 0.0 {
        let side = ((w * h).sqrt() / PIXEL_BIN).floor();
        number(groups, MetricsGroupType::PIXELS_COUNT, side as u64, json!(side * PIXEL_BIN), share);
        let ratio = (w / h / RATIO_BIN + 1e-9).floor();
        number(
            groups,
            MetricsGroupType::ASPECT_RATIO,
            ratio as u64,
            json!((ratio * RATIO_BIN * 10.0).round() / 10.0),
            share,
        );
    }
}

fn store(
    work: &mut Work<'_>,
    version: i64,
    seq: i64,
    root: &Kind,
    kinds: &BTreeMap<&'static str, Kind>,
) -> Result<(), Halt> {
    work.step(|tx, _, _| {
        // Deleted meanwhile, it needs no counts.
        if tx.one("SELECT 1 FROM dataset_version WHERE key = ?1", [version], |_| Ok(()))?.is_none() {
            return Ok(());
        }
        tx.exec("DELETE FROM version_group WHERE version = ?1", [version])?;
        let mut ordinal = 0;
        let mut add = |parent: &str, kind: i32, value: &Value, counts: &Counts| -> Result<(), Halt> {
            ordinal += 1;
            tx.exec(
                "INSERT INTO version_group (version, ordinal, type, value, metrics, parent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (version, ordinal, kind, value.to_string(), serde_json::to_string(&counts.message())?, parent),
            )?;
            Ok(())
        };
        // The vendor's SDK looks for this group by its value.
        add("/", MetricsGroupType::INPUT_TYPE.0, &json!("total"), &root.whole)?;
        let below = kinds.iter().map(|(word, kind)| (format!("/input_type/{word}"), kind));
        for (parent, kind) in std::iter::once(("/".to_owned(), root)).chain(below) {
            for ((group, _, _), (value, counts)) in &kind.groups {
                add(&parent, *group, value, counts)?;
            }
            let mut concepts = Vec::new();
            for (key, counts) in &kind.concepts {
                let id = tx.one(
                    "SELECT id FROM concept WHERE key = ?1 AND born <= ?2 AND (died IS NULL OR died > ?2)",
                    (key, seq),
                    |r| r.get::<_, String>(0),
                )?;
                concepts.extend(id.map(|id| (std::cmp::Reverse(counts.inputs), id, counts)));
            }
            concepts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            for (_, id, counts) in concepts {
                add(&parent, MetricsGroupType::CONCEPT_ID.0, &json!(id), counts)?;
            }
        }
        tx.exec(
            "UPDATE dataset_version SET totals = ?2 WHERE key = ?1",
            (version, serde_json::to_string(&root.whole.message())?),
        )?;
        Ok(())
    })
}
