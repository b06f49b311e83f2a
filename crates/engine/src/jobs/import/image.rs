//! One image of the file, as an input with its annotations.

use super::Category;
use crate::fault::Fault;
use crate::jobs::Halt;
use crate::jobs::row::JobRow;
use crate::jobs::stage::refused;
use crate::store::annotation::{self, AnnotationRow};
use crate::store::dataset::{self, DatasetRow};
use crate::store::input::{self, InputRow};
use crate::store::{geometry, short_hash};
use crate::tx::{App, Tx};
use labelscope_api::messages::StatusCode;
use labelscope_formats::coco::Segmentation;
use rusqlite::Connection;
use std::collections::HashMap;

/// An image of the file.
pub(super) struct Staged {
    pub id: i64,
    pub index: i64,
    pub file_name: String,
    pub width: i64,
    pub height: i64,
    pub extra: Option<String>,
    pub sha256: Option<String>,
}

/// Writes an image with its annotations, as far as they are new or other than what is here.
pub(super) fn write(
    tx: &Tx<'_>,
    app: &App,
    job: &mut JobRow,
    stage: &Connection,
    dataset: &DatasetRow,
    categories: &HashMap<i64, Category>,
    image: &Staged,
) -> Result<(), Halt> {
    let extra = image.extra.as_deref().unwrap_or("");
    let hash = short_hash(&[
        image.file_name.as_bytes(),
        &image.width.to_le_bytes(),
        &image.height.to_le_bytes(),
        &image.id.to_le_bytes(),
        extra.as_bytes(),
    ]);
    let id = format!("{}-{}", dataset.id, image.id);
    let own = input::find(tx, app, &id)?;
    let same = match &own {
        Some(_) => None,
        None => tx.one(
            &format!(
                "SELECT {} FROM input i INDEXED BY input_hash WHERE i.app = ?1 AND i.hash = ?2 AND i.died IS NULL LIMIT 1",
                input::COLUMNS
            ),
            (app.key, hash),
            input::row,
        )?,
    };
    if let Some(sha) = &image.sha256 {
        note_media(tx, job, sha)?;
    }
    let fresh = InputRow {
        id,
        kind: input::IMAGE,
        width: image.width,
        height: image.height,
        sha256: image.sha256.clone(),
        file_name: Some(image.file_name.clone()),
        origin_id: Some(image.id),
        origin: image.extra.clone(),
        hash: Some(hash),
        ..InputRow::default()
    };
    let (key, input_id, is_new) = match own.or(same) {
        None => {
            let key = input::insert(tx, app, &fresh)?;
            job.result.inputs_added.0 += 1;
            (key, fresh.id, true)
        }
        Some(old) => {
            // A picture that is here stays when the file comes without it.
            let gained = fresh.sha256.is_some() && old.sha256 != fresh.sha256;
            if old.hash != Some(hash) || gained {
                let next = InputRow {
                    key: old.key,
                    id: old.id.clone(),
                    sha256: fresh.sha256.or(old.sha256),
                    url: old.url,
                    metadata: old.metadata,
                    longitude: old.longitude,
                    latitude: old.latitude,
                    created_at: old.created_at,
                    ..fresh
                };
                input::insert(tx, app, &next)?;
                job.result.inputs_changed.0 += 1;
            } else {
                job.result.inputs_unchanged.0 += 1;
            }
            (old.key, old.id, false)
        }
    };
    let joined = dataset::join(tx, app, dataset.key, key)?;
    if joined && !is_new {
        job.result.inputs_joined.0 += 1;
    }
    let have = if is_new { HashMap::new() } else { imported(tx, key)? };
    let sql =
        "SELECT idx, id, category, x, y, w, h, area, crowd, seg, extra FROM annotation WHERE image = ?1 ORDER BY idx";
    let mut statement = stage.prepare_cached(sql)?;
    let mut rows = statement.query([image.id])?;
    while let Some(r) = rows.next()? {
        let category = categories.get(&r.get::<_, i64>(2)?);
        let category = category.ok_or_else(|| refused("", "the staged categories are gone", ""))?;
        let mut row = object(r, image, category)?;
        row.input = key;
        row.id = match row.origin_id {
            Some(id) => format!("{input_id}-a{id}"),
            None => format!("{input_id}-n{}", r.get::<_, i64>(0)?),
        };
        match have.get(&row.id) {
            None => {
                row.user_id.clone_from(&app.user_id);
                annotation::insert(tx, app, &row, &[(category.concept, 1.0)])?;
                job.result.annotations_added.0 += 1;
            }
            Some(old) if old.hash == row.hash => job.result.annotations_unchanged.0 += 1,
            Some(old) => {
                let next = AnnotationRow {
                    rev: old.rev,
                    key: old.key,
                    user_id: old.user_id.clone(),
                    created_at: old.created_at,
                    rest: old.rest.clone(),
                    ..row
                };
                annotation::insert(tx, app, &next, &[(category.concept, 1.0)])?;
                job.result.annotations_changed.0 += 1;
            }
        }
    }
    Ok(())
}

/// What lives on an input, by id.
fn imported(tx: &Tx<'_>, input: i64) -> Result<HashMap<String, AnnotationRow>, Fault> {
    let sql = format!("SELECT {} FROM annotation a WHERE a.input = ?1 AND a.died IS NULL", annotation::COLUMNS);
    Ok(tx.all(&sql, [input], annotation::row)?.into_iter().map(|row| (row.id.clone(), row)).collect())
}

/// A staged annotation as a row.
fn object(r: &rusqlite::Row<'_>, image: &Staged, category: &Category) -> Result<AnnotationRow, Halt> {
    let bbox = match r.get::<_, Option<f64>>(3)? {
        None => None,
        Some(x) => Some([x, r.get(4)?, r.get(5)?, r.get(6)?]),
    };
    let area: Option<f64> = r.get(7)?;
    let crowd: bool = r.get(8)?;
    let (segmentation, extra): (Option<String>, Option<String>) = (r.get(9)?, r.get(10)?);
    let parsed: Option<Segmentation> = segmentation.as_deref().map(serde_json::from_str).transpose()?;
    let (shape, bounds) = geometry::of_pixels(image.width, image.height, bbox, parsed.as_ref());
    let mut bits = Vec::with_capacity(48);
    bbox.iter().flatten().chain(area.iter()).for_each(|v| bits.extend_from_slice(&v.to_bits().to_le_bytes()));
    bits.extend_from_slice(&[u8::from(crowd), u8::from(bbox.is_some()), u8::from(area.is_some())]);
    let hash = short_hash(&[
        category.name.as_bytes(),
        &bits,
        segmentation.as_deref().unwrap_or("").as_bytes(),
        extra.as_deref().unwrap_or("").as_bytes(),
    ]);
    Ok(AnnotationRow {
        trusted: true,
        input_level: shape == geometry::NONE,
        shape,
        bounds,
        exact: true,
        bbox,
        area,
        crowd,
        segmentation,
        origin_id: r.get(1)?,
        origin: extra,
        status: StatusCode::ANNOTATION_SUCCESS.0,
        hash: Some(hash),
        ..AnnotationRow::default()
    })
}

/// Notes a picture among the media, once.
fn note_media(tx: &Tx<'_>, job: &mut JobRow, sha: &str) -> Result<(), Halt> {
    if crate::store::media::find(tx, sha)?.is_none() {
        let bytes = tx.blobs().path(sha).and_then(|p| p.metadata().ok()).map_or(0, |m| m.len());
        crate::store::media::describe(tx, sha, bytes)?;
        job.result.media_added.0 += 1;
    }
    Ok(())
}
