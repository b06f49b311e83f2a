//! Apps, and all that goes when one goes.

use super::object;
use crate::fault::Fault;
use crate::tx::{App as Scope, Tx};
use labelscope_api::extensions::JobState;
use labelscope_api::messages::{App, AppResourceCounts, Gettable, Visibility};
use labelscope_api::wire::{Int64, Timestamp};
use rusqlite::Row;

pub(crate) struct AppRow {
    pub key: i64,
    pub user_id: String,
    pub id: String,
    pub name: String,
    pub description: String,
    pub metadata: Option<String>,
    /// The rest of [`App`] as sent.
    pub body: App,
    pub created_at: i64,
    pub modified_at: i64,
}

pub(crate) const COLUMNS: &str = "key, user_id, id, name, description, metadata, body, created_at, modified_at";

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<AppRow> {
    Ok(AppRow {
        key: r.get(0)?,
        user_id: r.get(1)?,
        id: r.get(2)?,
        name: r.get(3)?,
        description: r.get(4)?,
        metadata: r.get(5)?,
        body: serde_json::from_str(&r.get::<_, String>(6)?).unwrap_or_default(),
        created_at: r.get(7)?,
        modified_at: r.get(8)?,
    })
}

pub(crate) fn by_key(tx: &Tx<'_>, key: i64) -> Result<Option<AppRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM app WHERE key = ?1"), [key], row)
}

/// Takes out of a sent app what the columns hold and what only the server says.
pub(crate) fn strip(sent: App) -> App {
    App {
        id: String::new(),
        name: String::new(),
        description: String::new(),
        metadata: None,
        user_id: String::new(),
        created_at: None,
        modified_at: None,
        extra_info: None,
        is_starred: false,
        star_count: 0,
        ..sent
    }
}

pub(crate) fn insert(tx: &Tx<'_>, row: &AppRow) -> Result<i64, Fault> {
    tx.exec(
        "INSERT INTO app (user_id, id, name, description, metadata, body, created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        (
            &row.user_id, &row.id, &row.name, &row.description, &row.metadata, serde_json::to_string(&row.body)?, tx.now,
        ),
    )?;
    Ok(tx.conn.last_insert_rowid())
}

pub(crate) fn update(tx: &Tx<'_>, row: &AppRow) -> Result<(), Fault> {
    tx.exec(
        "UPDATE app SET name = ?2, description = ?3, metadata = ?4, body = ?5, modified_at = ?6 WHERE key = ?1",
        (row.key, &row.name, &row.description, &row.metadata, serde_json::to_string(&row.body)?, tx.now),
    )?;
    Ok(())
}

pub(crate) fn message(row: AppRow) -> App {
    let mut app = App {
        id: row.id,
        user_id: row.user_id,
        name: row.name,
        description: row.description,
        metadata: object(row.metadata),
        created_at: Some(Timestamp(row.created_at)),
        modified_at: Some(Timestamp(row.modified_at)),
        ..row.body
    };
    if app.default_language.is_empty() {
        "en".clone_into(&mut app.default_language);
    }
    app.visibility.get_or_insert(Visibility { gettable: Gettable::PRIVATE });
    app
}

/// How much an app holds. There are no workflows and pipelines here.
pub(crate) fn counts(tx: &Tx<'_>, app: i64) -> Result<AppResourceCounts, Fault> {
    let counter =
        |name: &str| tx.count("SELECT value FROM counter WHERE app = ?1 AND name = ?2", (app, name)).map(Int64);
    Ok(AppResourceCounts {
        datasets: counter("datasets")?,
        inputs: counter("inputs")?,
        models: Int64(tx.count("SELECT count(*) FROM model WHERE app = ?1 AND died IS NULL", [app])?),
        ..AppResourceCounts::default()
    })
}

