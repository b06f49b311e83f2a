//! What will be written: predictions as rows, with all that can be worked out beforehand, so that the one transaction is short.

use crate::fault::Fault;
use crate::jobs::Halt;
use crate::jobs::stage::{ADVICE, refused};
use crate::store::annotation::{self, AnnotationRow};
use crate::store::{geometry, short_hash};
use labelscope_api::extensions::Import;
use labelscope_api::messages::{Data, RegionInfo};
use labelscope_formats::coco::Segmentation;
use rusqlite::{Connection, Row, params};

/// Each object is a row, and so is each input that is spoken of as a whole: that of its first mention. Only what has a known
/// input and a known concept is in it.
const OWNERS: &str = "
DROP TABLE IF EXISTS temp.owner;
CREATE TEMP TABLE owner (item INTEGER PRIMARY KEY, target INTEGER);
INSERT INTO owner SELECT t.idx, t.idx FROM item t JOIN input i ON i.id = t.input WHERE i.key IS NOT NULL AND t.whole = 0;
INSERT INTO owner SELECT t.idx, f.first FROM item t JOIN input i ON i.id = t.input
  JOIN (SELECT n.key, min(w.idx) AS first FROM item w JOIN input n ON n.id = w.input WHERE w.whole = 1 AND n.key IS NOT NULL GROUP BY n.key) f ON f.key = i.key
  WHERE t.whole = 1;
DELETE FROM label;
INSERT INTO label SELECT o.target, s.item, s.ordinal, c.key, s.value FROM owner o JOIN score s ON s.item = o.item JOIN concept c ON c.id = s.concept WHERE c.key IS NOT NULL;
DELETE FROM ready;
";

