//! Models and their versions: what was said of them when they were registered.

use crate::fault::{Fault, describe};
use crate::store::evaluation;
use crate::tx::{App, Tx, check_id};
use labelscope_api::messages::{Gettable, Model, ModelVersion, Status, StatusCode, Visibility};
use labelscope_api::wire::Timestamp;
use rusqlite::Row;

pub(crate) struct ModelRow {
    pub rev: i64,
    pub app: i64,
    pub key: i64,
    pub id: String,
    pub name: String,
    pub model_type_id: String,
    /// The rest of [`Model`] as sent.
    pub body: Model,
    pub created_at: i64,
    pub modified_at: i64,
}

/// For `FROM model m`.
pub(crate) const COLUMNS: &str =
    "m.rev, m.app, m.key, m.id, m.name, m.model_type_id, m.body, m.created_at, m.modified_at";

fn json<T: serde::de::DeserializeOwned>(r: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    serde_json::from_str(&r.get::<_, String>(at)?)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(e)))
}

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<ModelRow> {
    Ok(ModelRow {
        rev: r.get(0)?,
        app: r.get(1)?,
        key: r.get(2)?,
        id: r.get(3)?,
        name: r.get(4)?,
        model_type_id: r.get(5)?,
        body: json(r, 6)?,
        created_at: r.get(7)?,
        modified_at: r.get(8)?,
    })
}

fn unknown(what: &str, id: &str) -> Fault {
    Fault::refused(StatusCode::MODEL_DOES_NOT_EXIST, format!("{what} \"{id}\" does not exist"))
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<ModelRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM model m WHERE m.app = ?1 AND m.id = ?2 AND m.died IS NULL");
    tx.one(&sql, (app.key, id), row)
}

pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<ModelRow, Fault> {
    find(tx, app, id)?.ok_or_else(|| unknown("model", id))
}

/// Adds a row: a new model with `key` 0, else the next revision of that one. Gives the key.
pub(crate) fn insert(tx: &Tx<'_>, app: &App, row: &ModelRow) -> Result<i64, Fault> {
    let seq = tx.seq(app)?;
    if row.key != 0 {
        tx.exec("UPDATE model SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    }
    tx.exec(
        "INSERT INTO model (app, key, id, name, model_type_id, body, created_at, modified_at, born)
         VALUES (?1, CASE WHEN ?2 = 0 THEN (SELECT coalesce(max(rev), 0) + 1 FROM model) ELSE ?2 END, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            app.key, row.key, &row.id, &row.name, &row.model_type_id, serde_json::to_string(&row.body)?,
            if row.key == 0 { tx.now } else { row.created_at }, tx.now, seq,
        ),
    )?;
    Ok(if row.key == 0 { tx.conn.last_insert_rowid() } else { row.key })
}

/// Takes out of a sent model what the columns hold and what only the server says.
pub(crate) fn strip(sent: Model) -> Model {
    Model {
        id: String::new(),
        name: String::new(),
        model_type_id: String::new(),
        user_id: String::new(),
        app_id: String::new(),
        created_at: None,
        modified_at: None,
        model_version: None,
        version_count: 0,
        is_starred: false,
        star_count: 0,
        ..sent
    }
}

/// The message of a model, with the version to show.
pub(crate) fn message(tx: &Tx<'_>, app: &App, row: ModelRow, shown: Option<VersionRow>) -> Result<Model, Fault> {
    let versions = tx.count("SELECT count(*) FROM model_version WHERE model = ?1 AND died IS NULL", [row.key])?;
    let private = Some(Visibility { gettable: Gettable::PRIVATE });
    Ok(Model {
        id: row.id,
        name: row.name,
        model_type_id: row.model_type_id,
        app_id: app.id.clone(),
        user_id: app.user_id.clone(),
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at)),
        model_version: shown.map(|v| Box::new(version_message(app, v))),
        version_count: versions as i32,
        visibility: row.body.visibility.clone().or(private),
        ..row.body
    })
}

pub(crate) struct VersionRow {
    pub rev: i64,
    pub model: i64,
    pub key: i64,
    pub id: String,
    /// The rest of [`ModelVersion`] as sent.
    pub body: ModelVersion,
    pub created_at: i64,
    pub modified_at: i64,
}

/// For `FROM model_version v`.
pub(crate) const VERSION_COLUMNS: &str = "v.rev, v.model, v.key, v.id, v.body, v.created_at, v.modified_at";

pub(crate) fn version_row(r: &Row<'_>) -> rusqlite::Result<VersionRow> {
    Ok(VersionRow {
        rev: r.get(0)?,
        model: r.get(1)?,
        key: r.get(2)?,
        id: r.get(3)?,
        body: json(r, 4)?,
        created_at: r.get(5)?,
        modified_at: r.get(6)?,
    })
}

pub(crate) fn find_version(tx: &Tx<'_>, model: i64, id: &str) -> Result<Option<VersionRow>, Fault> {
    let sql =
        format!("SELECT {VERSION_COLUMNS} FROM model_version v WHERE v.model = ?1 AND v.id = ?2 AND v.died IS NULL");
    tx.one(&sql, (model, id), version_row)
}

pub(crate) fn need_version(tx: &Tx<'_>, model: &ModelRow, id: &str) -> Result<VersionRow, Fault> {
    find_version(tx, model.key, id)?
        .ok_or_else(|| unknown(&format!("model \"{}\" is there, but its version", model.id), id))
}

