//! Inputs.

use super::media::{Facts, Media};
use super::{add_job, annotation, object, short_hash};
use crate::fault::{Fault, describe, status};
use crate::tx::{App, Tx};
use labelscope_api::extensions::MEDIA_PATH;
use labelscope_api::messages::{
    Audio, Data, Geo, GeoPoint, HostedUrl, Image, ImageInfo, Input, Status, StatusCode, Text, TextInfo, Video,
};
use labelscope_api::wire::Timestamp;
use rusqlite::Row;

pub(crate) const IMAGE: i64 = 1;
pub(crate) const TEXT: i64 = 2;
pub(crate) const VIDEO: i64 = 3;
pub(crate) const AUDIO: i64 = 4;

#[derive(Default, Clone)]
pub(crate) struct InputRow {
    pub rev: i64,
    pub key: i64,
    pub id: String,
    pub kind: i64,
    pub width: i64,
    pub height: i64,
    pub sha256: Option<String>,
    pub url: String,
    pub raw: Option<String>,
    pub metadata: Option<String>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub file_name: Option<String>,
    pub origin_id: Option<i64>,
    pub origin: Option<String>,
    pub hash: Option<i64>,
    pub created_at: i64,
    pub modified_at: i64,
    /// How its file fares; 0 in a new row means that all is well.
    pub status: i32,
    pub status_details: String,
    /// A [`Facts`] as JSON.
    pub info: Option<String>,
}

impl InputRow {
    /// Is its file still to come?
    pub fn waits(&self) -> bool {
        [StatusCode::INPUT_PENDING.0, StatusCode::INPUT_IN_PROGRESS.0].contains(&self.status)
    }

    /// The address under which its file is shown: ours where it is here.
    pub fn shown_url(&self, base_url: &str) -> String {
        match &self.sha256 {
            Some(sha) => format!("{base_url}{MEDIA_PATH}/orig/{sha}"),
            None => self.url.clone(),
        }
    }

    /// Takes on a media file.
    pub fn hold(&mut self, blobs: &crate::Blobs, media: Media) -> Result<(), Fault> {
        self.info = media.info(blobs)?;
        (self.width, self.height, self.sha256) = (media.width, media.height, Some(media.sha256));
        Ok(())
    }
}

/// So many are the [`COLUMNS`].
pub(crate) const WIDTH: usize = 21;

/// For `FROM input i`.
pub(crate) const COLUMNS: &str = "i.rev, i.key, i.id, i.kind, i.width, i.height, i.sha256, i.url, i.raw, i.metadata, i.longitude, i.latitude, i.file_name, i.origin_id, i.origin, i.hash, i.created_at, i.modified_at, i.status, i.status_details, i.info";

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<InputRow> {
    Ok(InputRow {
        rev: r.get(0)?,
        key: r.get(1)?,
        id: r.get(2)?,
        kind: r.get(3)?,
        width: r.get(4)?,
        height: r.get(5)?,
        sha256: r.get(6)?,
        url: r.get(7)?,
        raw: r.get(8)?,
        metadata: r.get(9)?,
        longitude: r.get(10)?,
        latitude: r.get(11)?,
        file_name: r.get(12)?,
        origin_id: r.get(13)?,
        origin: r.get(14)?,
        hash: r.get(15)?,
        created_at: r.get(16)?,
        modified_at: r.get(17)?,
        status: r.get(18)?,
        status_details: r.get(19)?,
        info: r.get(20)?,
    })
}

/// The name under which a raw text can be fetched: of one revision, and not to be guessed.
pub(crate) fn text_name(rev: i64, raw: &str) -> String {
    format!("text-{rev}-{:016x}", short_hash(&[raw.as_bytes()]))
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<InputRow>, Fault> {
    tx.one(
        &format!("SELECT {COLUMNS} FROM input i WHERE i.app = ?1 AND i.id = ?2 AND i.died IS NULL"),
        (app.key, id),
        row,
    )
}

pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<InputRow, Fault> {
    find(tx, app, id)?.ok_or_else(|| Fault::not_found("input", id))
}

/// Adds a row. With `key` 0 it is a new input, else the next revision of that one. Gives the key.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, row: &InputRow) -> Result<i64, Fault> {
    let seq = tx.seq(app)?;
    if row.key != 0 {
        tx.exec("UPDATE input SET died = ?2 WHERE key = ?1 AND died IS NULL", (row.key, seq))?;
    }
    let mut statement = tx.conn.prepare_cached(
        "INSERT INTO input (app, key, id, kind, width, height, sha256, url, raw, metadata, longitude, latitude, file_name, origin_id, origin, hash, created_at, modified_at, born, status, status_details, info)
         VALUES (?1, CASE WHEN ?2 = 0 THEN (SELECT coalesce(max(rev), 0) + 1 FROM input) ELSE ?2 END, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    )?;
    statement.execute(rusqlite::params![
        app.key,
        row.key,
        row.id,
        row.kind,
        row.width,
        row.height,
        row.sha256,
        row.url,
        row.raw,
        row.metadata,
        row.longitude,
        row.latitude,
        row.file_name,
        row.origin_id,
        row.origin,
        row.hash,
        if row.key == 0 { tx.now } else { row.created_at },
        tx.now,
        seq,
        if row.status == 0 { StatusCode::INPUT_SUCCESS.0 } else { row.status },
        row.status_details,
        row.info
    ])?;
    if row.key != 0 {
        return Ok(row.key);
    }
    tx.bump(app, "inputs", 1)?;
    Ok(tx.conn.last_insert_rowid())
}

/// Ends an input, what is said about it, and its memberships.
pub(crate) fn delete(tx: &Tx<'_>, app: &App, row: &InputRow) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    tx.exec("UPDATE input SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    if row.waits() {
        add_job::moved(tx, row.key, StatusCode(row.status), StatusCode::INPUT_FAILED)?;
    }
    tx.exec("UPDATE annotation SET died = ?2 WHERE input = ?1 AND died IS NULL", (row.key, seq))?;
    tx.exec("UPDATE member SET died = ?2 WHERE input = ?1 AND died IS NULL", (row.key, seq))?;
    tx.bump(app, "inputs", -1)
}

