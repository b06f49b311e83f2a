//! Counting what a new version holds: the whole, and by group. Kept with the version, since the past does not change.

mod counts;

use super::{Halt, Work};
use crate::store::version::{self, Part, View};
use crate::store::{geometry, input};
use counts::{Counts, Share, is_point};
use labelscope_api::messages::MetricsGroupType;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

const CHUNK: usize = 500;
/// Width of a bin of pixel counts: the square root of the number of pixels, in steps of this many.
const PIXEL_BIN: f64 = 400.0;
/// Width of a bin of aspect ratios.
const RATIO_BIN: f64 = 0.1;

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
