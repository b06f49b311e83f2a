//! Annotations: one object is one annotation with one region.

use super::geometry as geo;
use super::{concept, object};
use crate::fault::{Fault, describe, status};
use crate::tx::{App, Tx};
use labelscope_api::messages::{
    Annotation, Concept, Data, Model, ModelVersion, Region, RegionInfo, StatusCode, User, Worker,
};
use labelscope_api::wire::{Struct, Timestamp};
use labelscope_formats::coco::Segmentation;
use labelscope_geometry::RelativeBox;
use rusqlite::Row;
use serde_json::{Value, json};

#[derive(Default, Clone)]
pub(crate) struct AnnotationRow {
    pub rev: i64,
    pub key: i64,
    pub input: i64,
    pub id: String,
    pub user_id: String,
    pub model_version_id: String,
    pub trusted: bool,
    pub input_level: bool,
    pub shape: i64,
    pub bounds: Option<RelativeBox>,
    /// Pixels hold: they came with the API geometry that is there now.
    pub exact: bool,
    pub bbox: Option<[f64; 4]>,
    pub area: Option<f64>,
    pub crowd: bool,
    /// A [`Segmentation`] as JSON.
    pub segmentation: Option<String>,
    /// A [`RegionInfo`] as JSON, for what the columns do not hold.
    pub info: Option<String>,
    /// The rest of [`Data`] as JSON.
    pub rest: Option<String>,
    pub origin_id: Option<i64>,
    pub origin: Option<String>,
    pub status: i32,
    pub hash: Option<i64>,
    pub created_at: i64,
    pub modified_at: i64,
    pub task_id: String,
    /// The sender's own object, as JSON.
    pub annotation_info: Option<String>,
    pub consensus_info: Option<String>,
    /// Of a prediction: the model whose version made it, where that is registered. Read, never written.
    pub model_id: String,
}

/// For `FROM annotation a`.
pub(crate) const COLUMNS: &str = "a.rev, a.key, a.input, a.id, a.user_id, a.model_version_id, a.trusted, a.input_level, a.shape, a.top, a.left, a.bottom, a.right, a.exact, a.px, a.py, a.pw, a.ph, a.area, a.crowd, a.segmentation, a.info, a.rest, a.origin_id, a.origin, a.status, a.hash, a.created_at, a.modified_at, a.task_id, a.annotation_info, a.consensus_info,
  CASE WHEN a.model_version_id = '' THEN '' ELSE coalesce((SELECT m.id FROM model_version v JOIN model m ON m.key = v.model AND m.died IS NULL
    WHERE v.app = a.app AND v.id = a.model_version_id AND v.died IS NULL LIMIT 1), '') END";

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<AnnotationRow> {
    row_at(r, 0)
}

/// Four columns from `at` on as bounds.
pub(crate) fn bounds_at(r: &Row<'_>, at: usize) -> rusqlite::Result<Option<RelativeBox>> {
    Ok(match r.get::<_, Option<f64>>(at)? {
        None => None,
        Some(top) => Some(RelativeBox {
            top: top as f32,
            left: r.get::<_, f64>(at + 1)? as f32,
            bottom: r.get::<_, f64>(at + 2)? as f32,
            right: r.get::<_, f64>(at + 3)? as f32,
        }),
    })
}