/// Notes how the file of an input that waits for it fares, in all its revisions: a state is no revision of its own.
pub(crate) fn settle(tx: &Tx<'_>, key: i64, code: StatusCode, details: &str) -> Result<(), Fault> {
    let sql = "SELECT status FROM input WHERE key = ?1 AND died IS NULL AND status IN (30001, 30003)";
    let from = tx.one(sql, [key], |r| r.get(0))?;
    tx.exec(
        "UPDATE input SET status = ?2, status_details = ?3 WHERE key = ?1 AND status IN (30001, 30003)",
        (key, code.0, details),
    )?;
    // One that was deleted meanwhile has been counted then.
    match from {
        Some(from) => add_job::moved(tx, key, StatusCode(from), code),
        None => Ok(()),
    }
}

/// The message of an input with its own labels, as it lives now.
pub(crate) fn message(tx: &Tx<'_>, app: &App, row: InputRow) -> Result<Input, Fault> {
    let concepts = annotation::own_labels(tx, app, row.key, None)?;
    Ok(bare(tx.base_url, row, concepts))
}

/// The message of an input with these labels.
pub(crate) fn bare(base_url: &str, row: InputRow, concepts: Vec<labelscope_api::messages::Concept>) -> Input {
    let url = row.shown_url(base_url);
    let mut data = Data { concepts, metadata: object(row.metadata), ..Data::default() };
    // Where the file has a name of its own or came from somewhere, that is told beside the user's metadata.
    if row.file_name.is_some() || row.origin.is_some() {
        let mut own = serde_json::Map::new();
        if let Some(name) = row.file_name {
            own.insert("file_name".into(), name.into());
        }
        if let Some(id) = row.origin_id {
            own.insert("id".into(), id.into());
        }
        if let Some(origin) = object(row.origin) {
            own.insert("image".into(), origin.into());
        }
        data.metadata.get_or_insert_default().insert("labelscope".into(), own.into());
    }
    if let (Some(longitude), Some(latitude)) = (row.longitude, row.latitude) {
        let geo_point = Some(GeoPoint { longitude: longitude as f32, latitude: latitude as f32 });
        data.geo = Some(Geo { geo_point, ..Geo::default() });
    }
    let hosted = row.sha256.as_ref().map(|sha| HostedUrl {
        prefix: format!("{base_url}{MEDIA_PATH}"),
        suffix: sha.clone(),
        // Smaller copies are made of pictures alone.
        sizes: if row.kind == IMAGE { ["orig", "small", "medium"].as_slice() } else { &["orig"] }
            .iter()
            .map(|s| (*s).to_owned())
            .collect(),
        ..HostedUrl::default()
    });
    let facts: Facts = row.info.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    match row.kind {
        TEXT => {
            let raw = row.raw.unwrap_or_default();
            let text_info = (!raw.is_empty())
                .then(|| TextInfo { char_count: raw.chars().count() as i32, encoding: "UTF-8".to_owned() });
            data.text = Some(Text { raw, url, hosted, text_info, ..Text::default() });
        }
        VIDEO => {
            let video_info = facts.video(row.width, row.height);
            data.video = Some(Video { url, hosted, video_info, ..Video::default() });
        }
        AUDIO => data.audio = Some(Audio { url, hosted, audio_info: facts.audio(), ..Audio::default() }),
        _ => {
            let info = ImageInfo {
                width: row.width as i32,
                height: row.height as i32,
                format: facts.format,
                ..ImageInfo::default()
            };
            let image_info = (row.width > 0).then_some(info);
            data.image = Some(Image { url, hosted, image_info, ..Image::default() });
            data.text = row.raw.map(|raw| Text { raw, ..Text::default() });
        }
    }
    let code = if row.status == 0 { StatusCode::INPUT_SUCCESS } else { StatusCode(row.status) };
    let status = Status { details: row.status_details, ..status(code, describe(code)) };
    Input {
        id: row.id,
        data: Some(Box::new(data)),
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at)),
        status: Some(status),
        ..Input::default()
    }
}