/// Rows that belong to an app by way of another row, in the order in which they must go.
const BEHIND: &[&str] = &[
    "DELETE FROM evaluation_part WHERE evaluation IN (SELECT key FROM evaluation WHERE app = ?1)",
    "DELETE FROM evaluation_set WHERE evaluation IN (SELECT key FROM evaluation WHERE app = ?1)",
    "DELETE FROM embedding WHERE annotation IN (SELECT rev FROM annotation WHERE app = ?1)",
    "DELETE FROM tag WHERE concept IN (SELECT key FROM concept WHERE app = ?1)",
    "DELETE FROM label WHERE annotation IN (SELECT rev FROM annotation WHERE app = ?1)",
    "DELETE FROM member WHERE dataset IN (SELECT key FROM dataset WHERE app = ?1)",
    "DELETE FROM star WHERE dataset IN (SELECT key FROM dataset WHERE app = ?1)",
    "DELETE FROM version_group WHERE version IN (SELECT v.key FROM dataset_version v JOIN dataset d ON d.key = v.dataset WHERE d.app = ?1)",
    "INSERT OR IGNORE INTO doomed_blob SELECT sha256 FROM export WHERE sha256 <> '' AND version IN (SELECT v.key FROM dataset_version v JOIN dataset d ON d.key = v.dataset WHERE d.app = ?1)",
    "DELETE FROM export WHERE version IN (SELECT v.key FROM dataset_version v JOIN dataset d ON d.key = v.dataset WHERE d.app = ?1)",
    "DELETE FROM dataset_version WHERE dataset IN (SELECT key FROM dataset WHERE app = ?1)",
    "DELETE FROM bulk_target WHERE operation IN (SELECT key FROM bulk_operation WHERE app = ?1)",
    "DELETE FROM duplication WHERE destination = ?1",
    // A copy that is under way sees it, and ends.
    "UPDATE duplication SET source = 0 WHERE source = ?1",
    "INSERT OR IGNORE INTO doomed_blob SELECT sha256 FROM input WHERE app = ?1 AND sha256 IS NOT NULL",
    "DELETE FROM import_file WHERE job IN (SELECT id FROM job WHERE app = ?1)",
    "INSERT OR IGNORE INTO doomed_upload SELECT key FROM upload WHERE app = ?1",
    "INSERT OR IGNORE INTO doomed_blob SELECT sha256 FROM upload WHERE app = ?1 AND sha256 <> ''",
    "DELETE FROM upload_part WHERE upload IN (SELECT key FROM upload WHERE app = ?1)",
    "DELETE FROM add_job_input WHERE job IN (SELECT key FROM add_job WHERE app = ?1)",
];

/// Deletes an app with all that it holds, its past included, and the files that only it has.
pub(crate) fn delete(tx: &Tx<'_>, app: &Scope) -> Result<(), Fault> {
    // The revision of the deletion stays, so that no number is ever given twice.
    let seq = tx.seq(app)?;
    let jobs: Vec<(String, JobState)> =
        tx.all("SELECT id, state FROM job WHERE app = ?1", [app.key], |r| Ok((r.get(0)?, JobState(r.get(1)?))))?;
    super::extraction::forget_all(tx, app.key)?;
    for sql in BEHIND {
        tx.exec(sql, [app.key])?;
    }
    // Every table with a column `app`; the rest has gone above.
    let owned: Vec<String> = tx.all(
        "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'app' WHERE m.type = 'table' AND m.name <> 'revision'",
        [],
        |r| r.get(0),
    )?;
    for table in owned {
        tx.exec(&format!("DELETE FROM \"{table}\" WHERE app = ?1"), [app.key])?;
    }
    tx.exec(
        "DELETE FROM media WHERE sha256 IN (SELECT sha256 FROM doomed_blob) AND sha256 NOT IN (SELECT sha256 FROM input WHERE sha256 IS NOT NULL)",
        [],
    )?;
    tx.exec("DELETE FROM revision WHERE app = ?1 AND seq <> ?2", (app.key, seq))?;
    tx.exec("DELETE FROM app WHERE key = ?1", [app.key])?;
    if let Ok(mut caches) = tx.shared.caches.lock() {
        *caches = super::counts::Caches::default();
    }
    for (id, state) in jobs {
        match state {
            // It finds its row gone at its next step, and clears away what it was to read.
            JobState::RUNNING => {
                if let Ok(mut cancels) = tx.shared.cancels.lock() {
                    cancels.insert(id);
                }
            }
            JobState::WAITING | JobState::QUEUED => drop(std::fs::remove_dir_all(tx.shared.import_folder(&id))),
            _ => {}
        }
    }
    Ok(())
}