/// A row whose columns begin at `at`.
pub(crate) fn row_at(r: &Row<'_>, at: usize) -> rusqlite::Result<AnnotationRow> {
    let bounds = bounds_at(r, at + 9)?;
    let bbox = match r.get::<_, Option<f64>>(at + 14)? {
        None => None,
        Some(x) => Some([x, r.get(at + 15)?, r.get(at + 16)?, r.get(at + 17)?]),
    };
    Ok(AnnotationRow {
        rev: r.get(at)?,
        key: r.get(at + 1)?,
        input: r.get(at + 2)?,
        id: r.get(at + 3)?,
        user_id: r.get(at + 4)?,
        model_version_id: r.get(at + 5)?,
        trusted: r.get(at + 6)?,
        input_level: r.get(at + 7)?,
        shape: r.get(at + 8)?,
        bounds,
        exact: r.get(at + 13)?,
        bbox,
        area: r.get(at + 18)?,
        crowd: r.get(at + 19)?,
        segmentation: r.get(at + 20)?,
        info: r.get(at + 21)?,
        rest: r.get(at + 22)?,
        origin_id: r.get(at + 23)?,
        origin: r.get(at + 24)?,
        status: r.get(at + 25)?,
        hash: r.get(at + 26)?,
        created_at: r.get(at + 27)?,
        modified_at: r.get(at + 28)?,
        task_id: r.get(at + 29)?,
        annotation_info: r.get(at + 30)?,
        consensus_info: r.get(at + 31)?,
        model_id: r.get(at + 32)?,
    })
}

/// The living annotation of an input by its id.
pub(crate) fn find(tx: &Tx<'_>, input: i64, id: &str) -> Result<Option<AnnotationRow>, Fault> {
    tx.one(
        &format!("SELECT {COLUMNS} FROM annotation a WHERE a.input = ?1 AND a.id = ?2 AND a.died IS NULL"),
        (input, id),
        row,
    )
}

/// Adds a row with its labels: a new annotation with `key` 0, else the next revision of that one. Gives its `rev`.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, row: &AnnotationRow, labels: &[(i64, f64)]) -> Result<i64, Fault> {
    let seq = tx.seq(app)?;
    if row.key != 0 {
        tx.exec("UPDATE annotation SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    }
    let bounds = |f: fn(RelativeBox) -> f32| row.bounds.map(|b| f64::from(f(b)));
    let pixel = |i: usize| row.bbox.and_then(|b| b.get(i).copied());
    let mut statement = tx.conn.prepare_cached(
        "INSERT INTO annotation (app, key, input, id, user_id, model_version_id, trusted, input_level, shape, top, left, bottom, right, exact, px, py, pw, ph,
           area, crowd, segmentation, info, rest, origin_id, origin, status, hash, created_at, modified_at, born, task_id, annotation_info, consensus_info)
         VALUES (?1, CASE WHEN ?2 = 0 THEN (SELECT coalesce(max(rev), 0) + 1 FROM annotation) ELSE ?2 END, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)",
    )?;
    statement.execute(rusqlite::params![
        app.key,
        row.key,
        row.input,
        row.id,
        row.user_id,
        row.model_version_id,
        row.trusted,
        row.input_level,
        row.shape,
        bounds(|b| b.top),
        bounds(|b| b.left),
        bounds(|b| b.bottom),
        bounds(|b| b.right),
        row.exact,
        pixel(0),
        pixel(1),
        pixel(2),
        pixel(3),
        row.area,
        row.crowd,
        row.segmentation,
        row.info,
        row.rest,
        row.origin_id,
        row.origin,
        row.status,
        row.hash,
        if row.key == 0 { tx.now } else { row.created_at },
        tx.now,
        seq,
        row.task_id,
        row.annotation_info,
        row.consensus_info
    ])?;
    let rev = tx.conn.last_insert_rowid();
    let mut statement =
        tx.conn.prepare_cached("INSERT INTO label (annotation, concept, value, ordinal) VALUES (?1, ?2, ?3, ?4)")?;
    for (ordinal, (concept, value)) in labels.iter().enumerate() {
        // Of a concept that is there twice, the last holds.
        if labels.iter().skip(ordinal + 1).any(|(later, _)| later == concept) {
            continue;
        }
        statement.execute((rev, concept, value, ordinal as i64))?;
    }
    embed(tx, rev, row)?;
    Ok(rev)
}