/// The model that has a version of this id.
pub(crate) fn of_version(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<ModelRow>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM model_version v JOIN model m ON m.key = v.model AND m.died IS NULL
         WHERE v.app = ?1 AND v.id = ?2 AND v.died IS NULL LIMIT 1"
    );
    tx.one(&sql, (app.key, id), row)
}

/// Predictions are known by the id of their version alone: of two models with the same one nobody could tell whose they are.
pub(crate) fn check_version_id(tx: &Tx<'_>, app: &App, model_id: &str, id: &str) -> Result<(), Fault> {
    match of_version(tx, app, id)? {
        Some(other) if other.id != model_id => Err(Fault::refused(
            StatusCode::MODEL_INVALID_ARGUMENT,
            format!(
                "version id \"{id}\" is taken by model \"{}\" (duplicate id); predictions are known by the id of their version, so choose another",
                other.id
            ),
        )),
        _ => Ok(()),
    }
}

/// The version that was registered last.
pub(crate) fn latest(tx: &Tx<'_>, model: i64) -> Result<Option<VersionRow>, Fault> {
    let sql = format!(
        "SELECT {VERSION_COLUMNS} FROM model_version v WHERE v.model = ?1 AND v.died IS NULL ORDER BY v.key DESC LIMIT 1"
    );
    tx.one(&sql, [model], version_row)
}

/// Adds a row: a new version with `key` 0, else the next revision of that one.
pub(crate) fn insert_version(tx: &Tx<'_>, app: &App, row: &VersionRow) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    if row.key != 0 {
        tx.exec("UPDATE model_version SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    }
    tx.exec(
        "INSERT INTO model_version (app, model, key, id, body, created_at, modified_at, born)
         VALUES (?1, ?2, CASE WHEN ?3 = 0 THEN (SELECT coalesce(max(rev), 0) + 1 FROM model_version) ELSE ?3 END, ?4, ?5, ?6, ?7, ?8)",
        (
            app.key, row.model, row.key, &row.id, serde_json::to_string(&row.body)?,
            if row.key == 0 { tx.now } else { row.created_at }, tx.now, seq,
        ),
    )?;
    Ok(())
}

/// Registers a version. It was trained elsewhere, unless its status says otherwise.
pub(crate) fn register(tx: &Tx<'_>, app: &App, model: &ModelRow, sent: ModelVersion, place: &str) -> Result<(), Fault> {
    let id = if sent.id.is_empty() { tx.new_id() } else { sent.id.clone() };
    check_id("model version", &id, StatusCode::MODEL_INVALID_ARGUMENT)?;
    if find_version(tx, model.key, &id)?.is_some() {
        return Err(Fault::refused(
            StatusCode::MODEL_INVALID_ARGUMENT,
            format!("{place}: model \"{}\" has a version \"{id}\" already (duplicate id)", model.id),
        ));
    }
    check_version_id(tx, app, &model.id, &id)?;
    let row =
        VersionRow { rev: 0, model: model.key, key: 0, id, body: strip_version(sent), created_at: 0, modified_at: 0 };
    insert_version(tx, app, &row)
}

/// Takes out of a sent version what the columns hold.
pub(crate) fn strip_version(sent: ModelVersion) -> ModelVersion {
    ModelVersion {
        id: String::new(),
        user_id: String::new(),
        app_id: String::new(),
        created_at: None,
        modified_at: None,
        ..sent
    }
}

pub(crate) fn version_message(app: &App, row: VersionRow) -> ModelVersion {
    let code = row.body.status.as_ref().map(|s| s.code).filter(|c| *c != StatusCode::ZERO);
    let code = code.unwrap_or(StatusCode::MODEL_TRAINED);
    let sent = row.body.status.clone().unwrap_or_default();
    let description = if sent.description.is_empty() { describe(code).to_owned() } else { sent.description.clone() };
    let private = Some(Visibility { gettable: Gettable::PRIVATE });
    ModelVersion {
        id: row.id,
        app_id: app.id.clone(),
        user_id: app.user_id.clone(),
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at)),
        status: Some(Status { code, description, ..sent }),
        visibility: row.body.visibility.clone().or(private),
        ..row.body
    }
}

/// Ends a version, and forgets what was measured of it. Its predictions stay: they are annotations.
pub(crate) fn delete_version(tx: &Tx<'_>, app: &App, model: &ModelRow, row: &VersionRow) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    tx.exec("UPDATE model_version SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    let measured: Vec<i64> = tx.all(
        "SELECT key FROM evaluation WHERE app = ?1 AND model_id = ?2 AND model_version_id = ?3",
        (app.key, &model.id, &row.id),
        |r| r.get(0),
    )?;
    for key in measured {
        evaluation::forget(tx, key)?;
    }
    Ok(())
}

/// Ends a model with its versions.
pub(crate) fn delete(tx: &Tx<'_>, app: &App, row: &ModelRow) -> Result<(), Fault> {
    let sql = format!("SELECT {VERSION_COLUMNS} FROM model_version v WHERE v.model = ?1 AND v.died IS NULL");
    for version in tx.all(&sql, [row.key], version_row)? {
        delete_version(tx, app, row, &version)?;
    }
    let seq = tx.seq(app)?;
    tx.exec("UPDATE model SET died = ?2 WHERE rev = ?1", (row.rev, seq))?;
    Ok(())
}