/// Fills `ready` and `label`. Gives how many annotations there will be.
pub(super) fn prepare(stage: &Connection, import: &Import) -> Result<u64, Halt> {
    stage.execute_batch(&format!("BEGIN;{OWNERS}"))?;
    no_doubles(stage)?;
    let sql = "SELECT t.idx, t.place, i.key, i.input_id, i.width, i.height, t.whole, t.x, t.y, t.w, t.h, t.seg, t.info, t.own
        FROM item t JOIN input i ON i.id = t.input WHERE EXISTS (SELECT 1 FROM label l WHERE l.target = t.idx) ORDER BY t.idx";
    let mut items = stage.prepare(sql)?;
    let mut rows = items.query([])?;
    let mut labels = stage.prepare("SELECT concept, value FROM label WHERE target = ?1 ORDER BY item, ordinal")?;
    let mut insert = stage.prepare(
        "INSERT INTO ready (idx, input, id, shape, top, left, bottom, right, exact, x, y, w, h, area, crowd, seg, info, rest, origin_id, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    )?;
    let mut count = 0;
    while let Some(r) = rows.next()? {
        let index: i64 = r.get(0)?;
        let row = object(r)?;
        let id = format!("{}-{}-{index}", r.get::<_, String>(3)?, import.model_version_id);
        let mut said = Vec::new();
        let mut scores = labels.query([index])?;
        while let Some(score) = scores.next()? {
            said.extend_from_slice(&score.get::<_, i64>(0)?.to_le_bytes());
            said.extend_from_slice(&score.get::<_, f64>(1)?.to_bits().to_le_bytes());
        }
        let bounds = row.bounds.map(|b| [b.top, b.left, b.bottom, b.right].map(f64::from));
        let [top, left, bottom, right] = bounds.map_or([None; 4], |b| b.map(Some));
        let [x, y, w, h] = row.bbox.map_or([None; 4], |b| b.map(Some));
        insert.execute(params![
            index,
            row.input,
            id,
            row.shape,
            top,
            left,
            bottom,
            right,
            row.exact,
            x,
            y,
            w,
            h,
            row.area,
            row.crowd,
            row.segmentation,
            row.info,
            row.rest,
            row.origin_id,
            hash(&row, &said)
        ])?;
        count += 1;
    }
    stage.execute_batch("COMMIT")?;
    Ok(count)
}

/// Of an input and a concept a file says one thing.
fn no_doubles(stage: &Connection) -> Result<(), Halt> {
    let sql = "SELECT (SELECT place FROM item WHERE idx = d.first), (SELECT place FROM item WHERE idx = d.last),
          (SELECT coalesce(text, CAST(number AS TEXT)) FROM concept WHERE key = d.concept LIMIT 1)
        FROM (SELECT concept, min(item) AS first, max(item) AS last FROM label GROUP BY target, concept HAVING count(*) > 1 ORDER BY last LIMIT 1) d";
    let mut statement = stage.prepare(sql)?;
    let mut rows = statement.query([])?;
    let Some(r) = rows.next()? else { return Ok(()) };
    let (first, second, concept): (String, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
    let what = if first == second { "It".to_owned() } else { format!("It and {first}") };
    Err(refused(&second, &format!("{what} give the concept \"{concept}\" two scores on one input."), ADVICE))
}

/// An item as a row, without what all rows have alike.
fn object(r: &Row<'_>) -> Result<AnnotationRow, Halt> {
    let place: String = r.get(1)?;
    let mut row = AnnotationRow { input: r.get(2)?, ..AnnotationRow::default() };
    if r.get(6)? {
        return Ok(row);
    }
    let (width, height): (i64, i64) = (r.get(4)?, r.get(5)?);
    if let Some(info) = r.get::<_, Option<String>>(12)? {
        let info: RegionInfo = serde_json::from_str(&info)?;
        let own = r.get::<_, Option<String>>(13)?.map(|own| serde_json::from_str(&own)).transpose()?;
        let metadata = own.map(|own| [("labelscope".to_owned(), own)].into_iter().collect());
        annotation::fill(&mut row, Some(info), Data { metadata, ..Data::default() })?;
        return Ok(row);
    }
    let bbox = match r.get::<_, Option<f64>>(7)? {
        None => None,
        Some(x) => Some([x, r.get(8)?, r.get(9)?, r.get(10)?]),
    };
    let segmentation: Option<String> = r.get(11)?;
    let parsed: Option<Segmentation> = segmentation.as_deref().map(serde_json::from_str).transpose()?;
    let input: String = r.get(3)?;
    if width <= 0 || height <= 0 {
        let reason = format!("is an object in pixels, but the size of input \"{input}\" is not known");
        return Err(refused(
            &place,
            &reason,
            "Add the input with its picture, then import the file again. Nothing was written.",
        ));
    }
    if let Some(Segmentation::Rle { size: [h, w], .. }) = &parsed
        && (i64::from(*h), i64::from(*w)) != (height, width)
    {
        let reason = format!("is of {w} × {h} pixels, but input \"{input}\" has {width} × {height}");
        return Err(refused(&format!("{place}.segmentation.size"), &reason, ADVICE));
    }
    (row.shape, row.bounds) = geometry::of_pixels(width, height, bbox, parsed.as_ref());
    (row.exact, row.bbox, row.segmentation) = (true, bbox, segmentation);
    Ok(row)
}

/// What a row says, for telling an equal file.
fn hash(row: &AnnotationRow, said: &[u8]) -> i64 {
    let mut bits = Vec::with_capacity(64);
    bits.extend_from_slice(&row.shape.to_le_bytes());
    for b in row.bounds.iter().flat_map(|b| [b.top, b.left, b.bottom, b.right]) {
        bits.extend_from_slice(&b.to_bits().to_le_bytes());
    }
    for v in row.bbox.iter().flatten() {
        bits.extend_from_slice(&v.to_bits().to_le_bytes());
    }
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    short_hash(&[&bits, said, text(&row.segmentation).as_bytes(), text(&row.info).as_bytes()])
}

/// A row of `ready`.
pub(super) fn row(r: &Row<'_>) -> Result<AnnotationRow, Fault> {
    let four = |at: usize| -> rusqlite::Result<Option<[f64; 4]>> {
        Ok(match r.get::<_, Option<f64>>(at)? {
            None => None,
            Some(first) => Some([first, r.get(at + 1)?, r.get(at + 2)?, r.get(at + 3)?]),
        })
    };
    Ok(AnnotationRow {
        input: r.get(1)?,
        id: r.get(2)?,
        shape: r.get(3)?,
        input_level: r.get::<_, i64>(3)? == geometry::NONE,
        bounds: annotation::bounds_at(r, 4)?,
        exact: r.get(8)?,
        bbox: four(9)?,
        area: r.get(13)?,
        crowd: r.get(14)?,
        segmentation: r.get(15)?,
        info: r.get(16)?,
        rest: r.get(17)?,
        origin_id: r.get(18)?,
        hash: r.get(19)?,
        ..AnnotationRow::default()
    })
}

/// The columns of [`row`], in order.
pub(super) const COLUMNS: &str =
    "idx, input, id, shape, top, left, bottom, right, exact, x, y, w, h, area, crowd, seg, info, rest, origin_id, hash";