/// Puts the first vector of an annotation where searches by likeness look.
fn embed(tx: &Tx<'_>, rev: i64, row: &AnnotationRow) -> Result<(), Fault> {
    let Some(rest) = row.rest.as_deref().filter(|r| r.contains("\"embeddings\"")) else { return Ok(()) };
    let data: Data = serde_json::from_str(rest)?;
    let Some(vector) = data.embeddings.into_iter().map(|e| e.vector).find(|v| !v.is_empty()) else { return Ok(()) };
    tx.exec(
        "INSERT INTO embedding (annotation, dimensions, vector) VALUES (?1, ?2, ?3)",
        (rev, vector.len() as i64, crate::search::bytes(&vector)),
    )?;
    Ok(())
}

pub(crate) fn delete(tx: &Tx<'_>, app: &App, row: &AnnotationRow) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    tx.exec("UPDATE annotation SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    Ok(())
}

/// The labels of a row. `at`: as of that sequence number; else with the names of now.
pub(crate) fn labels(tx: &Tx<'_>, app: &App, rev: i64, at: Option<i64>) -> Result<Vec<Concept>, Fault> {
    let sql = "SELECT c.rev, c.key, c.id, c.name, c.definition, c.supercategory, c.metadata, c.created_at, c.body, l.value
        FROM label l JOIN concept c ON c.key = l.concept AND c.born <= ?2 AND (c.died IS NULL OR c.died > ?2) WHERE l.annotation = ?1 ORDER BY l.ordinal, l.concept";
    let rows = tx.all(sql, (rev, at.unwrap_or(i64::MAX - 1)), |r| Ok((concept::row(r)?, r.get::<_, f64>(9)?)))?;
    Ok(rows.into_iter().map(|(row, value)| concept::message(app, row, value as f32)).collect())
}

/// The labels that trusted workers put on the whole of an input.
pub(crate) fn own_labels(tx: &Tx<'_>, app: &App, input: i64, at: Option<i64>) -> Result<Vec<Concept>, Fault> {
    let at = at.unwrap_or(i64::MAX - 1);
    let revs: Vec<i64> = tx.all(
        "SELECT rev FROM annotation WHERE input = ?1 AND input_level = 1 AND trusted = 1 AND born <= ?2 AND (died IS NULL OR died > ?2) ORDER BY key",
        (input, at),
        |r| r.get(0),
    )?;
    let mut out = Vec::new();
    for rev in revs {
        out.extend(labels(tx, app, rev, Some(at))?);
    }
    Ok(out)
}

/// Where an annotation lies: id of the input and its size in pixels.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub input_id: &'a str,
    pub width: i64,
    pub height: i64,
}

/// The API geometry of a row, if it has any.
pub(crate) fn region_info(row: &AnnotationRow, width: i64, height: i64) -> Result<Option<RegionInfo>, Fault> {
    if let Some(info) = &row.info {
        return Ok(Some(serde_json::from_str(info)?));
    }
    let mut info = match (&row.segmentation, row.shape) {
        (Some(text), geo::POLYGON | geo::MASK) => geo::region_of_pixels(width, height, &serde_json::from_str(text)?)?,
        _ => RegionInfo::default(),
    };
    if row.shape == geo::BOX {
        info.bounding_box = row.bounds.map(geo::bounding_box);
    }
    Ok((row.shape != geo::NONE).then_some(info))
}

/// What came in as pixels, for the metadata key `labelscope`.
fn own_metadata(row: &AnnotationRow, info: Option<&RegionInfo>) -> Result<Option<Value>, Fault> {
    if !row.exact && row.origin_id.is_none() && row.origin.is_none() {
        return Ok(None);
    }
    let mut own = Struct::new();
    if let Some(id) = row.origin_id {
        own.insert("id".into(), id.into());
    }
    if row.exact {
        if let Some(bbox) = row.bbox {
            own.insert("bbox".into(), json!(bbox));
        }
        if let Some(area) = row.area {
            own.insert("area".into(), json!(area));
        }
        if let Some(segmentation) = &row.segmentation {
            own.insert("segmentation".into(), serde_json::from_str(segmentation)?);
        }
        if row.crowd {
            own.insert("iscrowd".into(), 1.into());
        }
        if let Some(info) = info {
            own.insert("hash".into(), geo::api_hash(info).into());
        }
    }
    if let Some(origin) = object(row.origin.clone()) {
        own.insert("extra".into(), origin.into());
    }
    Ok(Some(own.into()))
}

/// The message of an annotation with these labels.
pub(crate) fn message(row: &AnnotationRow, place: Place<'_>, concepts: Vec<Concept>) -> Result<Annotation, Fault> {
    let info = region_info(row, place.width, place.height)?;
    let mut data: Data = row.rest.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    if let Some(own) = own_metadata(row, info.as_ref())? {
        data.metadata.get_or_insert_default().insert("labelscope".into(), own);
    }
    match info {
        None => {
            data.regions.clear();
            data.concepts = concepts;
        }
        Some(info) => {
            let kept = data.regions.pop().unwrap_or_default();
            let inner = kept.data.map(|d| *d).unwrap_or_default();
            data.regions = vec![Region {
                id: row.id.clone(),
                region_info: Some(info),
                data: Some(Box::new(Data { concepts, ..inner })),
                value: if kept.value == 0.0 { 1.0 } else { kept.value },
                track_id: kept.track_id,
            }];
        }
    }
    let (user, model) = if row.model_version_id.is_empty() {
        (Some(Box::new(User { id: row.user_id.clone(), ..User::default() })), None)
    } else {
        let version = ModelVersion { id: row.model_version_id.clone(), ..ModelVersion::default() };
        let model = Model { id: row.model_id.clone(), model_version: Some(Box::new(version)), ..Model::default() };
        (None, Some(Box::new(model)))
    };
    Ok(Annotation {
        id: row.id.clone(),
        input_id: place.input_id.to_owned(),
        data: Some(Box::new(data)),
        user_id: row.user_id.clone(),
        model_version_id: row.model_version_id.clone(),
        status: Some(status(StatusCode(row.status), describe(StatusCode(row.status)))),
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at)),
        trusted: row.trusted,
        input_level: row.input_level,
        task_id: row.task_id.clone(),
        annotation_info: object(row.annotation_info.clone()),
        consensus_info: object(row.consensus_info.clone()),
        worker: Some(Box::new(Worker { user, model, ..Worker::default() })),
        ..Annotation::default()
    })
}

/// One annotation's worth of what is sent.
#[derive(Default)]
pub(crate) struct Part {
    /// The id that its region was sent with.
    pub region_id: String,
    /// `None` for what speaks of the whole input.
    pub info: Option<RegionInfo>,
    pub concepts: Vec<Concept>,
    /// All else. What a region holds beside concepts and metadata stands in its one region.
    pub rest: Data,
}

/// What an annotation that is sent holds, taken apart: one for each region, or one for the whole input.
pub(crate) fn take_apart(mut data: Data) -> Vec<Part> {
    let regions = std::mem::take(&mut data.regions);
    let concepts = std::mem::take(&mut data.concepts);
    if regions.is_empty() {
        return vec![Part { concepts, rest: data, ..Part::default() }];
    }
    let mut out = Vec::new();
    let shared = data.metadata.take();
    // What is said of the whole beside regions is an annotation of its own.
    if !concepts.is_empty() || (data != Data::default() && regions.len() > 1) {
        out.push(Part { concepts, rest: std::mem::take(&mut data), ..Part::default() });
    }
    for mut region in regions {
        let mut inner = region.data.take().map(|d| *d).unwrap_or_default();
        let mut rest = std::mem::take(&mut data);
        rest.metadata = inner.metadata.take().or_else(|| shared.clone());
        rest.embeddings.append(&mut inner.embeddings);
        let concepts = std::mem::take(&mut inner.concepts);
        let (region_id, info) = (std::mem::take(&mut region.id), region.region_info.take());
        // 1 is what a region has where nothing is said.
        if (region.value - 1.0).abs() < f32::EPSILON {
            region.value = 0.0;
        }
        region.data = (inner != Data::default()).then(|| Box::new(inner));
        if region != Region::default() {
            rest.regions.push(region);
        }
        out.push(Part { region_id, info: Some(info.unwrap_or_default()), concepts, rest });
    }
    out
}

/// Fills a row's geometry and data from what was sent. Exact pixels in `labelscope` are taken over where their hash says
/// that they belong to this geometry.
pub(crate) fn fill(row: &mut AnnotationRow, info: Option<RegionInfo>, mut rest: Data) -> Result<(), Fault> {
    let own = rest.metadata.as_mut().and_then(|m| m.remove("labelscope"));
    if rest.metadata.as_ref().is_some_and(serde_json::Map::is_empty) {
        rest.metadata = None;
    }
    if info.is_none() {
        rest.regions.clear();
    }
    row.rest = if rest == Data::default() { None } else { Some(serde_json::to_string(&rest)?) };
    row.exact = false;
    (row.bbox, row.area, row.crowd, row.segmentation) = (None, None, false, None);
    (row.info, row.bounds, row.shape) = (None, None, geo::NONE);
    let Some(info) = info else { return Ok(()) };
    row.bounds = geo::bounds_of_api(&info);
    check_bounds(row.bounds)?;
    row.shape = match &info {
        RegionInfo { polygon: Some(_), .. } => geo::POLYGON,
        RegionInfo { mask: Some(_), .. } => geo::MASK,
        RegionInfo { bounding_box: Some(_), .. } => geo::BOX,
        _ => geo::OTHER,
    };
    if let Some(Value::Object(own)) = own {
        take_exact(row, &info, &own);
    }
    // A plain box is all in the columns.
    let plain = RegionInfo { bounding_box: info.bounding_box.clone(), ..RegionInfo::default() };
    if plain != info {
        row.info = Some(serde_json::to_string(&info)?);
    }
    Ok(())
}

fn take_exact(row: &mut AnnotationRow, info: &RegionInfo, own: &Struct) {
    row.origin_id = own.get("id").and_then(Value::as_i64).or(row.origin_id);
    if own.get("hash").and_then(Value::as_str) != Some(geo::api_hash(info).as_str()) {
        return;
    }
    let numbers = |v: &Value| -> Option<[f64; 4]> {
        let list: Vec<f64> = v.as_array()?.iter().filter_map(Value::as_f64).collect();
        list.try_into().ok()
    };
    let segmentation = own.get("segmentation").and_then(|s| serde_json::from_value::<Segmentation>(s.clone()).ok());
    row.bbox = own.get("bbox").and_then(numbers);
    row.area = own.get("area").and_then(Value::as_f64);
    row.crowd = own.get("iscrowd").and_then(Value::as_i64) == Some(1);
    row.segmentation = segmentation.and_then(|s| serde_json::to_string(&s).ok());
    row.exact = row.bbox.is_some() || row.segmentation.is_some();
}

fn check_bounds(bounds: Option<RelativeBox>) -> Result<(), Fault> {
    let Some(b) = bounds else { return Ok(()) };
    let sound = |v: f32| v.is_finite() && (-0.001..=1.001).contains(&v);
    if ![b.top, b.left, b.bottom, b.right].into_iter().all(sound) {
        return Err(Fault::refused(
            StatusCode::ANNOTATION_INVALID_ARGUMENT,
            format!(
                "a region reaches from {}, {} to {}, {}; rows and columns are fractions from 0 to 1",
                b.top, b.left, b.bottom, b.right
            ),
        ));
    }
    if b.top > b.bottom || b.left > b.right {
        return Err(Fault::refused(
            StatusCode::ANNOTATION_INVALID_ARGUMENT,
            "a bounding box has its top below its bottom or its left beyond its right",
        ));
    }
    Ok(())
}

/// The concepts of a sent annotation as keys and values; new ones are made.
pub(crate) fn resolve(tx: &Tx<'_>, app: &App, concepts: &[Concept]) -> Result<Vec<(i64, f64)>, Fault> {
    concepts.iter().map(|c| Ok((concept::find_or_insert(tx, app, c)?, f64::from(c.value.0)))).collect()
}
